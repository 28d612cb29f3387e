// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/optimise.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/simulation/adjoint_runs.hpp"

#include <algorithm>
#include <array>
#include <exception>

namespace glebe {

namespace {

// What TAO's callbacks work on. TAO asks for cost, gradient and Hessian of one point one after the
// other: the point that was evaluated last is kept.
class Callbacks {
public:
  Callbacks(Objective& objective, const Log& log, const IterationHook& hook, bool by_column)
      : objective_(objective), log_(log), hook_(hook), by_column_(by_column) {}

  /// What gradients come from. The Hessian then consists of products.
  void take_gradients_from(Derivatives derivatives) { derivatives_ = derivatives; }
  bool by_adjoint() const { return derivatives_ == Derivatives::gradient; }
  void set_hessian(Hessian& H) { hessian_ = &H; }

  double cost(Vec x) { return at(x, Derivatives::none).cost; }
  double cost_and_gradient(Vec x, Vec g) {
    const EvaluatedPoint& point = at(x, derivatives_);
    objective_.gradient(point, g);
    return point.cost;
  }
  void fill_hessian(Vec x) {
    hessian_x_ = objective_.controls().of_columns(x);
    if (hessian_->can_stay()) return hessian_->stay();
    objective_.fill(at(x, Derivatives::blocks), *hessian_);
  }
  void multiply_by_hessian(Vec v, Vec w) { objective_.multiply(hessian_x_, v, w); }
  void monitor(Tao tao);

  const std::vector<double>& costs() const { return costs_; }
  double seconds() const { return MPI_Wtime() - started_; }
  /// The costs of columns at the start; empty unless start_at() was called.
  const std::vector<double>& first_costs() const { return first_costs_; }

