// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/base/ranks.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace glebe {

/// Logs the memory that a run needs before it is allocated, and refuses to exceed the memory_limit
/// of the namelist.
class MemoryBudget {
public:
  /// `limit` is per rank [byte]; `where` names the setting in messages.
  MemoryBudget(const Ranks& ranks, const Log& log, std::optional<double> limit, std::string where)
      : ranks_(ranks), log_(log), limit_(limit), where_(std::move(where)) {}

  /// Collective. Claims bytes on this rank and logs the largest claim of any rank. Throws
  /// InputError on all ranks when the sum of claims exceeds the limit on any.
  void claim(const std::string& what, double bytes);
  /// The largest sum of claims of any rank [byte]. Collective.
  double claimed() const { return ranks_.max(claimed_); }

private:
  Ranks ranks_;
  Log log_;
  std::optional<double> limit_;
  std::string where_;
  double claimed_ = 0.0;
};

} // namespace glebe
