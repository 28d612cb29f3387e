// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/optimise.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/simulation/adjoint_runs.hpp"

#include <array>

#include "tao_callbacks.hpp"

namespace glebe {

namespace {

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
  if (settings.gradient == GradientMethod::automatic)
    return objective.controls().per_column() >=
           (uses_hessian(type) ? product_crossover : adjoint_crossover);
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
  // The absolute tolerance is near the rounding error of the gradient: J is in units of squared
  // standard deviations, and the controls are of order one.
  constexpr double negligible_gradient = 1e-9;
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
void add_default_options(const std::optional<Hessian>& H, bool near_minimum,
                         DefaultOptions& options) {
  if (near_minimum) options.add({{"-tao_bnk_init_type", "direction"}});
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

void record(Tao tao, const TaoCallbacks& context, Minimisation& result) {
  PetscInt iterations = 0, inner = 0;
  TaoConvergedReason reason{};
  GLEBE_PETSC(TaoGetSolutionStatus(tao, &iterations, &result.cost_final, &result.gradient_norm,
                                   nullptr, nullptr, &reason));
  GLEBE_PETSC(TaoGetLinearSolveIterations(tao, &inner));
  result.iterations = static_cast<int>(iterations);
  result.inner_iterations = static_cast<int>(inner);
  result.seconds = context.seconds();
  result.converged = reason > 0;
  result.reason = TaoConvergedReasons[reason];
  result.cost_history = context.costs();
  if (result.cost_history.empty()) // the command line may have cancelled all monitors
    result.cost_history = {result.cost_final};
}

} // namespace

Minimisation minimise(Objective& objective, Vector start, const OptimizerSettings& settings,
                      const MultiStart& starts, const Log& log, const IterationHook& hook,
                      const std::optional<NearMinimum>& near) {
  const TimedPart timer(Part::solver);
  Minimisation result;
  result.method = chosen_type(objective, settings, log);
  result.x = std::move(start);
  const bool by_column = result.method == column_newton_type;
  if (by_column && !objective.separable())
    throw InputError(
        "column_newton fits every column separately, but columns share controls or are "
        "coupled by a prior; use bntr, bnls, bntl, bqnls, blmvm or bncg");
  TaoCallbacks context(objective, log, hook, by_column);
  if (prefers_adjoint(objective, result.method, settings)) {
    context.use_adjoint();
    log.info("gradient{}: by the adjoint",
             uses_hessian(result.method) ? " and products with the Hessian" : "");
  }
  std::optional<Hessian> H;
  if (uses_hessian(result.method))
    H.emplace(objective.ranks(), objective.controls(), objective.coupling(),
              context.uses_adjoint() ? context.hessian_product() : nullptr);

  Optimiser tao;
  GLEBE_PETSC(TaoCreate(objective.ranks().comm(), tao.address()));
  GLEBE_PETSC(TaoSetType(tao.handle(), result.method.c_str()));
  if (by_column) set_columns(tao.handle(), objective, starts);
  GLEBE_PETSC(TaoSetSolution(tao.handle(), result.x.handle()));
  context.attach(tao.handle(), H);
  set_bounds(tao.handle(), objective.controls(), result.x.handle(),
             near ? near->held : std::nullopt);
  set_tolerances(tao.handle(), settings, near);
  DefaultOptions defaults;
  add_default_options(H, near.has_value(), defaults);
  GLEBE_PETSC(TaoSetFromOptions(tao.handle()));
  set_inner_solver(tao.handle(), H);

  const PetscErrorCode outcome = TaoSolve(tao.handle());
  context.rethrow();
  if (by_column) rethrow_column_failure(tao.handle());
  check_petsc(outcome, "TaoSolve");
  record(tao.handle(), context, result);
  result.columns = by_column ? column_outcome(tao.handle())
                             : common_outcome(objective, result.converged, result.iterations,
                                              context.first_costs());
  return result;
}

} // namespace glebe
