// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/uncertainty/considered.hpp"

namespace glebe {

/// The standard deviations [column][n_value] of the values that follow others, to first order. From
/// the covariances C [column] of the scaled controls, without what considered parameters add, and
/// the derivatives J of all values of a column by them: (J C J^T)_ii; and for each independent
/// change of considered values, which also changes what follows these, the square of
/// (J gain + D)_i with the derivatives D along it. Controls at a bound do not move; NaN for values
/// that follow nothing that moves, and for all that follow nothing. Not collective.
DenseMatrix std_of_followers(const SolvedPoint& solved, const DenseBlocks& covariance,
                             const Considered& considered);

} // namespace glebe
