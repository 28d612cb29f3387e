// SPDX-License-Identifier: BSD-3-Clause
// Small dense matrices. Eigen does the work, without vector instructions (EIGEN_DONT_VECTORIZE):
// these would split sums where the memory happens to be aligned, and so would LAPACK's threads.
#pragma once

#include <cstddef>
#include <vector>

namespace glebe {

/// Eigenvalues (ascending) and eigenvectors (one per row) of a symmetric matrix [n][n].
struct EigenSystem {
  std::vector<double> values;
  std::vector<double> vectors;
};

/// The same for the same matrix to the last bit, wherever it lies in memory. Throws RunError when
/// the iteration does not converge, which only happens for numbers that are not finite.
EigenSystem eigen_system(std::vector<double> matrix, std::size_t n);

} // namespace glebe
