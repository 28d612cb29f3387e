// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/algebra/dense.hpp"

#include "glebe/base/error.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>

namespace glebe {

EigenSystem eigen_system(std::vector<double> matrix, std::size_t n) {
  using Square = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  EigenSystem system{std::vector<double>(n), std::move(matrix)};
  if (n == 0) return system;
  const auto size = static_cast<Eigen::Index>(n);
  Eigen::Map<Square> in_place(system.vectors.data(), size, size);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(in_place);
  if (solver.info() != Eigen::Success)
    throw RunError(fmt::format("the eigenvalues of a matrix of order {} do not converge", n));
  std::copy_n(solver.eigenvalues().data(), n, system.values.data());
  in_place = solver.eigenvectors().transpose();
  return system;
}

} // namespace glebe
