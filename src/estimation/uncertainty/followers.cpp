// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/followers.hpp"

#include <cmath>
#include <optional>
#include <vector>

namespace glebe {

namespace {

// The derivatives of the values of a column by scaled controls, or considered values, [n_value][k].
DenseMatrix derivatives(const Controls& controls, const Eigen::RowVectorXd& given) {
  const Ties& ties = controls.schedule().ties;
  Eigen::RowVectorXd values = given;
  tie(ties, given.data(), values.data());
  DenseMatrix J(given.size(), controls.per_column());
  for (std::size_t k = 0; k < controls.per_column(); ++k) {
    Eigen::RowVectorXd given_tl = Eigen::RowVectorXd::Zero(given.size());
    given_tl[Eigen::Index(controls[k].value)] = controls.scale(k);
    Eigen::RowVectorXd values_tl = given_tl;
    tie_tl(ties, given.data(), values.data(), given_tl.data(), values_tl.data());
    J.col(Eigen::Index(k)) = values_tl.transpose();
  }
  return J;
}

// The changes of the values of a column along each independent change of considered values
// [n_value][r], also by the estimates, whose derivatives are J; without columns if there are none.
DenseMatrix considered_changes(const Considered& considered, const DenseMatrix& J,
                               const Eigen::RowVectorXd& given, std::size_t column) {
  if (!considered.any()) return DenseMatrix(J.rows(), 0);
  return J * considered.gain(column) +
         derivatives(considered.values().values(), given) * considered.changes(column);
}

// The variance of sum_k slope_k x_k of the x_k that move; nothing if none does.
std::optional<double> variance_along(const DenseRow& slope,
                                     const Eigen::Map<const DenseMatrix>& covariance) {
  std::vector<Eigen::Index> moving;
  for (Eigen::Index k = 0; k < slope.size(); ++k)
    if (slope[k] != 0.0 && !std::isnan(covariance(k, k))) moving.push_back(k);
  if (moving.empty()) return {};
  double variance = 0.0;
  for (const Eigen::Index k : moving)
    for (const Eigen::Index j : moving) variance += slope[k] * covariance(k, j) * slope[j];
  return variance;
}

} // namespace

DenseMatrix std_of_followers(const SolvedPoint& solved, const DenseBlocks& covariance,
                             const Considered& considered) {
  const DenseMatrix given = solved.values();
  const Controls& controls = solved.controls();
  DenseMatrix std = DenseMatrix::Constant(given.rows(), given.cols(), std::nan(""));
  if (controls.schedule().ties.empty()) return std;
  for (std::size_t c = 0; c < controls.n_column(); ++c) {
    const DenseMatrix J = derivatives(controls, given.row(Eigen::Index(c)));
    const DenseMatrix added = considered_changes(considered, J, given.row(Eigen::Index(c)), c);
    for (const Tie& tie : controls.schedule().ties) {
      const auto i = Eigen::Index(tie.value);
      const std::optional<double> own = variance_along(J.row(i), covariance[c]);
      const double of_considered = added.row(i).squaredNorm();
      if (own || of_considered > 0.0) std(c, i) = std::sqrt(own.value_or(0.0) + of_considered);
    }
  }
  return std;
}

} // namespace glebe
