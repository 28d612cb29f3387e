// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/optimise.hpp"

#include "glebe/base/error.hpp"

#include <exception>

namespace glebe {

namespace {

// What TAO's callbacks work on. PETSc is C: an exception waits here until TaoSolve has returned.
struct Context {
  Objective& objective;
  const Log& log;
  const IterationHook& hook;
  double started;
  PetscInt last_iteration = -1;
  std::exception_ptr failure;
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

PetscErrorCode evaluate_hessian(Tao, Vec x, Mat H, Mat, void* context) {
  return guarded(context, [&](Context& self) { self.objective.hessian(x, H); });
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
    if (iteration == 0)
      self.log.info("iteration            cost    gradient        step    time [s]");
    self.log.info("{:9d} {:15.8g} {:11.3g} {:11.3g} {:11.2f}", iteration, cost, gradient, step,
                  MPI_Wtime() - self.started);
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

bool uses_hessian(OptimizerMethod method) {
  return method == OptimizerMethod::bntr || method == OptimizerMethod::bnls ||
         method == OptimizerMethod::bntl;
}

// The Hessian is block-diagonal over columns, so that incomplete factors on each rank are exact;
// the shift serves blocks that are singular because the data determine only some combinations.
// These are defaults: the command line has precedence.
void set_inner_solver() {
  for (const auto& [option, value] :
       {std::pair("-tao_bnk_pc_type", "bjacobi"), std::pair("-tao_bnk_sub_pc_type", "icc"),
        std::pair("-tao_bnk_sub_pc_factor_shift_type", "positive_definite")}) {
    PetscBool given = PETSC_FALSE;
    GLEBE_PETSC(PetscOptionsHasName(nullptr, nullptr, option, &given));
    if (!given) GLEBE_PETSC(PetscOptionsSetValue(nullptr, option, value));
  }
}

} // namespace

Minimisation minimise(Objective& objective, Vector start, const OptimizerSettings& settings,
                      const Log& log, const IterationHook& hook) {
  Context context{objective, log, hook, MPI_Wtime(), -1, nullptr};
  Minimisation result;
  result.x = std::move(start);
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(result.x.handle()));

  Optimiser tao;
  GLEBE_PETSC(TaoCreate(comm, tao.slot()));
  GLEBE_PETSC(TaoSetType(tao.handle(), name_of(settings.method, optimizer_method_names)));
  GLEBE_PETSC(TaoSetSolution(tao.handle(), result.x.handle()));
  GLEBE_PETSC(TaoSetObjective(tao.handle(), evaluate_cost, &context));
  GLEBE_PETSC(TaoSetGradient(tao.handle(), nullptr, evaluate_gradient, &context));
  GLEBE_PETSC(TaoSetObjectiveAndGradient(tao.handle(), nullptr, evaluate_both, &context));
  Matrix H;
  if (uses_hessian(settings.method)) {
    H = objective.make_hessian();
    GLEBE_PETSC(TaoSetHessian(tao.handle(), H.handle(), H.handle(), evaluate_hessian, &context));
  }

  Vector lower = objective.make_controls(), upper = objective.make_controls();
  GLEBE_PETSC(VecSet(upper.handle(), 1.0));
  GLEBE_PETSC(TaoSetVariableBounds(tao.handle(), lower.handle(), upper.handle()));

  // The absolute tolerance stops where the gradient is below what rounding leaves of it: J is in
  // units of squared standard deviations, and the controls are of order one.
  constexpr double negligible_gradient = 1e-9;
  GLEBE_PETSC(
      TaoSetTolerances(tao.handle(), negligible_gradient, 0.0, settings.gradient_tolerance));
  GLEBE_PETSC(TaoSetMaximumIterations(tao.handle(), settings.max_iterations));
  set_monitor(tao.handle(), context);
  if (uses_hessian(settings.method)) set_inner_solver();
  GLEBE_PETSC(TaoSetFromOptions(tao.handle()));

  const PetscErrorCode outcome = TaoSolve(tao.handle());
  if (context.failure) std::rethrow_exception(context.failure);
  check_petsc(outcome, "TaoSolve");

  PetscInt iterations = 0;
  TaoConvergedReason reason{};
  GLEBE_PETSC(TaoGetSolutionStatus(tao.handle(), &iterations, &result.cost_final,
                                   &result.gradient_norm, nullptr, nullptr, &reason));
  result.iterations = static_cast<int>(iterations);
  result.seconds = MPI_Wtime() - context.started;
  result.converged = reason > 0;
  result.reason = TaoConvergedReasons[reason];
  return result;
}

} // namespace glebe
