// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/memory_budget.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/grid/columns.hpp"

namespace glebe {

/// For whom data are read: the columns of this rank, side by side in so many lanes, in the window
/// of the run. Everything referred to outlives it.
struct Reading {
  const Ranks& ranks;
  const Settings& settings;
  const ModelTime& time;
  const Columns& columns;
  std::size_t lanes;
  MemoryBudget& memory;
  const Log& log;
};

} // namespace glebe
