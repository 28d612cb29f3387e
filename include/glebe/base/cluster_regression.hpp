// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace glebe {

/// Centres [cluster][k] of points [n][k] by k-means (Lloyd 1982, doi:10.1109/TIT.1982.1056489). The
/// first centre is the point nearest to their mean, each further one the point farthest from those
/// before it, so that the outcome does not depend on chance; of equal ones the first point is
/// taken. Fewer centres than `number` where the points are not so many different ones. Not
/// collective.
DenseMatrix k_means(const DenseMatrix& points, std::size_t number);

/// The row of `centres` that is nearest to a point; of equally near ones the first.
std::size_t nearest_centre(const DenseMatrix& centres, const DenseRow& point);

/// A linear regression in each of several clusters of the regressors, which k-means makes of them,
/// each with mean 0 and standard deviation 1. With 27 clusters of shortwave radiation, air
/// temperature and humidity this is 3km27 of PLUMBER (Best et al. 2015,
/// doi:10.1175/JHM-D-14-0158.1).
class ClusterRegression {
public:
  /// Fitted to x [n][k] and y [n]. Within a cluster, the shortest of the least-squares solutions is
  /// taken, because a regressor may be constant there (no sun at night); a cluster of fewer than
  /// k + 2 values has their mean. Empty where there are fewer than `number` (k + 2) values, where a
  /// value is not finite, or where a regressor is constant. Not collective.
  static std::optional<ClusterRegression> fit(const DenseMatrix& x, const DenseVector& y,
                                              std::size_t number);

  /// y less what is predicted for x [n], in the unit of y.
  DenseVector residuals(const DenseMatrix& x, const DenseVector& y) const;

private:
  DenseMatrix standardised(const DenseMatrix& x) const;
  void fit_cluster(std::size_t cluster, const DenseMatrix& X, const DenseVector& y,
                   const std::vector<std::size_t>& members);

  Eigen::RowVectorXd mean_, scale_;
  DenseMatrix centres_;
  DenseMatrix mean_of_cluster_; ///< of the standardised regressors [cluster][k]
  DenseVector mean_of_y_;       ///< [cluster]
  DenseMatrix slope_;           ///< [cluster][k]
};

} // namespace glebe
