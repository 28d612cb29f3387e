// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/column_blocks.hpp"
#include "glebe/estimation/problem/objective.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// How the covariance of fields is to be had.
struct FieldCovariance {
  /// With more controls of columns than this, over all ranks, from samples: entries of the inverse
  /// take a time that grows with their square (13 s for 20,000, 1.3 s for 5,000, one core).
  std::size_t largest_exact = 20'000;
  int n_sample = 100;
  std::uint64_t seed = 1;
};

/// Whether it comes from samples. Not collective.
bool has_sampled_covariance(const Controls& controls, const Coupling& coupling,
                            const FieldCovariance& how = {});

/// The covariance (P^T G P + B^-1)^-1 of a coupled problem, seen from every column: between the
/// values that it varies, scaled, [column][k][k]. Controls that are not `free` (numbered like x on
/// this rank) are held. Values of which nothing is known, or which are held, are NaN.
///
/// Where columns meet only in what they share it is exact: the own values of a column are
/// eliminated by themselves. Where fields couple columns it is exact for moderate sizes: the wanted
/// entries of the inverse from a sparse factor, by MUMPS. Else it comes from samples of the
/// Gaussian with that precision, each from one solve (Rue and Held 2005, section 2.4), which gives
/// standard deviations to 1 / sqrt(2 n_sample) of themselves; the samples are the same for any
/// number of ranks up to rounding. Collective. Throws RunError.
std::vector<double> coupled_covariance(const Ranks& ranks, const Controls& controls,
                                       const Coupling& coupling, const ColumnBlocks& columns,
                                       const std::vector<char>& free,
                                       const FieldCovariance& how = {});
/// The same for the blocks of an objective at x, its data weighing `data_weight` of what their
/// errors say.
std::vector<double> coupled_covariance(Objective& objective, Vec x, const std::vector<char>& free,
                                       const FieldCovariance& how = {}, double data_weight = 1.0);

/// The same covariance between the values of column `row`, counted among all active columns, and
/// those of every column, [k][j][column], from a solve for each of its values. Collective. Throws
/// RunError.
std::vector<double> coupled_covariance_row(Objective& objective, Vec x,
                                           const std::vector<char>& free, std::size_t row,
                                           double data_weight = 1.0);

} // namespace glebe
