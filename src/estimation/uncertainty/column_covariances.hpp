// SPDX-License-Identifier: BSD-3-Clause
// Methods for the covariances of a coupled Gaussian problem; each returns the matrices of
// column_covariances() [column].
#pragma once

#include "glebe/estimation/uncertainty/covariance.hpp"

namespace glebe {

/// For columns that are coupled by shared controls only: eliminates the own values of each column.
DenseBlocks covariance_by_elimination(const GaussianProblem& problem);

/// For columns that are coupled by fields: entries of the inverse from a sparse factor.
DenseBlocks covariance_by_factor(const GaussianProblem& problem);

/// For columns that are coupled by fields: an estimate from samples.
DenseBlocks covariance_by_samples(const GaussianProblem& problem, int n_sample, std::uint64_t seed);

} // namespace glebe