  // PETSc is C: an exception waits here until TaoSolve has returned.
  template <class Work>
  PetscErrorCode guarded(Work work) {
    try {
      work();
      return 0;
    } catch (...) {
      failure_ = std::current_exception();
      return PETSC_ERR_LIB;
    }
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

private:
  const EvaluatedPoint& at(Vec x, Derivatives wanted);

  Objective& objective_;
  const Log& log_;
  const IterationHook& hook_;
  bool by_column_; ///< column_newton, which can tell more
  double started_ = MPI_Wtime();
  Derivatives derivatives_ = Derivatives::blocks;
  std::optional<EvaluatedPoint> last_;
  std::vector<double> first_costs_;
  Hessian* hessian_ = nullptr; ///< of the methods that use one
  DenseMatrix hessian_x_;      ///< [column][k], where it belongs to
  PetscInt last_iteration_ = -1;
  std::vector<double> costs_;
  std::exception_ptr failure_;
};

// The point x with at least the derivatives that are wanted; the first one is the start.
const EvaluatedPoint& Callbacks::at(Vec x, Derivatives wanted) {
  if (!last_) {
    last_ = objective_.start_at(x, std::max(wanted, derivatives_));
    first_costs_ = last_->columns.cost;
  }
  const bool is_known =
      last_->derivatives >= wanted && last_->x_of_columns == objective_.controls().of_columns(x);
  if (objective_.ranks().any(!is_known)) last_ = objective_.evaluate_at(x, wanted);
  return *last_;
}

Callbacks& callbacks(void* context) { return *static_cast<Callbacks*>(context); }

PetscErrorCode evaluate_cost(Tao, Vec x, PetscReal* cost, void* context) {
  Callbacks& self = callbacks(context);
  return self.guarded([&] { *cost = self.cost(x); });
}

PetscErrorCode evaluate_gradient(Tao, Vec x, Vec g, void* context) {
  Callbacks& self = callbacks(context);
  return self.guarded([&] { self.cost_and_gradient(x, g); });
}

PetscErrorCode evaluate_both(Tao, Vec x, PetscReal* cost, Vec g, void* context) {
  Callbacks& self = callbacks(context);
  return self.guarded([&] { *cost = self.cost_and_gradient(x, g); });
}

PetscErrorCode evaluate_hessian(Tao, Vec x, Mat, Mat, void* context) {
  Callbacks& self = callbacks(context);
  return self.guarded([&] { self.fill_hessian(x); });
}

PetscErrorCode monitor(Tao tao, void* context) {
  Callbacks& self = callbacks(context);
  return self.guarded([&] { self.monitor(tao); });
}

void log_iteration(const Log& log, PetscInt iteration, double cost, double gradient, double step,
                   double seconds) {
  if (iteration == 0) log.info("iteration            cost    gradient        step    time [s]");
  log.info("{:9d} {:15.8g} {:11.3g} {:11.3g} {:11.2f}", iteration, cost, gradient, step, seconds);
}

void log_by_column(const Log& log, const ColumnProgress& progress, PetscInt iteration, double cost,
                   double gradient, double seconds) {
  if (iteration == 0)
    log.info("iteration            cost    gradient    active converged    failed "
             "column steps/s   time [s]   left [s]");
  log.info("{:9d} {:15.8g} {:11.3g} {:9d} {:9d} {:9d} {:14.3g} {:10.2f} {:>10}", iteration, cost,
           gradient, progress.active, progress.converged, progress.failed, progress.rate, seconds,
           progress.seconds_left < 0.0 ? "-" : fmt::format("{:.1f}", progress.seconds_left));
}

void Callbacks::monitor(Tao tao) {
  PetscInt iteration = 0;
  PetscReal cost = 0.0, gradient = 0.0, infeasibility = 0.0, step = 0.0;
  TaoConvergedReason reason{};
  GLEBE_PETSC(
      TaoGetSolutionStatus(tao, &iteration, &cost, &gradient, &infeasibility, &step, &reason));
  if (iteration <= last_iteration_) return; // TAO reports its start more than once
  last_iteration_ = iteration;
  costs_.push_back(cost);
  if (by_column_)
    log_by_column(log_, column_progress(tao), iteration, cost, gradient, seconds());
  else
    log_iteration(log_, iteration, cost, gradient, step, seconds());
  Vec x = nullptr;
  GLEBE_PETSC(TaoGetSolution(tao, &x));
  if (hook_) hook_(static_cast<int>(iteration), x);
}

void set_monitor(Tao tao, Callbacks& context) {
#if PETSC_VERSION_LT(3, 21, 0)
  GLEBE_PETSC(TaoSetMonitor(tao, monitor, &context, nullptr));
#else
  GLEBE_PETSC(TaoMonitorSet(tao, monitor, &context, nullptr));
#endif
}

// The method of the command line, else of the settings, else what the problem's structure asks for.
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
          ? std::pair(TAOBNTR, "controls are shared or columns coupled by a prior")
      : settings.gradient == GradientMethod::adjoint
          ? std::pair(TAOBNTR, "the adjoint gives no blocks of columns")
          : std::pair(column_newton_type, "every column can be fitted by itself");
  log.info("method: {}, since {}", type, reason);
  return type;
}

bool uses_hessian(const std::string& type) {
  return type == "bntr" || type == "bnls" || type == "bntl" || type == "bqnktr" ||
         type == "bqnkls" || type == "bqnktl";
}

// The adjoint gives gradients and products with the Hessian at a cost that does not grow with the
// controls; the tangent-linear model gives the gradient and all of the Hessian at once.
bool takes_adjoint(const Objective& objective, const std::string& type,
                   const OptimizerSettings& settings) {
  if (type == column_newton_type) return false;
  if (settings.gradient == GradientMethod::automatic)
    return objective.controls().per_column() >=
           (uses_hessian(type) ? product_crossover : adjoint_crossover);
  return settings.gradient == GradientMethod::adjoint;
}

// The methods for all columns together end for all of them alike.
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

// Near a minimum the first trust region is that of the first Newton step. The usual trial along the
// gradient would cost several runs, and takes an active set of its own, which (in PETSc 3.18) may
// count a control with equal bounds as free.
void set_from_options(Tao tao, bool near_minimum_already) {
  constexpr const char* option = "-tao_bnk_init_type";
  PetscBool given = PETSC_FALSE;
  GLEBE_PETSC(PetscOptionsHasName(nullptr, nullptr, option, &given));
  const bool set = near_minimum_already && !given;
  if (set) GLEBE_PETSC(PetscOptionsSetValue(nullptr, option, "direction"));
  GLEBE_PETSC(TaoSetFromOptions(tao));
  if (set) GLEBE_PETSC(PetscOptionsClearValue(nullptr, option));
}

// Zero to one, but for a control that is held: TAO takes equal bounds as always active.
void set_bounds(Tao tao, const Controls& controls, Vec start,
                const std::optional<std::size_t>& held) {
  const Vector lower = controls.make_vector(), upper = controls.make_vector();
  GLEBE_PETSC(VecSet(upper.handle(), 1.0));
  const std::size_t first = controls.first();
  if (held && *held >= first && *held < first + controls.n_local()) {
    const std::size_t place = *held - first;
    const double value = ReadArray(start)[place];
    WriteArray(lower.handle())[place] = value;
    WriteArray(upper.handle())[place] = value;
  }
  GLEBE_PETSC(TaoSetVariableBounds(tao, lower.handle(), upper.handle()));
}

// PETSc's own error would hide what is wrong.
MatrixProduct hessian_product(Callbacks& context) {
  return [&context](Vec v, Vec w) {
    if (context.guarded([&] { context.multiply_by_hessian(v, w); }) != 0) context.rethrow();
  };
}

void set_callbacks(Tao tao, Callbacks& context, std::optional<Hessian>& H) {
  GLEBE_PETSC(TaoSetObjective(tao, evaluate_cost, &context));
  GLEBE_PETSC(TaoSetGradient(tao, nullptr, evaluate_gradient, &context));
  GLEBE_PETSC(TaoSetObjectiveAndGradient(tao, nullptr, evaluate_both, &context));
  set_monitor(tao, context);
  if (!H) return;
  context.set_hessian(*H);
  GLEBE_PETSC(TaoSetHessian(tao, H->handle(), H->handle(), evaluate_hessian, &context));
}

void set_tolerances(Tao tao, const OptimizerSettings& settings,
                    const std::optional<NearMinimum>& near) {
  // The absolute tolerance stops where the gradient is below what rounding leaves of it: J is in
  // units of squared standard deviations, and the controls are of order one.
  constexpr double negligible_gradient = 1e-9;
  GLEBE_PETSC(TaoSetTolerances(tao, near ? near->gradient : negligible_gradient, 0.0,
                               settings.gradient_tolerance));
  GLEBE_PETSC(TaoSetMaximumIterations(tao, settings.max_iterations));
}

// A Hessian of blocks has exact incomplete factors on each rank; the shift serves blocks that are
// singular because the data determine only some combinations.
void set_inner_defaults(const std::optional<Hessian>& H, DefaultOptions& options) {
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

void record(Tao tao, const Callbacks& context, Minimisation& result) {
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
    throw InputError("column_newton searches every column by itself, but controls are shared or "
                     "columns coupled by a prior; use bntr, bnls, bntl, bqnls, blmvm or bncg");
  Callbacks context(objective, log, hook, by_column);
  if (takes_adjoint(objective, result.method, settings)) {
    context.take_gradients_from(Derivatives::gradient);
    log.info("gradient{}: by the adjoint",
             uses_hessian(result.method) ? " and products with the Hessian" : "");
  }
  std::optional<Hessian> H;
  if (uses_hessian(result.method))
    H.emplace(objective.ranks(), objective.controls(), objective.coupling(),
              context.by_adjoint() ? hessian_product(context) : nullptr);

  Optimiser tao;
  GLEBE_PETSC(TaoCreate(objective.ranks().comm(), tao.address()));
  GLEBE_PETSC(TaoSetType(tao.handle(), result.method.c_str()));
  if (by_column) set_columns(tao.handle(), objective, starts);
  GLEBE_PETSC(TaoSetSolution(tao.handle(), result.x.handle()));
  set_callbacks(tao.handle(), context, H);
  set_bounds(tao.handle(), objective.controls(), result.x.handle(),
             near ? near->held : std::nullopt);
  set_tolerances(tao.handle(), settings, near);
  DefaultOptions defaults;
  set_inner_defaults(H, defaults);
  set_from_options(tao.handle(), near.has_value());
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
