// SPDX-License-Identifier: BSD-3-Clause
// Parameters that follow others: their knots in time, their ties, and the range of their values.
#pragma once

#include "glebe/data/parameter_values.hpp"

namespace glebe {

/// A parameter in one place, as a group of the namelist gives it.
struct Given {
  ParameterSlot slot;
  std::size_t number = 0; ///< of the place among those of its group
  const ParameterSettings* settings = nullptr;
};

/// Those of `all` that follow another one, in the same order. Throws InputError.
std::vector<Follower> followers_of(const std::vector<Given>& all, const Settings& settings);

/// The group that gives the knots in time of a parameter: its own or that of one that it follows;
/// null where it is constant.
const ParameterSettings* knots_given_by(const ParameterSlot& slot, const std::vector<Given>& all,
                                        const std::vector<Follower>& followers);

/// The ties of all values of the followers, for the schedule of `values`.
Ties make_ties(const ParameterValues& values);

/// Throws InputError if values of a follower can leave what is allowed: at the bounds of what is
/// estimated, or as given. `values` has everything else. Collective.
void check_followers(const Ranks& ranks, const Settings& settings, const Columns& columns,
                     const ParameterValues& values);

} // namespace glebe
