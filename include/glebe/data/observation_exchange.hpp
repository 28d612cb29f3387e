// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/observations.hpp"

namespace glebe {

/// Observations of the columns that ranks have by `from`, sent to where they are by `to`, which has
/// the same active columns. Collective.
Observations exchange_columns(const Ranks& ranks, Observations observations, const Columns& from,
                              const Columns& to);

} // namespace glebe
