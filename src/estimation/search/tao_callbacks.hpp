// SPDX-License-Identifier: BSD-3-Clause
// The functions that TAO calls during a minimisation, and the monitor of its iterations.
#pragma once

#include "glebe/base/wall_time.hpp"
#include "glebe/estimation/problem/objective.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <exception>
#include <optional>
#include <vector>

#include "kept_search.hpp"

namespace glebe {

/// Gives TAO the cost, gradient and Hessian of an objective. TAO asks for them at the same point
/// one after the other, therefore the last point that was evaluated is kept.
class TaoCallbacks {
public:
  /// `by_column`: the method is column_newton, which reports more in the log. All arguments must
  /// outlive the object.
  TaoCallbacks(Objective& objective, const Log& log, const IterationHook& hook, bool by_column)
      : objective_(objective), log_(log), hook_(hook), by_column_(by_column) {}

  /// Gradients by the adjoint, and the Hessian by hessian_product().
  void use_adjoint() { derivatives_ = Derivatives::gradient; }
  bool uses_adjoint() const { return derivatives_ == Derivatives::gradient; }
  /// The product of the Hessian at the last point that TAO asked a Hessian of. Collective.
  MatrixProduct hessian_product();
  /// Goes on after a search that was kept. Call before the minimisation begins; the objective knows
  /// how that search had started.
  void go_on_from(const SearchRecord& kept, bool counts_on);
  /// Calls `point` after every iteration, at which the search can be kept. Collective.
  void call_at_every_iteration(std::function<void(int)> point) { point_ = std::move(point); }
  /// How far the search has come. Collective.
  SearchRecord record(Tao tao) const;
  /// Registers all functions with `tao`; `H` is empty for methods without a Hessian.
  void attach(Tao tao, std::optional<Hessian>& H);

  double cost(Vec x) { return at(x, Derivatives::none).cost; }
  double cost_and_gradient(Vec x, Vec g);
  void fill_hessian(Vec x);
  void monitor(Tao tao);

  /// J after each iteration.
  const std::vector<double>& costs() const { return costs_; }
  /// The costs of columns at the start; empty unless the point was evaluated here.
  const std::vector<double>& first_costs() const { return first_costs_; }
  /// Iterations that were made before it was gone on with, which TAO does not count.
  int before() const { return static_cast<int>(before_); }
  double seconds() const { return wall_time() - started_; }

  /// Runs `work` for PETSc: an exception must not pass through C, so it is kept for rethrow().
  template <class Work>
  PetscErrorCode guarded(Work work) {
    try {
      work();
      return {};
    } catch (...) {
      failure_ = std::current_exception();
      return PETSC_ERR_LIB;
    }
  }
  /// Throws the exception that was kept, if any: to be called after TaoSolve.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

private:
  const EvaluatedPoint& at(Vec x, Derivatives wanted);

  Objective& objective_;
  const Log& log_;
  const IterationHook& hook_;
  bool by_column_;
  double started_ = wall_time();
  Derivatives derivatives_ = Derivatives::blocks; ///< evaluated together with the cost
  std::optional<EvaluatedPoint> last_;
  std::vector<double> first_costs_;
  Hessian* hessian_ = nullptr; ///< of the methods that use one
  DenseMatrix hessian_x_;      ///< the point of the Hessian [column][k]
  std::function<void(int)> point_;
  bool started_before_ = false;
  PetscInt before_ = 0;
  int inner_before_ = 0;
  double first_gradient_norm_ = 0.0;
  PetscInt last_iteration_ = -1;
  bool has_logged_ = false;
  std::vector<double> costs_;
  std::exception_ptr failure_;
};

} // namespace glebe
