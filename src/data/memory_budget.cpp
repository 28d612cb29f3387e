// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/memory_budget.hpp"

#include "glebe/base/error.hpp"

#include <unistd.h>

namespace glebe {

// All that the machine has, used or not [byte]; more cannot be had by any run.
static double memory_of_machine() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

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
  if (const double most = memory_of_machine(); total > most)
    throw InputError(fmt::format("{:.3g} GB per rank are needed with {}: more than the {:.3g} GB "
                                 "that this machine has; use more machines, a shorter window or "
                                 "longer steps",
                                 total / 1e9, what, most / 1e9));
}

} // namespace glebe
