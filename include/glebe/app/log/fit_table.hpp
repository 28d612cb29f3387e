// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/simulation/evaluation.hpp"

namespace glebe {

/// Logs the number of values, the root mean square and the mean of model minus observation for
/// every stream, over all columns. Collective.
void log_stream_fits(const Ranks& ranks, const Log& log, const std::vector<Stream>& streams,
                     const Evaluation& columns);

} // namespace glebe
