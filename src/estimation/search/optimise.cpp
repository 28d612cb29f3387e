// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/optimise.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/simulation/adjoint_runs.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "tao_callbacks.hpp"

namespace glebe {

namespace {

// The absolute tolerance is near the rounding error of the gradient: J is in units of squared
// standard deviations, and the controls are of order one.
constexpr double negligible_gradient = 1e-9;

// The method of the command line, else of the settings, else the one that suits the problem.
std::string chosen_type(const Objective& objective, const OptimizerSettings& settings,
                        const Log& log) {
  std::array<char, 64> given{};
  PetscBool found = PETSC_FALSE;
  GLEBE_PETSC(
      PetscOptionsGetString(nullptr, nullptr, "-tao_type", given.data(), given.size(), &found));
  if (found) return given.data();
  if (settings.method != OptimizerMethod::automatic)
    return name_of(settings.method, optimizer_method_names);
  const auto [type, reason] =
      !objective.separable()
          ? std::pair(TAOBNTR, "columns share controls or are coupled by a prior")
      : settings.gradient == GradientMethod::adjoint
          ? std::pair(TAOBNTR, "the adjoint gives no Gauss-Newton blocks")
          : std::pair(column_newton_type, "every column can be fitted separately");
  log.info("method: {}, because {}", type, reason);
  return type;
}

bool uses_hessian(const std::string& type) {
  return type == "bntr" || type == "bnls" || type == "bntl" || type == "bqnktr" ||
         type == "bqnkls" || type == "bqnktl";
}

// By the adjoint, the cost of gradients and of products with the Hessian does not grow with the
// number of controls. The tangent-linear model gives the gradient and the whole Hessian at once.
bool prefers_adjoint(const Objective& objective, const std::string& type,
                     const OptimizerSettings& settings) {
  if (type == column_newton_type) return false;
  if (settings.gradient == GradientMethod::automatic) {
    const Crossover crossover = adjoint_crossover(objective.problem());
    return objective.controls().per_column() >=
           (uses_hessian(type) ? crossover.products : crossover.gradient);
  }
  return settings.gradient == GradientMethod::adjoint;
}

// A method for all columns together ends in the same way for each of them.
ColumnOutcome common_outcome(const Objective& objective, bool converged, int iterations,
                             const std::vector<double>& first_costs) {
  using State = LevenbergMarquardt::State;
  ColumnOutcome outcome(objective.controls().n_column());
  for (const std::size_t c : objective.columns_with_data()) {
    outcome.state[c] = converged ? State::converged : State::stalled;
    outcome.iterations[c] = iterations;
    outcome.starts_converged[c] = outcome.distinct_minima[c] = converged;
    outcome.first_cost[c] = first_costs[c];
  }
  return outcome;
}

// Zero to one. A control that is held gets equal bounds, which TAO treats as always active.
void set_bounds(Tao tao, const Controls& controls, Vec start,
                const std::optional<std::size_t>& held) {
  const Vector lower = controls.make_vector(), upper = controls.make_vector();
  GLEBE_PETSC(VecSet(upper.handle(), 1.0));
  const std::size_t first = controls.first();
  if (held && *held >= first && *held < first + controls.n_local()) {
    const std::size_t local = *held - first;
    const double value = ReadArray(start)[local];
    WriteArray(lower.handle())[local] = value;
    WriteArray(upper.handle())[local] = value;
  }
  GLEBE_PETSC(TaoSetVariableBounds(tao, lower.handle(), upper.handle()));
}

void set_tolerances(Tao tao, const OptimizerSettings& settings,
                    const std::optional<NearMinimum>& near) {
  GLEBE_PETSC(TaoSetTolerances(tao, near ? near->gradient : negligible_gradient, 0.0,
                               settings.gradient_tolerance));
  GLEBE_PETSC(TaoSetMaximumIterations(tao, settings.max_iterations));
}

// The incomplete factors of a Hessian of blocks are exact on each rank. The shift is for blocks
// that are singular because the data determine only some combinations.
//
// Near a minimum the first trust region is that of the first Newton step. TAO's usual trial along
// the gradient would cost several runs, and its own active set (in PETSc 3.18) may count a control
// with equal bounds as free.
void add_default_options(const std::optional<Hessian>& H, bool near_minimum, bool has_trust,
                         DefaultOptions& options) {
  if (near_minimum) options.add({{"-tao_bnk_init_type", "direction"}});
  if (has_trust) options.add({{"-tao_bnk_init_type", "constant"}});
  if (H && !H->is_bordered())
    options.add({{"-tao_bnk_pc_type", "bjacobi"},
                 {"-tao_bnk_sub_pc_type", "icc"},
                 {"-tao_bnk_sub_pc_factor_shift_type", "positive_definite"}});
}

void set_inner_solver(Tao tao, const std::optional<Hessian>& H) {
  if (!H || !H->is_bordered()) return;
  KSP solver = nullptr;
  GLEBE_PETSC(TaoGetKSP(tao, &solver));
  set_bordered_preconditioner(solver);
}

// A search that is gone on with has the tolerances that it began with, and as many iterations as
// are left. Its trust region is the one that it had.
void go_on(Tao tao, const SearchRecord& kept) {
  PetscReal absolute = 0.0, of_cost = 0.0, relative = 0.0;
  GLEBE_PETSC(TaoGetTolerances(tao, &absolute, &of_cost, &relative));
  GLEBE_PETSC(
      TaoSetTolerances(tao, std::max(absolute, relative * kept.first_gradient_norm), of_cost, 0.0));
  PetscInt most = 0;
  GLEBE_PETSC(TaoGetMaximumIterations(tao, &most));
  GLEBE_PETSC(TaoSetMaximumIterations(tao, std::max<PetscInt>(0, most - kept.iteration)));
  if (kept.trust > 0.0) GLEBE_PETSC(TaoSetInitialTrustRegionRadius(tao, kept.trust));
}

// TAO's name of the reason, which is that of the tolerances as they were set where go_on() has
// changed them.
std::string reason_of(TaoConvergedReason reason, double gradient_norm, bool gone_on) {
  if (gone_on && reason == TAO_CONVERGED_GATOL && gradient_norm > negligible_gradient)
    reason = TAO_CONVERGED_GTTOL;
  return TaoConvergedReasons[reason];
}

void record(Tao tao, const TaoCallbacks& context, bool gone_on, Minimisation& result) {
  PetscInt iterations = 0;
  TaoConvergedReason reason{};
  GLEBE_PETSC(TaoGetSolutionStatus(tao, &iterations, &result.cost_final, &result.gradient_norm,
                                   nullptr, nullptr, &reason));
  result.iterations = context.before() + static_cast<int>(iterations);
  result.inner_iterations = context.record(tao).inner_iterations;
  result.seconds = context.seconds();
  result.converged = reason > 0;
  result.reason = reason_of(reason, result.gradient_norm, gone_on);
  result.cost_history = context.costs();
  if (result.cost_history.empty()) // the command line may have cancelled all monitors
    result.cost_history = {result.cost_final};
}

// The largest number of iterations: of the command line, else of the settings.
int most_iterations(const OptimizerSettings& settings) {
  PetscInt given = settings.max_iterations;
  GLEBE_PETSC(PetscOptionsGetInt(nullptr, nullptr, "-tao_max_it", &given, nullptr));
  return static_cast<int>(given);
}

// Whether a search that has ended may go on, because more iterations are allowed now.
bool may_go_on(const SearchRecord& kept, const OptimizerSettings& settings) {
  return !kept.ended() || (kept.reason == TaoConvergedReasons[TAO_DIVERGED_MAXITS] &&
                           kept.iteration < most_iterations(settings));
}

// The search of one call of minimise(), and the checkpoint that it goes on from and is kept in.
class SearchRun {
public:
  SearchRun(Objective& objective, const OptimizerSettings& settings, const Log& log,
            const MinimiseOptions& options, Minimisation& result)
      : objective_(objective), settings_(settings), log_(log), options_(options), result_(result),
        by_column_(result.method == column_newton_type),
        context_(objective, log, options.hook, by_column_) {
    if (options.checkpoint) look_for_kept();
  }

