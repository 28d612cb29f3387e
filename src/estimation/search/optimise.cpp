// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/optimise.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/stages.hpp"
#include "glebe/simulation/adjoint_runs.hpp"

#include <array>
#include <exception>
#include <optional>

namespace glebe {

namespace {

// What TAO's callbacks work on. PETSc is C: an exception waits here until TaoSolve has returned.
struct Context {
  Objective& objective;
  const Log& log;
  const IterationHook& hook;
  bool by_column; ///< column_newton, which can tell more
  double started;
  Hessian* hessian = nullptr; ///< of the methods that use one
  PetscInt last_iteration = -1;
  std::vector<double> costs{};
  std::exception_ptr failure{};
};

template <class Work>
PetscErrorCode guarded(void* context, Work work) {
  auto& self = *static_cast<Context*>(context);
  try {
    work(self);
    return 0;
  } catch (...) {
    self.failure = std::current_exception();
    return PETSC_ERR_LIB;
  }
}

PetscErrorCode evaluate_cost(Tao, Vec x, PetscReal* cost, void* context) {
  return guarded(context, [&](Context& self) { *cost = self.objective.cost(x); });
}

PetscErrorCode evaluate_gradient(Tao, Vec x, Vec g, void* context) {
  return guarded(context, [&](Context& self) { self.objective.gradient(x, g); });
}

PetscErrorCode evaluate_both(Tao, Vec x, PetscReal* cost, Vec g, void* context) {
  return guarded(context, [&](Context& self) { *cost = self.objective.cost_and_gradient(x, g); });
}

PetscErrorCode evaluate_hessian(Tao, Vec x, Mat, Mat, void* context) {
  return guarded(context, [&](Context& self) { self.objective.hessian(x, *self.hessian); });
}

// PETSc's own error would hide what is wrong.
MatrixProduct multiply_by_hessian(Context& context) {
  return [&context](Vec v, Vec w) {
    try {
      context.objective.hessian_product(v, w);
    } catch (...) {
      context.failure = std::current_exception();
      throw;
    }
  };
}

void log_iteration(const Context& self, PetscInt iteration, double cost, double gradient,
                   double step, double seconds) {
  if (iteration == 0)
    self.log.info("iteration            cost    gradient        step    time [s]");
  self.log.info("{:9d} {:15.8g} {:11.3g} {:11.3g} {:11.2f}", iteration, cost, gradient, step,
                seconds);
}

void log_by_column(const Context& self, Tao tao, PetscInt iteration, double cost, double gradient,
                   double seconds) {
  const ColumnProgress& progress = column_progress(tao);
  if (iteration == 0)
    self.log.info("iteration            cost    gradient    active converged    failed "
                  "column steps/s   time [s]   left [s]");
  self.log.info("{:9d} {:15.8g} {:11.3g} {:9d} {:9d} {:9d} {:14.3g} {:10.2f} {:>10}", iteration,
                cost, gradient, progress.active, progress.converged, progress.failed, progress.rate,
                seconds,
                progress.seconds_left < 0.0 ? "-" : fmt::format("{:.1f}", progress.seconds_left));
}

PetscErrorCode monitor(Tao tao, void* context) {
  return guarded(context, [&](Context& self) {
    PetscInt iteration = 0;
    PetscReal cost = 0.0, gradient = 0.0, infeasibility = 0.0, step = 0.0;
    TaoConvergedReason reason{};
    GLEBE_PETSC(
        TaoGetSolutionStatus(tao, &iteration, &cost, &gradient, &infeasibility, &step, &reason));
    if (iteration <= self.last_iteration) return; // TAO reports its start more than once
    self.last_iteration = iteration;
    self.costs.push_back(cost);
    const double seconds = MPI_Wtime() - self.started;
    if (self.by_column)
      log_by_column(self, tao, iteration, cost, gradient, seconds);
    else
      log_iteration(self, iteration, cost, gradient, step, seconds);
    Vec x = nullptr;
    GLEBE_PETSC(TaoGetSolution(tao, &x));
    if (self.hook) self.hook(static_cast<int>(iteration), x);
  });
}

void set_monitor(Tao tao, Context& context) {
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
ColumnOutcome common_outcome(const Objective& objective, bool converged, int iterations) {
  using State = LevenbergMarquardt::State;
  const std::size_t n = objective.controls().n_column();
  ColumnOutcome outcome{std::vector<State>(n, converged ? State::converged : State::stalled),
                        std::vector<int>(n, iterations), std::vector<int>(n, converged),
                        std::vector<int>(n, converged), std::vector<double>(n, 0.0)};
  for (std::size_t c = 0; c < n; ++c)
    if (objective.left_out()[c]) outcome.state[c] = State::failed;
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

} // namespace

Minimisation minimise(Objective& objective, Vector start, const OptimizerSettings& settings,
                      const MultiStart& starts, const Log& log, const IterationHook& hook,
                      const std::optional<Refit>& refit) {
  const StageTimer timer(Stage::solver);
  const std::string type = chosen_type(objective, settings, log);
  const bool by_column = type == column_newton_type;
  if (by_column && !objective.separable())
    throw InputError("column_newton searches every column by itself, but controls are shared or "
                     "columns coupled by a prior; use bntr, bnls, bntl, bqnls, blmvm or bncg");
  const bool adjoint = takes_adjoint(objective, type, settings);
  if (adjoint)
    log.info("gradient{}: by the adjoint",
             uses_hessian(type) ? " and products with the Hessian" : "");
  objective.use_adjoint(adjoint);
  Context context{objective, log, hook, by_column, MPI_Wtime()};
  Minimisation result;
  result.x = std::move(start);
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(result.x.handle()));

  Optimiser tao;
  GLEBE_PETSC(TaoCreate(comm, tao.address()));
  GLEBE_PETSC(TaoSetType(tao.handle(), type.c_str()));
  if (by_column) set_columns(tao.handle(), objective, starts);
  GLEBE_PETSC(TaoSetSolution(tao.handle(), result.x.handle()));
  GLEBE_PETSC(TaoSetObjective(tao.handle(), evaluate_cost, &context));
  GLEBE_PETSC(TaoSetGradient(tao.handle(), nullptr, evaluate_gradient, &context));
  GLEBE_PETSC(TaoSetObjectiveAndGradient(tao.handle(), nullptr, evaluate_both, &context));
  std::optional<Hessian> H;
  if (uses_hessian(type)) {
    H.emplace(objective.ranks(), objective.controls(), objective.coupling(),
              adjoint ? multiply_by_hessian(context) : nullptr);
    context.hessian = &*H;
    GLEBE_PETSC(TaoSetHessian(tao.handle(), H->handle(), H->handle(), evaluate_hessian, &context));
  }

  set_bounds(tao.handle(), objective.controls(), result.x.handle(),
             refit ? refit->held : std::nullopt);
  // The absolute tolerance stops where the gradient is below what rounding leaves of it: J is in
  // units of squared standard deviations, and the controls are of order one.
  constexpr double negligible_gradient = 1e-9;
  GLEBE_PETSC(TaoSetTolerances(tao.handle(), refit ? refit->gradient : negligible_gradient, 0.0,
                               settings.gradient_tolerance));
  GLEBE_PETSC(TaoSetMaximumIterations(tao.handle(), settings.max_iterations));
  set_monitor(tao.handle(), context);
  // A Hessian of blocks has exact incomplete factors on each rank; the shift serves blocks that are
  // singular because the data determine only some combinations.
  DefaultOptions inner_solver;
  if (H && !H->is_bordered())
    inner_solver.add({{"-tao_bnk_pc_type", "bjacobi"},
                      {"-tao_bnk_sub_pc_type", "icc"},
                      {"-tao_bnk_sub_pc_factor_shift_type", "positive_definite"}});
  set_from_options(tao.handle(), refit.has_value());
  if (H && H->is_bordered()) {
    KSP solver = nullptr;
    GLEBE_PETSC(TaoGetKSP(tao.handle(), &solver));
    set_bordered_preconditioner(solver);
  }

  const PetscErrorCode outcome = TaoSolve(tao.handle());
  objective.use_adjoint(false);
  if (context.failure) std::rethrow_exception(context.failure);
  if (by_column) rethrow_column_failure(tao.handle());
  check_petsc(outcome, "TaoSolve");

  PetscInt iterations = 0;
  TaoConvergedReason reason{};
  GLEBE_PETSC(TaoGetSolutionStatus(tao.handle(), &iterations, &result.cost_final,
                                   &result.gradient_norm, nullptr, nullptr, &reason));
  result.iterations = static_cast<int>(iterations);
  PetscInt inner = 0;
  GLEBE_PETSC(TaoGetLinearSolveIterations(tao.handle(), &inner));
  result.inner_iterations = static_cast<int>(inner);
  result.seconds = MPI_Wtime() - context.started;
  result.converged = reason > 0;
  result.reason = TaoConvergedReasons[reason];
  result.method = type;
  result.cost_history = std::move(context.costs);
  if (result.cost_history.empty()) // the command line may have cancelled all monitors
    result.cost_history = {result.cost_final};
  result.columns = by_column ? column_outcome(tao.handle())
                             : common_outcome(objective, result.converged, result.iterations);
  return result;
}

} // namespace glebe
