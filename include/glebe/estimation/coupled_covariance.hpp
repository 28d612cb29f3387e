// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/column_blocks.hpp"
#include "glebe/estimation/objective.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// As many samples as a posterior is made of where it needs some.
inline constexpr int posterior_samples = 100;

/// The covariance (P^T G P + B^-1)^-1 of a coupled problem, seen from every column: between the
/// values that it varies, scaled, [column][k][k]. Controls that are not `free` (numbered like x on
/// this rank) are held. Values of which nothing is known, or which are held, are NaN.
///
/// Where columns meet only in what they share it is exact: the own values of a column are
/// eliminated by themselves. Where fields couple columns it comes from `n_sample` samples of the
/// Gaussian with that precision, each from one solve (Rue and Held 2005, section 2.4), which gives
/// standard deviations to 1 / sqrt(2 n_sample) of themselves; the samples are the same for any
/// number of ranks up to rounding. Collective. Throws RunError.
std::vector<double> coupled_covariance(const Ranks& ranks, const Controls& controls,
                                       const Coupling& coupling, const ColumnBlocks& columns,
                                       const std::vector<char>& free, int n_sample,
                                       std::uint64_t seed);
/// The same for the blocks of an objective at x, its data weighing `data_weight` of what their
/// errors say.
std::vector<double> coupled_covariance(Objective& objective, Vec x, const std::vector<char>& free,
                                       int n_sample, std::uint64_t seed, double data_weight = 1.0);

} // namespace glebe
