// SPDX-License-Identifier: BSD-3-Clause
#include "tao_callbacks.hpp"

#include "glebe/base/petsc_versions.hpp"

#include <algorithm>
#include <utility>

namespace glebe {

namespace {

TaoCallbacks& callbacks(void* context) { return *static_cast<TaoCallbacks*>(context); }

PetscErrorCode evaluate_cost(Tao, Vec x, PetscReal* cost, void* context) {
  TaoCallbacks& self = callbacks(context);
  return self.guarded([&] { *cost = self.cost(x); });
}

PetscErrorCode evaluate_gradient(Tao, Vec x, Vec g, void* context) {
  TaoCallbacks& self = callbacks(context);
  return self.guarded([&] { self.cost_and_gradient(x, g); });
}

PetscErrorCode evaluate_both(Tao, Vec x, PetscReal* cost, Vec g, void* context) {
  TaoCallbacks& self = callbacks(context);
  return self.guarded([&] { *cost = self.cost_and_gradient(x, g); });
}

PetscErrorCode evaluate_hessian(Tao, Vec x, Mat, Mat, void* context) {
  TaoCallbacks& self = callbacks(context);
  return self.guarded([&] { self.fill_hessian(x); });
}

PetscErrorCode after_iteration(Tao tao, void* context) {
  TaoCallbacks& self = callbacks(context);
  return self.guarded([&] { self.monitor(tao); });
}

// `first`: with the heading of the table.
void log_iteration(const Log& log, bool first, PetscInt iteration, double cost, double gradient,
                   double step, double seconds) {
  if (first) log.info("iteration            cost    gradient        step    time [s]");
  log.info("{:9d} {:15.8g} {:11.3g} {:11.3g} {:11.2f}", iteration, cost, gradient, step, seconds);
}

void log_by_column(const Log& log, bool first, const ColumnProgress& progress, PetscInt iteration,
                   double cost, double gradient, double seconds) {
  if (first)
    log.info("iteration            cost    gradient    active converged    failed "
             "column steps/s   time [s]   left [s]");
  log.info("{:9d} {:15.8g} {:11.3g} {:9d} {:9d} {:9d} {:14.3g} {:10.2f} {:>10}", iteration, cost,
           gradient, progress.active, progress.converged, progress.failed, progress.rate, seconds,
           progress.seconds_left < 0.0 ? "-" : fmt::format("{:.1f}", progress.seconds_left));
}

} // namespace

void TaoCallbacks::attach(Tao tao, std::optional<Hessian>& H) {
  GLEBE_PETSC(TaoSetObjective(tao, evaluate_cost, this));
  GLEBE_PETSC(TaoSetGradient(tao, nullptr, evaluate_gradient, this));
  GLEBE_PETSC(TaoSetObjectiveAndGradient(tao, nullptr, evaluate_both, this));
  GLEBE_PETSC(set_tao_monitor(tao, after_iteration, this));
  if (!H) return;
  hessian_ = &*H;
  GLEBE_PETSC(TaoSetHessian(tao, H->handle(), H->handle(), evaluate_hessian, this));
}

// A failure is thrown at once, because the error of the linear solver would hide its cause.
MatrixProduct TaoCallbacks::hessian_product() {
  return [this](Vec v, Vec w) {
    if (guarded([&] { objective_.multiply(hessian_x_, v, w); }) != 0) rethrow();
  };
}

// The point x with at least the derivatives that are wanted. The first point is the start.
const EvaluatedPoint& TaoCallbacks::at(Vec x, Derivatives wanted) {
  if (!last_ && !started_before_) {
    last_ = objective_.start_at(x, std::max(wanted, derivatives_));
    first_costs_ = last_->columns.cost;
  }
  const bool is_known = last_ && last_->derivatives >= wanted &&
                        last_->x_of_columns == objective_.controls().of_columns(x);
  if (objective_.ranks().any(!is_known)) last_ = objective_.evaluate_at(x, wanted);
  return *last_;
}

double TaoCallbacks::cost_and_gradient(Vec x, Vec g) {
  const EvaluatedPoint& point = at(x, derivatives_);
  objective_.gradient(point, g);
  return point.cost;
}

void TaoCallbacks::fill_hessian(Vec x) {
  hessian_x_ = objective_.controls().of_columns(x);
  if (hessian_->can_be_kept()) return hessian_->keep();
  objective_.fill(at(x, Derivatives::blocks), *hessian_);
}

void TaoCallbacks::monitor(Tao tao) {
  PetscInt iteration = 0;
  PetscReal cost = 0.0, gradient = 0.0, infeasibility = 0.0, step = 0.0;
  TaoConvergedReason reason{};
  GLEBE_PETSC(
      TaoGetSolutionStatus(tao, &iteration, &cost, &gradient, &infeasibility, &step, &reason));
  iteration += before_;
  if (iteration <= last_iteration_) return; // TAO reports its start more than once
  last_iteration_ = iteration;
  if (costs_.empty()) first_gradient_norm_ = gradient;
  costs_.push_back(cost);
  const bool first = !std::exchange(has_logged_, true);
  if (by_column_)
    log_by_column(log_, first, column_progress(tao), iteration, cost, gradient, seconds());
  else
    log_iteration(log_, first, iteration, cost, gradient, step, seconds());
  Vec x = nullptr;
  GLEBE_PETSC(TaoGetSolution(tao, &x));
  if (hook_) hook_(static_cast<int>(iteration), x);
  if (point_) point_(static_cast<int>(iteration));
}

void TaoCallbacks::go_on_from(const SearchRecord& kept, bool counts_on) {
  started_before_ = true;
  first_costs_ = objective_.first_cost();
  before_ = counts_on ? 0 : kept.iteration;
  inner_before_ = kept.inner_iterations;
  first_gradient_norm_ = kept.first_gradient_norm;
  last_iteration_ = kept.iteration;
  costs_ = kept.costs;
  started_ -= kept.seconds;
}

SearchRecord TaoCallbacks::record(Tao tao) const {
  SearchRecord record;
  PetscInt inner = 0;
  GLEBE_PETSC(TaoGetSolutionStatus(tao, nullptr, nullptr, &record.gradient_norm, nullptr, nullptr,
                                   nullptr));
  GLEBE_PETSC(TaoGetLinearSolveIterations(tao, &inner));
  TaoType type = nullptr;
  GLEBE_PETSC(TaoGetType(tao, &type));
  record.method = type;
  record.iteration = static_cast<int>(last_iteration_);
  record.inner_iterations = inner_before_ + static_cast<int>(inner);
  record.seconds = seconds();
  record.first_gradient_norm = first_gradient_norm_;
  if (hessian_) GLEBE_PETSC(TaoGetCurrentTrustRegionRadius(tao, &record.trust));
  record.n_forward = static_cast<double>(objective_.ranks().sum(objective_.n_forward()));
  record.n_tangent = static_cast<double>(objective_.ranks().sum(objective_.n_tangent()));
  record.costs = costs_;
  return record;
}

} // namespace glebe
