// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/covariance.hpp"

#include <petscksp.h>

namespace glebe {

/// Solves systems with the Hessian of a coupled problem on its free controls. The residual is
/// reduced by 1e-9, so that the solution does not depend on the number of ranks to about this
/// accuracy. PETSc options have the prefix `posterior_`. All functions are collective.
class HessianSolver {
public:
  /// `problem` must outlive it.
  explicit HessianSolver(const GaussianProblem& problem);

  /// y with H y = z on the free controls, zero where held. Throws RunError.
  Vector solve(Vec z) const;

private:
  const GaussianProblem& problem_;
  Hessian hessian_;
  PetscOwner<IS, ISDestroy> free_;
  Matrix H_free_;
  PetscOwner<KSP, KSPDestroy> solver_;
};

} // namespace glebe
