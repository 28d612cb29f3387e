// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/algebra/dense.hpp"

#include <cmath>

#include "column_covariances.hpp"

namespace glebe {

namespace {

// The values of one column that have a covariance.
struct IncludedValues {
  std::vector<std::size_t> own, shared; ///< values k
  std::vector<std::size_t> number;      ///< of `shared` among the shared controls
};

IncludedValues included_values(const GaussianProblem& problem, const std::vector<char>& free_shared,
                               std::size_t column) {
  IncludedValues values;
  for (const std::size_t k : problem.included(free_shared, column)) {
    if (!problem.controls.shared(k)) {
      values.own.push_back(k);
      continue;
    }
    values.shared.push_back(k);
    values.number.push_back(problem.shared_number(column, k));
  }
  return values;
}

} // namespace

// D is the block of a column's own values, C its block between own and shared values, W = D^-1 C,
// and Z the covariance of the shared values. Then the covariance is D^-1 + W Z W^T between own
// values, and -W Z between own and shared values.
DenseBlocks covariance_by_elimination(const GaussianProblem& problem) {
  const Controls& controls = problem.controls;
  const std::size_t n_column = controls.n_column(), n_shared = controls.n_shared();
  const std::vector<char> free_shared = problem.free_shared();
  std::vector<IncludedValues> included;
  DenseMatrix schur = DenseMatrix::Zero(n_shared, n_shared);
  for (std::size_t c = 0; c < n_column; ++c) {
    included.push_back(included_values(problem, free_shared, c));
    const auto& [own, shared, number] = included.back();
    const DenseMatrix block = problem.columns.block(c), C = block(own, shared);
    const DenseMatrix D_inverse = inverse_above_rounding(block(own, own));
    schur(number, number) += block(shared, shared) - C.transpose() * (D_inverse * C);
  }
  problem.ranks.sum(std::span(schur.data(), n_shared * n_shared));
  const DenseMatrix of_shared = inverse_of_kept(schur + problem.coupling.shared(), free_shared);

  DenseBlocks result(n_column, controls.per_column(), std::nan(""));
  for (std::size_t c = 0; c < n_column; ++c) {
    const auto& [own, shared, number] = included[c];
    const DenseMatrix block = problem.columns.block(c), Z = of_shared(number, number);
    const DenseMatrix D_inverse = inverse_above_rounding(block(own, own));
    const DenseMatrix W = D_inverse * block(own, shared), WZ = W * Z;
    auto of_column = result[c];
    of_column(shared, shared) = Z;
    of_column(own, shared) = -WZ;
    of_column(shared, own) = -WZ.transpose();
    of_column(own, own) = D_inverse + WZ * W.transpose();
  }
  return result;
}

} // namespace glebe
