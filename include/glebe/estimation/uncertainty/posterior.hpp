// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/objective.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include <vector>

namespace glebe {

/// Where an estimate lies in its range.
enum class AtBound : signed char { free, lower, upper };

/// The Gaussian approximation of what is known after the estimate, per column, on the subspace of
/// the controls that are not at a bound; NaN for those that are. Arrays [column][k](...[k]).
struct Posterior {
  std::vector<AtBound> at_bound;
  std::vector<double> std;                ///< in the unit of each parameter
  std::vector<double> correlation;        ///< of (G + B^-1)^-1
  std::vector<double> averaging_kernel;   ///< (G + B^-1)^-1 G in the scaled controls
  std::vector<double> degrees_of_freedom; ///< its trace [column]
  std::vector<double> condition_number;   ///< of G + B^-1 in the scaled controls [column]
  std::vector<double> reduced_chi_square; ///< 2 J of the data / (values - degrees of freedom)

  /// Squared factor of the errors of the observations [column]: one, or with scale_by_chi_square
  /// the reduced chi-square, of the column or of all where columns are coupled.
  std::vector<double> error_scale;
  double reduced_chi_square_of_all; ///< of a coupled problem; else NaN
  std::vector<double> beside_data;  ///< of a coupled problem: see precision()

  /// What is known of a column beside its own data, scaled [k][k]: `prior`, its own, or in a
  /// coupled problem also what neighbours and those that share with it know.
  std::span<const double> precision(std::size_t column, const std::vector<double>& prior) const;
  /// The controls of a column that are not at a bound.
  std::vector<std::size_t> free(std::size_t column, std::size_t per_column) const;
};

/// The controls on this rank, as x has them, that are not at a bound at x. Collective.
std::vector<char> free_controls(Objective& objective, Vec x);

/// The posterior at x. With `scale_by_chi_square` the data weigh 1 / error_scale of what their
/// errors say, where the reduced chi-square is known. Collective.
Posterior posterior_at(Objective& objective, const Observations& observations, Vec x,
                       bool scale_by_chi_square);

} // namespace glebe
