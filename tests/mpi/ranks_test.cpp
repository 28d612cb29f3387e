// SPDX-License-Identifier: BSD-3-Clause
// Sums that must not depend on the ranks, and failures that all of them know of.
#include "glebe/base/ending.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/interruption.hpp"
#include "glebe/base/ranks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace glebe {
namespace {

// Values over twelve orders of magnitude, the same on every rank.
std::vector<double> values() {
  std::mt19937_64 generator(7);
  std::uniform_real_distribution<double> exponent(-6.0, 6.0);
  std::vector<double> all;
  for (int i = 0; i < 1000; ++i) all.push_back(std::pow(10.0, exponent(generator)));
  return all;
}

// Every rank takes the values whose number, times a stride, falls to it.
double sum_dealt_out(const Ranks& ranks, const std::vector<double>& all, std::size_t stride) {
  std::vector<double> mine;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i / stride % std::size_t(ranks.size()) == std::size_t(ranks.rank())) mine.push_back(all[i]);
  return reproducible_sum(ranks, mine);
}

TEST(ReproducibleSum, IsTheSameHoweverTheValuesAreSpread) {
  const Ranks ranks;
  const std::vector<double> all = values();
  const double alone = reproducible_sum(Ranks(MPI_COMM_SELF), all);
  for (const std::size_t stride : {1, 7, 400, 5000})
    EXPECT_EQ(sum_dealt_out(ranks, all, stride), alone) << "stride " << stride;
  const std::vector<double> reversed(all.rbegin(), all.rend());
  EXPECT_EQ(sum_dealt_out(ranks, reversed, 3), alone);
}

TEST(ReproducibleSum, IsTheSum) {
  const std::vector<double> all = values();
  long double exact = 0.0L;
  for (const double value : all) exact += value;
  // 1000 values, each rounded by less than 1000 / 2^61 of the largest, 1e6 at most; and the double.
  const double bound = 1000.0 * 1000.0 / std::ldexp(1.0, 61) * 1e6 + std::ldexp(double(exact), -53);
  EXPECT_NEAR(sum_dealt_out(Ranks(), all, 1), double(exact), bound);
}

TEST(ReproducibleSum, OfOneValueIsThatValue) {
  const Ranks ranks;
  for (const double value : {0.1, 236.64091, 1e-300, -1.0 / 3.0, 1.7e308}) {
    const std::vector<double> mine(ranks.is_root() ? 1 : 0, value);
    EXPECT_EQ(reproducible_sum(ranks, mine), value);
  }
}

TEST(ReproducibleSum, OfNothingIsZero) {
  const Ranks ranks;
  EXPECT_EQ(reproducible_sum(ranks, {}), 0.0);
  EXPECT_EQ(reproducible_sum(ranks, std::vector<double>(3, 0.0)), 0.0);
}

// A name in a file must not drive the terminal that shows the message.
TEST(Failures, ShowControlCharacters) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(end_together({{"a\x1b[2Jb"}, 1}), 1);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(told, Ranks().is_root() ? "glebe: error: a\\x1b[2Jb\n" : "");
}

TEST(Failures, OfOneRankAreOfTheSameKindOnAll) {
  const Ranks ranks;
  const auto on_last = [&](const auto& error) {
    agree_on_failure(ranks, [&] {
      if (ranks.rank() == ranks.size() - 1) throw error;
    });
  };
  EXPECT_THROW(on_last(Interrupted("stopped")), Interrupted);
  EXPECT_THROW(on_last(InputError("wrong")), InputError);
  EXPECT_THROW(on_last(RunError("failed\x1eno other message")), RunError);
}

} // namespace
} // namespace glebe
