// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/observations.hpp"

namespace glebe {

/// Moves the observations of columns between ranks, from the distribution `from` to the
/// distribution `to` of the same active columns. Collective.
Observations exchange_columns(const Ranks& ranks, Observations observations, const Columns& from,
                              const Columns& to);

} // namespace glebe
