// SPDX-License-Identifier: BSD-3-Clause
// The memory of errors found from residuals of columns that are spread over ranks.
#include "glebe/base/random.hpp"
#include "glebe/estimation/uncertainty/memory_of_residuals.hpp"
#include "glebe/simulation/error_memory.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace glebe {
namespace {

constexpr double hour = 3600.0, day = 86400.0;

// Half-hourly times [s] of which some are missing, as are whole days.
std::vector<double> times_with_gaps(std::size_t n, std::uint64_t seed) {
  std::vector<double> times;
  for (std::size_t k = 0; times.size() < n; ++k)
    if (random_uniform({seed, k}) > 0.2 && k / 48 % 7 != 3)
      times.push_back(1800.0 * static_cast<double>(k));
  return times;
}

// A series of errors with this memory, of a column with a variance of its own.
void add_column(std::uint64_t column, std::size_t n, double memory, MemoryLikelihood& likelihood) {
  const std::vector<double> times = times_with_gaps(n, 20 + column);
  LastingNoise noise(memory);
  std::vector<double> series;
  for (std::size_t k = 0; k < n; ++k)
    series.push_back((1.0 + static_cast<double>(column)) *
                     noise.next(times[k], random_normal(100 + column, 1, k, 0)));
  likelihood.add(series, times);
}

/// 40 columns of 500 values: some 40 * 500 / 48 independent pieces of a memory of 12 h, from which
/// it is known to about 7 %, whatever the variances of the columns; to the last digit by any number
/// of ranks, some of which may have no column.
TEST(MemoryOfResiduals, IsFoundOverRanks) {
  const Ranks all, alone(MPI_COMM_SELF);
  for (const auto& [hours, n_column] : {std::pair(3.0, 40U), {12.0, 40U}, {12.0, 1U}}) {
    MemoryLikelihood here, whole;
    for (unsigned c = 0; c < n_column; ++c) {
      add_column(c, 500, hours * hour, whole);
      if (static_cast<int>(c) % all.size() == all.rank()) add_column(c, 500, hours * hour, here);
    }
    const MemoryEstimate found = most_likely_memory(all, here, 365 * day);
    EXPECT_EQ(found.hours, most_likely_memory(alone, whole, 365 * day).hours);
    EXPECT_FALSE(found.endless);
    EXPECT_EQ(found.hours, std::stod(fmt::format("{:.3g}", found.hours)));
    EXPECT_NEAR(found.hours / hours, 1.0, n_column > 1 ? 0.2 : 1.0);
  }
}

/// White noise has none, but in some 2 % of series.
TEST(MemoryOfResiduals, OfWhiteNoise) {
  const Ranks alone(MPI_COMM_SELF);
  int noticed = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    MemoryLikelihood likelihood;
    add_column(seed, 100, 0.0, likelihood);
    noticed += most_likely_memory(alone, likelihood, 14 * day).hours > 0.0;
  }
  EXPECT_LT(noticed, 20); // 9 +- 3
}

/// What does not come back has a memory without end; what is not there has none.
TEST(MemoryOfResiduals, OfABias) {
  const Ranks all;
  constexpr double window = 14 * day;
  MemoryLikelihood drift;
  const std::vector<double> times = times_with_gaps(300, 1);
  std::vector<double> series;
  for (const double t : times) series.push_back(3.0 + t / window);
  drift.add(series, times);
  const MemoryEstimate found = most_likely_memory(all, drift, window);
  EXPECT_TRUE(found.endless);
  EXPECT_EQ(found.hours, 14 * 24.0);
  EXPECT_EQ(most_likely_memory(all, MemoryLikelihood(), window).hours, 0.0);
}

} // namespace
} // namespace glebe
