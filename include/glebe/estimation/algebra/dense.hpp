// SPDX-License-Identifier: BSD-3-Clause
// What small symmetric matrices are asked for. The same matrix gives the same result to the last
// bit, wherever it lies in memory.
#pragma once

#include "glebe/base/dense.hpp"

namespace glebe {

/// Eigenvalues, ascending, and eigenvectors, the columns of `vectors`.
struct EigenSystem {
  DenseVector values;
  DenseMatrix vectors;

  /// The sum over e of v_e f_e v_e^T for numbers f [n] in place of the eigenvalues.
  DenseMatrix with_values(const DenseVector& f) const;
};

/// Of a symmetric matrix, of which the lower triangle is read. Throws RunError when the iteration
/// does not converge, which only happens for numbers that are not finite.
EigenSystem eigen_system(const DenseMatrix& matrix);

/// The inverse on the space that rounding leaves: eigenvalues below epsilon times the largest (or
/// times one where none is positive, controls being of order one) are raised to that, so that what
/// is undetermined gets a very large variance.
DenseMatrix inverse_above_rounding(const DenseMatrix& matrix);

/// The same of the rows and columns that are `kept` [n]; zero elsewhere.
DenseMatrix inverse_of_kept(const DenseMatrix& matrix, const std::vector<char>& kept);

/// R with R R^T the matrix: eigenvectors times roots of their eigenvalues, negative ones being
/// taken as zero.
DenseMatrix root_of(const DenseMatrix& matrix);

/// Numbers of the elements that are not zero.
std::vector<std::size_t> indices_of(const std::vector<char>& chosen);

} // namespace glebe
