// SPDX-License-Identifier: BSD-3-Clause
// The ways to the covariances of a Gaussian problem [column]; each gives what column_covariances()
// promises of its matrices.
#pragma once

#include "glebe/estimation/uncertainty/covariance.hpp"

namespace glebe {

/// Where columns meet only in what they share: the own values of a column are eliminated by
/// themselves.
DenseBlocks covariance_by_elimination(const GaussianProblem& problem);

/// Where fields couple columns: entries of the inverse from a sparse factor.
DenseBlocks covariance_by_factor(const GaussianProblem& problem);

/// The same from samples.
DenseBlocks covariance_by_samples(const GaussianProblem& problem, int n_sample, std::uint64_t seed);

} // namespace glebe
