// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/algebra/dense.hpp"

#include "glebe/base/error.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <limits>

namespace glebe {

EigenSystem eigen_system(const DenseMatrix& matrix) {
  if (matrix.rows() == 0) return {};
  const Eigen::SelfAdjointEigenSolver<DenseMatrix> solver(matrix);
  if (solver.info() != Eigen::Success)
    throw RunError(
        fmt::format("the eigenvalues of a matrix of order {} did not converge", matrix.rows()));
  return {solver.eigenvalues(), solver.eigenvectors()};
}

DenseMatrix EigenSystem::with_values(const DenseVector& f) const {
  DenseMatrix sum = vectors * f.asDiagonal() * vectors.transpose();
  sum.triangularView<Eigen::StrictlyUpper>() = sum.transpose(); // symmetric to the last bit
  return sum;
}

DenseMatrix inverse_above_rounding(const DenseMatrix& matrix) {
  const Eigen::Index n = matrix.rows();
  if (n == 0) return {};
  const EigenSystem system = eigen_system(matrix);
  const double largest = system.values[n - 1] > 0.0 ? system.values[n - 1] : 1.0;
  const double least = std::numeric_limits<double>::epsilon() * largest;
  return system.with_values(system.values.cwiseMax(least).cwiseInverse());
}

DenseMatrix inverse_of_kept(const DenseMatrix& matrix, const std::vector<char>& kept) {
  const std::vector<std::size_t> indices = indices_of(kept);
  DenseMatrix result = DenseMatrix::Zero(matrix.rows(), matrix.cols());
  if (!indices.empty()) result(indices, indices) = inverse_above_rounding(matrix(indices, indices));
  return result;
}

DenseMatrix root_of(const DenseMatrix& matrix) {
  if (matrix.rows() == 0) return {};
  const EigenSystem system = eigen_system(matrix);
  return system.vectors * system.values.cwiseMax(0.0).cwiseSqrt().asDiagonal();
}

std::vector<std::size_t> indices_of(const std::vector<char>& chosen) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (chosen[i]) indices.push_back(i);
  return indices;
}

} // namespace glebe
