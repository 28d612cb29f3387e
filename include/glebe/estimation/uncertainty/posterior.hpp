// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/table.hpp"
#include "glebe/estimation/problem/objective.hpp"
#include "glebe/estimation/uncertainty/at_bound.hpp"

#include <vector>

namespace glebe {

/// The Gaussian approximation of the posterior at the estimate, per column, on the subspace of the
/// controls that are not at a bound; NaN for those at a bound.
struct Posterior {
  Table<AtBound> at_bound;                ///< [column][k]
  DenseMatrix std;                        ///< [column][k], in the unit of each parameter
  DenseBlocks covariance;                 ///< (G + B^-1)^-1 in the scaled controls [column]
  DenseBlocks averaging_kernel;           ///< (G + B^-1)^-1 G in the scaled controls [column]
  std::vector<double> degrees_of_freedom; ///< trace of the averaging kernel [column]
  std::vector<double> condition_number;   ///< of G + B^-1 in the scaled controls [column]
  std::vector<double> reduced_chi_square; ///< 2 J of the data / (values - degrees of freedom)
  /// Factor of the error variances of the observations [column]: one, or with scale_by_chi_square
  /// the reduced chi-square, of the column, or of all columns if they are coupled.
  std::vector<double> error_scale;
  double reduced_chi_square_of_all; ///< of a coupled problem; otherwise NaN
  /// The precision of a column without its own data, scaled [column]: that of the prior, and in a
  /// coupled problem also the information from the data of other columns.
  DenseBlocks precision_without_data;
  DenseMatrix pull; ///< dJ/dx [column][k] of scaled controls at a bound; zero elsewhere

  /// The values of a column that are not at a bound.
  std::vector<std::size_t> free(std::size_t column) const;
};

/// [control of this rank]: not at a bound, at a point evaluated with derivatives. Collective.
std::vector<char> free_controls(const Objective& objective, const EvaluatedPoint& point);

/// The posterior at a point that was evaluated with blocks. With `scale_by_chi_square` the error
/// variances are multiplied by the reduced chi-square where it is known. Collective. Throws
/// RunError.
Posterior posterior_at(const Objective& objective, const EvaluatedPoint& point,
                       bool scale_by_chi_square);

} // namespace glebe
