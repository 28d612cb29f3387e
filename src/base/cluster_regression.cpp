// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/cluster_regression.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>

namespace glebe {

namespace {

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

// [n][k] of some rows.
DenseMatrix rows_of(const DenseMatrix& x, const std::vector<std::size_t>& rows) {
  DenseMatrix result(index(rows.size()), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) result.row(index(i)) = x.row(index(rows[i]));
  return result;
}

// The first centres of k-means, far from each other.
DenseMatrix spread_centres(const DenseMatrix& points, std::size_t number) {
  const Eigen::RowVectorXd mean = points.colwise().mean();
  std::vector<std::size_t> chosen;
  DenseVector distance = (points.rowwise() - mean).rowwise().squaredNorm();
  Eigen::Index next = 0;
  distance.minCoeff(&next);
  distance.setConstant(std::numeric_limits<double>::infinity());
  while (chosen.size() < number && distance[next] > 0.0) {
    chosen.push_back(static_cast<std::size_t>(next));
    const Eigen::RowVectorXd centre = points.row(next);
    distance = distance.cwiseMin((points.rowwise() - centre).rowwise().squaredNorm());
    distance.maxCoeff(&next);
  }
  return rows_of(points, chosen);
}

// The points of each centre. Returns whether any point has changed its centre.
bool assign(const DenseMatrix& points, const DenseMatrix& centres,
            std::vector<std::size_t>& nearest) {
  bool changed = false;
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const std::size_t found = nearest_centre(centres, points.row(index(i)));
    changed = changed || found != nearest[i];
    nearest[i] = found;
  }
  return changed;
}

} // namespace

std::size_t nearest_centre(const DenseMatrix& centres, const DenseRow& point) {
  Eigen::Index nearest = 0;
  double least = std::numeric_limits<double>::infinity();
  for (Eigen::Index c = 0; c < centres.rows(); ++c) {
    double distance = 0.0;
    for (Eigen::Index k = 0; k < centres.cols(); ++k) {
      const double apart = centres(c, k) - point[k];
      distance += apart * apart;
    }
    if (!(distance < least)) continue;
    least = distance;
    nearest = c;
  }
  return static_cast<std::size_t>(nearest);
}

DenseMatrix k_means(const DenseMatrix& points, std::size_t number) {
  // After so many rounds only a few points still move; a benchmark does not need them.
  constexpr int most_rounds = 100;
  DenseMatrix centres = spread_centres(points, number);
  std::vector<std::size_t> nearest(static_cast<std::size_t>(points.rows()),
                                   static_cast<std::size_t>(centres.rows()));
  for (int round = 0; round < most_rounds && assign(points, centres, nearest); ++round) {
    DenseMatrix sum = DenseMatrix::Zero(centres.rows(), centres.cols());
    DenseVector count = DenseVector::Zero(centres.rows());
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      sum.row(index(nearest[i])) += points.row(index(i));
      count[index(nearest[i])] += 1.0;
    }
    for (Eigen::Index c = 0; c < centres.rows(); ++c)
      if (count[c] > 0.0) centres.row(c) = sum.row(c) / count[c];
  }
  return centres;
}

std::optional<ClusterRegression> ClusterRegression::fit(const DenseMatrix& x, const DenseVector& y,
                                                        std::size_t number) {
  // A regressor that varies less, relative to its size, is constant but for rounding.
  constexpr double rounding = 1e-12;
  if (x.rows() < index(number) * (x.cols() + 2) || !x.allFinite() || !y.allFinite()) return {};
  ClusterRegression result;
  result.mean_ = x.colwise().mean();
  const DenseMatrix centred = x.rowwise() - result.mean_;
  result.scale_ = (centred.colwise().squaredNorm() / static_cast<double>(x.rows())).cwiseSqrt();
  for (Eigen::Index k = 0; k < x.cols(); ++k)
    if (!(result.scale_[k] > rounding * x.col(k).cwiseAbs().maxCoeff())) return {};
  const DenseMatrix X = result.standardised(x);
  result.centres_ = k_means(X, number);
  const Eigen::Index n_cluster = result.centres_.rows();
  std::vector<std::vector<std::size_t>> members(static_cast<std::size_t>(n_cluster));
  for (Eigen::Index i = 0; i < X.rows(); ++i)
    members[nearest_centre(result.centres_, X.row(i))].push_back(static_cast<std::size_t>(i));
  result.mean_of_cluster_ = DenseMatrix::Zero(n_cluster, x.cols());
  result.mean_of_y_ = DenseVector::Constant(n_cluster, y.mean());
  result.slope_ = DenseMatrix::Zero(n_cluster, x.cols());
  for (std::size_t c = 0; c < members.size(); ++c)
    if (!members[c].empty()) result.fit_cluster(c, X, y, members[c]);
  return result;
}

void ClusterRegression::fit_cluster(std::size_t cluster, const DenseMatrix& X, const DenseVector& y,
                                    const std::vector<std::size_t>& members) {
  // Singular values below this share of the largest are rounding.
  constexpr double rounding = 1e-8;
  const Eigen::Index c = index(cluster);
  const DenseMatrix own = rows_of(X, members);
  DenseVector values(own.rows());
  for (std::size_t i = 0; i < members.size(); ++i) values[index(i)] = y[index(members[i])];
  mean_of_cluster_.row(c) = own.colwise().mean();
  mean_of_y_[c] = values.mean();
  if (own.rows() < own.cols() + 2) return;
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver;
  solver.setThreshold(rounding);
  solver.compute(own.rowwise() - mean_of_cluster_.row(c));
  slope_.row(c) = solver.solve(DenseVector(values.array() - mean_of_y_[c])).transpose();
}

DenseMatrix ClusterRegression::standardised(const DenseMatrix& x) const {
  return (x.rowwise() - mean_).array().rowwise() / scale_.array();
}

DenseVector ClusterRegression::residuals(const DenseMatrix& x, const DenseVector& y) const {
  const DenseMatrix X = standardised(x);
  DenseVector result(y.size());
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const Eigen::Index c = index(nearest_centre(centres_, X.row(i)));
    result[i] = y[i] - mean_of_y_[c] - slope_.row(c).dot(X.row(i) - mean_of_cluster_.row(c));
  }
  return result;
}

} // namespace glebe
