// SPDX-License-Identifier: BSD-3-Clause
// Memory of large arrays: cleared, also where it has been in use before, and copied whole.
#include "glebe/base/large_array.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace glebe {
namespace {

class LargeArrays : public testing::TestWithParam<std::size_t> {};

TEST_P(LargeArrays, are_zero_at_first) {
  for (int again = 0; again < 3; ++again) {
    LargeArray<float> numbers(GetParam());
    ASSERT_EQ(numbers.size(), GetParam());
    EXPECT_TRUE(std::ranges::all_of(numbers, [](float number) { return number == 0.0F; }));
    std::ranges::fill(numbers, 1.0F);
  }
}

TEST_P(LargeArrays, are_copied) {
  LargeArray<double> numbers(GetParam());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = double(i);
  const LargeArray<double> copy(numbers);
  const LargeArray<double> moved(std::move(numbers));
  EXPECT_TRUE(std::ranges::equal(copy, moved));
  EXPECT_TRUE(numbers.empty());
}

// None, less than a page, and more than a million bytes, which end within a page.
INSTANTIATE_TEST_SUITE_P(Sizes, LargeArrays, testing::Values(0, 5, 400'000, 1'234'567));

} // namespace
} // namespace glebe
