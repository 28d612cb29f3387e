// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <petscksp.h>

#include "covariance_ways.hpp"

namespace glebe {

/// Solves with the Hessian of a coupled problem on its free controls, to 1e-9 of the residual: the
/// solutions then are the same for any number of ranks. Its options have the prefix `posterior_`.
/// All functions are collective.
class HessianSolver {
public:
  /// `point` must outlive it.
  explicit HessianSolver(const CoupledPoint& point);

  /// y with H y = z on the free controls, zero where held. Throws RunError.
  Vector solve(Vec z) const;

private:
  const CoupledPoint& point_;
  Hessian hessian_;
  PetscOwner<IS, ISDestroy> free_;
  Matrix H_free_;
  PetscOwner<KSP, KSPDestroy> solver_;
};

} // namespace glebe
