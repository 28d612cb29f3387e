// SPDX-License-Identifier: BSD-3-Clause
// The parts of a window, and z-scores between them, by hand.
#include "glebe/app/case/split.hpp"
#include "glebe/base/error.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace glebe {
namespace {

Settings settings_with(int parts) {
  Settings settings;
  settings.split.parts = parts;
  return settings;
}

ModelTime hours(std::size_t n_step) {
  ModelTime time;
  time.step = 3600.0;
  time.n_step = n_step;
  return time;
}

TEST(PartWindows, CoverTheWindowInWholeSteps) {
  const auto windows = part_windows(settings_with(3), hours(100));
  ASSERT_EQ(windows.size(), 3U);
  EXPECT_EQ(windows[0].begin, 0.0);
  EXPECT_EQ(windows[0].end, 33 * 3600.0);
  EXPECT_EQ(windows[1].begin, windows[0].end);
  EXPECT_EQ(windows[1].end, 66 * 3600.0);
  EXPECT_EQ(windows[2].begin, windows[1].end);
  EXPECT_EQ(windows[2].end, 100 * 3600.0);
}

TEST(PartWindows, AreADayOrLonger) {
  EXPECT_EQ(part_windows(settings_with(2), hours(48)).size(), 2U);
  EXPECT_THROW(part_windows(settings_with(2), hours(47)), InputError);
  EXPECT_EQ(part_windows(settings_with(1), hours(5)).size(), 1U);
}

PartEstimate part(double first, double second, double std, Verdict verdict) {
  PartEstimate result{{},
                      true,
                      DenseMatrix(1, 3),
                      DenseMatrix::Constant(1, 3, std),
                      Table<Verdict>(1, 3, Verdict::determined)};
  result.estimate << first, second, 280.0;
  result.verdict(0, 1) = verdict;
  return result;
}

std::vector<Control> controls() {
  std::vector<Control> three(3);
  three[0].slot.parameter = Parameter::thermal_conductivity;
  three[1].slot.parameter = Parameter::albedo;
  three[2].slot.parameter = Parameter::initial_temperature;
  return three;
}

TEST(ZScores, AreDifferencesOverTheRootOfSummedVariances) {
  const Split split{{part(1, 5, 3, Verdict::determined), part(2, 5, 4, Verdict::determined),
                     part(4, 9, 0.5, Verdict::in_combination)}};
  const DenseMatrix z = z_scores(split, controls(), 1, 0);
  EXPECT_DOUBLE_EQ(z(0, 0), 1.0 / 5);
  EXPECT_DOUBLE_EQ(z(0, 1), 0.0);
  EXPECT_TRUE(std::isnan(z(0, 2))); // the initial state
  EXPECT_DOUBLE_EQ(z_scores(split, controls(), 0, 1)(0, 0), -1.0 / 5);
  EXPECT_TRUE(std::isnan(z_scores(split, controls(), 1, 1)(0, 0)));
  const std::vector<SumOfSquares> sums = z_of_columns(split, controls());
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].count, 6.0);
  const double variance_2 = 9.25, variance_1 = 16.25; // of the third with each of the others
  const double sum = 1.0 / 25 + 9 / variance_2 + 4 / variance_1 + 16 / variance_2 + 16 / variance_1;
  EXPECT_NEAR(sums[0].rms(), std::sqrt(sum / 6), 1e-14);
}

TEST(ZScores, LeaveOutWhatDoesNotStandAlone) {
  for (const Verdict verdict : {Verdict::at_lower_bound, Verdict::at_upper_bound,
                                Verdict::conditional, Verdict::not_estimated}) {
    const Split split{{part(1, 5, 3, Verdict::determined), part(2, 6, 4, verdict)}};
    EXPECT_TRUE(std::isnan(z_scores(split, controls(), 0, 1)(0, 1)));
    EXPECT_TRUE(std::isnan(z_scores(split, controls(), 1, 0)(0, 1)));
    EXPECT_EQ(z_of_columns(split, controls())[0].count, 1.0);
  }
  EXPECT_TRUE(std::isnan(SumOfSquares{}.rms()));
}

TEST(SkillFromOthers, IsTheRootOfMeanSquaresAndTheMeanBias) {
  const auto skill = [](double rmse, double bias) {
    Skill one = no_skill;
    one.rmse = rmse;
    one.bias = bias;
    return std::vector<Skill>{one};
  };
  Split split{{part(1, 5, 3, Verdict::determined), part(2, 5, 4, Verdict::determined),
               part(4, 9, 0.5, Verdict::determined)}};
  split.streams.push_back({0,
                           {skill(9, 9), skill(3, 1), skill(4, 2), skill(5, 0), skill(9, 9),
                            std::vector{no_skill}, skill(1, 1), skill(1, 1), skill(9, 9)}});
  const PredictedStream& stream = split.streams.front();
  EXPECT_DOUBLE_EQ(skill_from_others(split, stream, 0)[0].rmse, std::sqrt(12.5));
  EXPECT_DOUBLE_EQ(skill_from_others(split, stream, 0)[0].bias, 1.5);
  EXPECT_DOUBLE_EQ(skill_from_others(split, stream, 1)[0].rmse, 5.0); // of the one that is known
  EXPECT_TRUE(std::isnan(skill_from_others(split, stream, 0)[0].skill));
}

} // namespace
} // namespace glebe
