// SPDX-License-Identifier: BSD-3-Clause
// The skill of a prediction beside the observations' own mean and regressions, by hand.
#include "glebe/app/case/withheld.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

// Of means 2, with squares about it that sum to 14; see also linear_regression_test.cpp.
const std::vector<double> observed{0, 2, 1, 5};
const std::vector<double> shortwave{0, 1, 2, 3};

StreamFit fit(const std::vector<double>& differences) {
  StreamFit result;
  for (const double d : differences) {
    result.count += 1.0;
    result.sum += d;
    result.sum_of_squares += d * d;
  }
  return result;
}

// With regressions on the same series.
Skill skill_with(const StreamFit& fit, const ObservedSeries& series) {
  return skill_of(fit, series, series);
}

TEST(Skill, ComparesWithTheMeanAndRegressions) {
  const Skill skill = skill_with(fit({1, 0, 0, -2}), {observed, shortwave, {}, {}});
  EXPECT_DOUBLE_EQ(skill.rmse, std::sqrt(5.0 / 4));
  EXPECT_DOUBLE_EQ(skill.bias, -0.25);
  EXPECT_DOUBLE_EQ(skill.observed_std, std::sqrt(14.0 / 4));
  EXPECT_DOUBLE_EQ(skill.skill, 1.0 - 5.0 / 14);
  EXPECT_NEAR(skill.rmse_1lin, std::sqrt(4.2 / 4), 1e-14);
  EXPECT_TRUE(std::isnan(skill.rmse_2lin));
  // Sums of products: 5, -1.5, 2.75 of the inputs, 7 and -4 with y: 14 - (92.75 + 38) / 11.5 is
  // left.
  const ObservedSeries with_air{observed, shortwave, {280, 281, 281, 279}, {}};
  EXPECT_NEAR(skill_with(fit({1, 0, 0, -2}), with_air).rmse_2lin, std::sqrt(30.25 / 11.5 / 4),
              1e-12);
  EXPECT_TRUE(std::isnan(skill_with(fit({1, 0, 0, -2}), with_air).rmse_3km27)); // too few values
}

TEST(Skill, ComparesWithRegressionsFittedElsewhere) {
  // y = 1 + 2 x there; here the errors of this line are -1, -1, -4 and -2.
  const ObservedSeries elsewhere{{1, 5, 3, 9}, {0, 2, 1, 4}, {}, {}};
  const Skill skill = skill_of(fit({1, 0, 0, -2}), {observed, shortwave, {}, {}}, elsewhere);
  EXPECT_NEAR(skill.rmse_1lin, std::sqrt(22.0 / 4), 1e-14);
  EXPECT_DOUBLE_EQ(skill.skill, 1.0 - 5.0 / 14);
  EXPECT_TRUE(std::isnan(skill_of(fit({1}), {{1}, {2}, {}, {}}, {}).rmse_1lin));
}

TEST(Skill, OfTheMeanIsZeroAndBelowForWhatIsWorse) {
  EXPECT_NEAR(skill_with(fit({2, 0, 1, -3}), {observed, {}, {}, {}}).skill, 0.0, 1e-15);
  EXPECT_LT(skill_with(fit({4, 4, 4, 4}), {observed, {}, {}, {}}).skill, 0.0);
  EXPECT_EQ(skill_with(fit({0, 0, 0, 0}), {observed, {}, {}, {}}).skill, 1.0);
}

TEST(Skill, IsMissingWhereItIsNotDefined) {
  const Skill nothing = skill_with({}, {});
  EXPECT_TRUE(std::isnan(nothing.rmse) && std::isnan(nothing.observed_std));
  const Skill constant = skill_with(fit({1, 1, 1}), {{0.1, 0.1, 0.1}, {1, 2, 4}, {1, 3, 5}, {}});
  EXPECT_EQ(constant.rmse, 1.0);
  EXPECT_TRUE(std::isnan(constant.skill));
  EXPECT_TRUE(
      std::isnan(skill_with(fit({1, 0, 0, -2}), {observed, {5, 5, 5, 5}, {}, {}}).rmse_1lin));
}

} // namespace
} // namespace glebe