  void run(const MultiStart& starts) {
    if (kept_ && !by_column_ && !may_go_on(*kept_, settings_)) return take_result();
    choose_gradient();
    std::optional<Hessian> H;
    if (uses_hessian(result_.method))
      H.emplace(objective_.ranks(), objective_.controls(), objective_.coupling(),
                context_.uses_adjoint() ? context_.hessian_product() : nullptr);
    Optimiser tao;
    GLEBE_PETSC(TaoCreate(objective_.ranks().comm(), tao.address()));
    solve(tao.handle(), starts, H);
  }

private:
  void look_for_kept() {
    name_ = options_.checkpoint->next_search();
    const KeptPart* part = options_.checkpoint->find(name_);
    if (!part) return;
    agree_on_failure(objective_.ranks(), [&] { kept_ = record_of(*part, result_.method); });
    if (by_column_)
      searches_ = {part->of_columns, kept_->iteration};
    else
      result_.x = restored_x(part->of_columns, objective_);
    objective_.set_runs(std::llround(kept_->n_forward), std::llround(kept_->n_tangent));
    context_.go_on_from(*kept_, by_column_);
    log_.info("restart from iteration {} of the checkpoint ({})", kept_->iteration, name_);
  }

  // Of a search that had ended.
  void take_result() {
    result_.iterations = kept_->iteration;
    result_.inner_iterations = kept_->inner_iterations;
    result_.cost_final = kept_->costs.back();
    result_.gradient_norm = kept_->gradient_norm;
    result_.seconds = kept_->seconds;
    result_.converged = kept_->converged;
    result_.reason = kept_->reason;
    result_.cost_history = kept_->costs;
    set_common_outcome();
  }

