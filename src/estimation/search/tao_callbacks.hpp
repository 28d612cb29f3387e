// SPDX-License-Identifier: BSD-3-Clause
// The functions that TAO calls during a minimisation, and the monitor of its iterations.
#pragma once

#include "glebe/estimation/problem/objective.hpp"
#include "glebe/estimation/search/optimise.hpp"

#include <exception>
#include <optional>
#include <vector>

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
  double seconds() const { return MPI_Wtime() - started_; }

  /// Runs `work` for PETSc: an exception must not pass through C, so it is kept for rethrow().
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
  double started_ = MPI_Wtime();
  Derivatives derivatives_ = Derivatives::blocks; ///< evaluated together with the cost
  std::optional<EvaluatedPoint> last_;
  std::vector<double> first_costs_;
  Hessian* hessian_ = nullptr; ///< of the methods that use one
  DenseMatrix hessian_x_;      ///< the point of the Hessian [column][k]
  PetscInt last_iteration_ = -1;
  std::vector<double> costs_;
  std::exception_ptr failure_;
};

} // namespace glebe
