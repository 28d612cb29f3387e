// SPDX-License-Identifier: BSD-3-Clause
// The parts of a split window.
#pragma once

#include "glebe/app/case/case.hpp"

#include <vector>

namespace glebe {

/// A part of the window, from the start of a step to the end of one [s since the window's start].
struct PartWindow {
  double begin;
  double end;
};

/// The parts of `&split`, of lengths that differ by no more than a step; without a split one, the
/// whole window. Throws InputError if they are shorter than a day, because without a whole daily
/// cycle little is learned. Not collective.
std::vector<PartWindow> part_windows(const Settings& settings, const ModelTime& time);

/// Throws InputError if a part has no observation that is to be fitted. Collective.
void check_parts(const Case& inputs);

/// The settings of a part: those of the whole in another window and with another seed, without what
/// is done for the whole only, namely profiles, the bootstrap and correlations between cells. Not
/// collective.
Settings settings_of_part(const Case& whole, const PartWindow& window);

} // namespace glebe
