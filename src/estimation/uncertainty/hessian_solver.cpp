// SPDX-License-Identifier: BSD-3-Clause
#include "hessian_solver.hpp"

#include "glebe/base/error.hpp"

namespace glebe {

HessianSolver::HessianSolver(const GaussianProblem& problem)
    : problem_(problem), hessian_(problem.ranks, problem.controls, problem.coupling) {
  constexpr double tolerance = 1e-9;
  constexpr PetscInt max_iterations = 1000;
  problem.fill(hessian_);
  std::vector<PetscInt> rows;
  PetscInt first = 0;
  GLEBE_PETSC(MatGetOwnershipRange(hessian_.handle(), &first, nullptr));
  for (std::size_t i = 0; i < problem.free.size(); ++i)
    if (problem.free[i]) rows.push_back(first + static_cast<PetscInt>(i));
  const MPI_Comm comm = problem.ranks.comm();
  GLEBE_PETSC(ISCreateGeneral(comm, static_cast<PetscInt>(rows.size()), rows.data(),
                              PETSC_COPY_VALUES, free_.address()));
  GLEBE_PETSC(MatCreateSubMatrix(hessian_.handle(), free_.handle(), free_.handle(),
                                 MAT_INITIAL_MATRIX, H_free_.address()));
  GLEBE_PETSC(KSPCreate(comm, solver_.address()));
  GLEBE_PETSC(KSPSetOptionsPrefix(solver_.handle(), "posterior_"));
  GLEBE_PETSC(KSPSetType(solver_.handle(), KSPCG));
  GLEBE_PETSC(
      KSPSetTolerances(solver_.handle(), tolerance, PETSC_DEFAULT, PETSC_DEFAULT, max_iterations));
  GLEBE_PETSC(KSPSetOperators(solver_.handle(), H_free_.handle(), H_free_.handle()));
  set_bordered_preconditioner(solver_.handle());
  GLEBE_PETSC(KSPSetFromOptions(solver_.handle()));
}

Vector HessianSolver::solve(Vec z) const {
  Vector y = problem_.controls.make_vector();
  Vec z_free = nullptr, y_free = nullptr;
  GLEBE_PETSC(VecGetSubVector(z, free_.handle(), &z_free));
  GLEBE_PETSC(VecGetSubVector(y.handle(), free_.handle(), &y_free));
  GLEBE_PETSC(KSPSolve(solver_.handle(), z_free, y_free));
  KSPConvergedReason reason{};
  GLEBE_PETSC(KSPGetConvergedReason(solver_.handle(), &reason));
  GLEBE_PETSC(VecRestoreSubVector(z, free_.handle(), &z_free));
  GLEBE_PETSC(VecRestoreSubVector(y.handle(), free_.handle(), &y_free));
  if (reason < 0)
    throw RunError(fmt::format("posterior: the linear solver for the Hessian did not converge: {}",
                               KSPConvergedReasons[reason]));
  return y;
}

} // namespace glebe
