// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/memory_budget.hpp"

#include "glebe/base/error.hpp"

namespace glebe {

void MemoryBudget::claim(const std::string& what, double bytes) {
  claimed_ += bytes;
  const double largest = ranks_.max(bytes), total = ranks_.max(claimed_);
  constexpr double megabyte = 1e6, worth_a_line = 1e6;
  if (largest >= worth_a_line)
    log_.info("memory: {:.0f} MB per rank for {}", largest / megabyte, what);
  if (limit_ && total > *limit_)
    throw InputError(fmt::format("{} = {:g} GB: {:.3g} GB per rank are needed with {}; use more "
                                 "ranks or a shorter window",
                                 where_, *limit_ / 1e9, total / 1e9, what));
}

} // namespace glebe
