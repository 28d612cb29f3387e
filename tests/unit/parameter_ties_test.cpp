// SPDX-License-Identifier: BSD-3-Clause
// The map from what is given to values that are multiples of others, its tangent and its adjoint.
#include "glebe/physics/parameter_ties.hpp"
#include "glebe/physics/real.hpp"

#include <gtest/gtest.h>

namespace glebe {
namespace {

// v1 = r v0, v2 = v1, v4 = r' v2 with r' where v3 would stand, v3 = v0: a chain of three.
const Ties chain{{1, 0, 1}, {2, 1, Tie::same}, {4, 2, 3}, {3, 0, Tie::same}};
const std::vector<double> given{2.0, 3.0, 7.0, 5.0, 11.0};
const std::vector<double> tied{2.0, 6.0, 6.0, 2.0, 30.0};

std::vector<double> values_of(const std::vector<double>& of) {
  std::vector<double> values = of;
  tie(chain, of.data(), values.data());
  return values;
}

TEST(ParameterTies, chains_are_resolved) { EXPECT_EQ(values_of(given), tied); }

TEST(ParameterTies, a_ratio_of_one_is_the_same) {
  std::vector<double> one = given;
  one[1] = 1.0;
  EXPECT_EQ(values_of(one)[1], one[0]);
}

TEST(ParameterTies, tangent_is_the_complex_step) {
  for (std::size_t k = 0; k < given.size(); ++k) {
    constexpr double step = 1e-30;
    std::vector<Complex> moved(given.begin(), given.end());
    moved[k] += Complex(0.0, step);
    std::vector<Complex> values = moved;
    tie(chain, moved.data(), values.data());
    std::vector<double> unit(given.size(), 0.0);
    unit[k] = 1.0;
    std::vector<double> values_tl = unit;
    tie_tl(chain, given.data(), tied.data(), unit.data(), values_tl.data());
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_DOUBLE_EQ(values_tl[i], values[i].imag() / step) << k << " " << i;
  }
}

// <J v, w> = <v, J^T w>; the numbers are small integers, and every sum is exact.
TEST(ParameterTies, adjoint_is_the_transpose) {
  const std::vector<double> v{1.0, -2.0, 4.0, 3.0, -5.0}, w{2.0, 1.0, -3.0, 6.0, 4.0};
  std::vector<double> Jv = v;
  tie_tl(chain, given.data(), tied.data(), v.data(), Jv.data());
  std::vector<double> used = w, JTw(w.size());
  tie_ad(chain, given.data(), tied.data(), std::span<double>(used), JTw.data());
  double left = 0.0, right = 0.0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    left += Jv[i] * w[i];
    right += v[i] * JTw[i];
  }
  EXPECT_EQ(left, right);
  EXPECT_EQ(JTw[2], 0.0); // in the place of a value that is the same as another
}

TEST(ParameterTies, followers_are_all_down_the_chain) {
  EXPECT_EQ(values_that_follow(chain, 0, 5), (std::vector<char>{1, 1, 1, 1, 1}));
  EXPECT_EQ(values_that_follow(chain, 1, 5), (std::vector<char>{0, 1, 1, 0, 1}));
  EXPECT_EQ(values_that_follow(chain, 3, 5), (std::vector<char>{0, 0, 0, 0, 1}));
  EXPECT_EQ(values_that_follow(chain, 2, 5), (std::vector<char>{0, 0, 0, 0, 0}));
  EXPECT_EQ(values_that_follow({}, 2, 5), (std::vector<char>{0, 0, 1, 0, 0}));
}

} // namespace
} // namespace glebe
