// SPDX-License-Identifier: BSD-3-Clause
// Operations on small symmetric matrices. The results are the same to the last bit, independent of
// the alignment of the matrix in memory.
#pragma once

#include "glebe/base/dense.hpp"

namespace glebe {

/// Eigenvalues in ascending order, and eigenvectors, which are the columns of `vectors`.
struct EigenSystem {
  DenseVector values;
  DenseMatrix vectors;

  /// The matrix with the same eigenvectors and the eigenvalues f [n]: the sum of v_e f_e v_e^T.
  DenseMatrix with_values(const DenseVector& f) const;
};

/// The eigenvalues and eigenvectors of a symmetric matrix, whose lower triangle is read. Throws
/// RunError when the iteration does not converge, which only happens for numbers that are not
/// finite.
EigenSystem eigen_system(const DenseMatrix& matrix);

/// The inverse with eigenvalues raised to at least epsilon times the largest one (or times one when
/// none is positive, since controls are of order one). Directions that are undetermined thereby get
/// a very large but finite variance.
DenseMatrix inverse_above_rounding(const DenseMatrix& matrix);

/// The same inverse of the submatrix of the rows and columns that are `kept` [n]; zero elsewhere.
DenseMatrix inverse_of_kept(const DenseMatrix& matrix, const std::vector<char>& kept);

/// A square root R, with R R^T equal to the matrix: eigenvectors times the roots of their
/// eigenvalues. Negative eigenvalues count as zero.
DenseMatrix root_of(const DenseMatrix& matrix);

/// The indices of the elements that are not zero.
std::vector<std::size_t> indices_of(const std::vector<char>& chosen);

} // namespace glebe
