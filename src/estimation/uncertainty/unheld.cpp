// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/unheld.hpp"

#include "glebe/base/error.hpp"
#include "glebe/estimation/uncertainty/covariance.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include <numeric>
#include <utility>

#include "hessian_solver.hpp"

namespace glebe {

namespace {

constexpr double nothing_known = 1e-4; // the inverse variance of a standard deviation of 100

std::vector<std::size_t> all_of(Eigen::Index m) {
  std::vector<std::size_t> all(static_cast<std::size_t>(m));
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

DenseMatrix with_ridge(DenseMatrix H) {
  H.diagonal().array() += nothing_known;
  return H;
}

// All columns with nothing held. Of a shared control each column adds its part of the ridge, which
// is above rounding.
GaussianProblem unheld_problem(const SolvedPoint& solved, const std::vector<double>& error_scale) {
  constexpr double rounding = 1e-13;
  const Controls& controls = solved.controls();
  const double n_column = static_cast<double>(
      solved.objective.ranks().sum(static_cast<std::int64_t>(controls.n_column())));
  GaussianProblem problem = gaussian_at(solved.objective, solved.point, error_scale,
                                        std::vector<char>(controls.n_local(), 1));
  problem.columns.block = [block = problem.columns.block, &controls, n_column](std::size_t c) {
    DenseMatrix H = block(c);
    for (Eigen::Index k = 0; k < H.rows(); ++k) {
      const double parts = controls.shared(static_cast<std::size_t>(k)) ? n_column : 1.0;
      H(k, k) += nothing_known / parts + rounding * H(k, k);
    }
    return H;
  };
  return problem;
}

// The gradient of the cost in the controls at a bound, zero in others.
Vector pull_of(const SolvedPoint& solved) {
  Vector pull = solved.controls().make_vector();
  solved.objective.gradient(solved.point, pull.handle());
  const std::vector<char> free = free_controls(solved.objective, solved.point);
  WriteArray g(pull.handle());
  for (std::size_t i = 0; i < free.size(); ++i)
    if (free[i]) g[i] = 0.0;
  return pull;
}

} // namespace

Unheld::Unheld(const SolvedPoint& solved, const Considered& considered)
    : solved_(solved), considered_(considered) {
  const Objective& objective = solved.objective;
  if (objective.separable() || !objective.ranks().any(!solved.posterior.pull.isZero(0.0))) return;
  try {
    coupled_ = find_coupled();
  } catch (const RunError& error) { // on all ranks
    trouble_ = error.what();
  }
}

Unheld::Coupled Unheld::find_coupled() const {
  const Controls& controls = solved_.controls();
  const std::vector<double> as_minimised(controls.n_column(), 1.0);
  const GaussianProblem minimised = unheld_problem(solved_, as_minimised);
  const Vector pull = pull_of(solved_);
  Coupled found{-controls.of_columns(HessianSolver(minimised).solve(pull.handle()).handle()),
                DenseBlocks(controls.n_column(), controls.per_column()),
                considered_.coupled_gain(minimised)};
  const std::vector<double>& scale = solved_.posterior.error_scale;
  const ColumnCovariances covariances = column_covariances(unheld_problem(solved_, scale));
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    found.precision_without_data[c] = glebe::precision_without_data(
        covariances.matrix[c], solved_.objective.data_block(solved_.point, c, scale[c]));
  return found;
}

DenseVector Unheld::shift(std::size_t column) const {
  if (coupled_) return coupled_->shift.row(Eigen::Index(column)).transpose();
  const DenseVector pull = solved_.posterior.pull.row(Eigen::Index(column)).transpose();
  if (pull.isZero(0.0)) return DenseVector::Zero(pull.size());
  return -(covariance_of(own_hessian(column), all_of(pull.size())).matrix * pull);
}

// Of the cost that was minimised, for a column whose estimate does not depend on others.
DenseMatrix Unheld::own_hessian(std::size_t column) const {
  return with_ridge(solved_.objective.data_block(solved_.point, column, 1.0) +
                    solved_.posterior.precision_without_data[column]);
}

DenseMatrix Unheld::precision_without_data(std::size_t column) const {
  return coupled_ ? coupled_->precision_without_data[column]
                  : solved_.posterior.precision_without_data[column];
}

DenseMatrix Unheld::gain(std::size_t column) const {
  if (!considered_.any()) return {};
  const auto m = Eigen::Index(solved_.controls().per_column());
  if (coupled_) return coupled_->gain.middleRows(Eigen::Index(column) * m, m);
  if (!solved_.objective.separable()) return considered_.gain(column);
  ConsideredEffect effect = considered_.effect(solved_, column);
  effect.hessian = own_hessian(column);
  return effect.gain(all_of(m));
}

UnheldGaussian Unheld::gaussian(std::size_t column, const DenseMatrix& block) const {
  const DenseMatrix alone = block + precision_without_data(column);
  const DenseMatrix H = coupled_ ? alone : with_ridge(alone); // which the precision has
  return {solved_.point.x_of_columns.row(Eigen::Index(column)).transpose() + shift(column),
          with_considered(covariance_of(H, all_of(H.rows())).matrix, gain(column))};
}

} // namespace glebe