  void choose_gradient() {
    if (!prefers_adjoint(objective_, result_.method, settings_)) return;
    context_.use_adjoint();
    log_.info("gradient{}: by the adjoint",
              uses_hessian(result_.method) ? " and products with the Hessian" : "");
  }

  void solve(Tao tao, const MultiStart& starts, std::optional<Hessian>& H) {
    const std::optional<NearMinimum>& near = options_.near;
    const bool goes_on = kept_ && !by_column_;
    GLEBE_PETSC(TaoSetType(tao, result_.method.c_str()));
    if (by_column_) set_columns(tao, objective_, starts, point_of_columns(tao), searches_);
    GLEBE_PETSC(TaoSetSolution(tao, result_.x.handle()));
    context_.attach(tao, H);
    if (!by_column_ && options_.checkpoint) keep_at_every_iteration(tao);
    set_bounds(tao, objective_.controls(), result_.x.handle(), near ? near->held : std::nullopt);
    set_tolerances(tao, settings_, near);
    DefaultOptions defaults;
    add_default_options(H, near.has_value(), goes_on && kept_->trust > 0.0, defaults);
    GLEBE_PETSC(TaoSetFromOptions(tao));
    if (goes_on) go_on(tao, *kept_);
    set_inner_solver(tao, H);

    const PetscErrorCode outcome = TaoSolve(tao);
    context_.rethrow();
    if (by_column_) rethrow_column_failure(tao);
    check_petsc(outcome, "TaoSolve");
    record(tao, context_, goes_on, result_);
    if (by_column_)
      result_.columns = column_outcome(tao);
    else
      finish(tao);
  }

  void finish(Tao tao) {
    set_common_outcome();
    if (options_.checkpoint)
      options_.checkpoint->finish("after the search", [&] {
        SearchRecord record = context_.record(tao);
        record.reason = result_.reason;
        record.converged = result_.converged;
        return part_of(name_, record, columns_of(objective_, result_.x.handle()));
      });
  }

  void set_common_outcome() {
    result_.columns =
        common_outcome(objective_, result_.converged, result_.iterations, context_.first_costs());
  }

  void keep_at_every_iteration(Tao tao) {
    context_.call_at_every_iteration([this, tao](int iteration) {
      options_.checkpoint->pass(iteration, at_iteration(iteration), [&] {
        Vec x = nullptr;
        GLEBE_PETSC(TaoGetSolution(tao, &x));
        return part_of(name_, context_.record(tao), columns_of(objective_, x));
      });
    });
  }

  SearchPoint point_of_columns(Tao tao) {
    if (!options_.checkpoint) return {};
    return [this, tao](int iteration, bool last, const std::function<DenseMatrix()>& rows) {
      const auto state = [&] { return part_of(name_, context_.record(tao), rows()); };
      if (last)
        options_.checkpoint->finish("after the search", state);
      else
        options_.checkpoint->pass(iteration, at_iteration(iteration), state);
    };
  }

  std::string at_iteration(int iteration) const {
    return fmt::format("at iteration {} ({})", iteration, name_);
  }

  Objective& objective_;
  const OptimizerSettings& settings_;
  const Log& log_;
  const MinimiseOptions& options_;
  Minimisation& result_;
  const bool by_column_;
  TaoCallbacks context_;
  std::string name_; ///< in the checkpoint
  std::optional<SearchRecord> kept_;
  std::optional<KeptSearches> searches_;
};

} // namespace

Minimisation minimise(Objective& objective, Vector start, const OptimizerSettings& settings,
                      const MultiStart& starts, const Log& log, const MinimiseOptions& options) {
  const TimedPart timer(Part::solver);
  Minimisation result;
  result.method = chosen_type(objective, settings, log);
  result.x = std::move(start);
  if (result.method == column_newton_type && !objective.separable())
    throw InputError(
        "column_newton fits every column separately, but columns share controls or are "
        "coupled by a prior; use bntr, bnls, bntl, bqnls, blmvm or bncg");
  SearchRun(objective, settings, log, options, result).run(starts);
  return result;
}

} // namespace glebe
