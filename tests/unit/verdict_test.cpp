// SPDX-License-Identifier: BSD-3-Clause
// The verdict: its rules at their thresholds, and its wording word for word.
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/estimation/verdict/verdict.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace glebe {
namespace {

using Lines = std::vector<std::string>;

ObservationSettings thermometer(double depth) {
  ObservationSettings stream;
  stream.kind = ObservationKind::soil_temperature;
  stream.depth = depth;
  return stream;
}

/// Controls with their estimates and relative standard deviations, and what follows from them.
class Site {
public:
  Site& control(Parameter parameter, double lower, double upper, double estimate,
                double prior_std = 0.0) {
    context.controls.push_back({info(parameter).name, parameter, lower, upper, prior_std});
    evidence.estimate.push_back(estimate);
    evidence.bound.push_back(AtBound::free);
    const double std = prior_std / (upper - lower);
    inverse_variance_.push_back(prior_std > 0.0 ? 1.0 / (std * std) : 0.0);
    return *this;
  }

  /// Data with the sensitivities [row][control], in standard deviations of an observation per unit
  /// of each parameter.
  Site& data(const std::vector<std::vector<double>>& rows) {
    const auto m = Eigen::Index(context.controls.size());
    evidence.block.setZero(m, m);
    for (const auto& row : rows) {
      DenseVector scaled(m);
      for (Eigen::Index k = 0; k < m; ++k)
        scaled[k] = row[std::size_t(k)] * context.controls[std::size_t(k)].scale();
      evidence.block += scaled * scaled.transpose();
    }
    return *this;
  }

  /// Data that give two controls these standard deviations and this correlation.
  Site& data(double std_a, double std_b, double correlation) {
    const double rest = 1.0 - correlation * correlation;
    return data({{1.0 / (std_a * std::sqrt(rest)), -correlation / (std_b * std::sqrt(rest))},
                 {0.0, 1.0 / std_b}});
  }

  /// A parameter held at an uncertain value, a standard deviation of which moves the estimates by
  /// `changes`.
  Site& considered(Parameter parameter, double value, double std,
                   const std::vector<double>& changes) {
    context.considered.push_back({info(parameter).name, parameter, std});
    evidence.considered_value.push_back(value);
    evidence.considered.parameter.push_back(changes_.size());
    changes_.push_back(changes);
    return *this;
  }

  ColumnVerdict verdict() {
    const auto m = Eigen::Index(evidence.bound.size());
    evidence.precision = DenseVector::Map(inverse_variance_.data(), m).asDiagonal();
    evidence.precision_unheld = evidence.precision;
    evidence.covariance =
        posterior_of(evidence.block, evidence.precision, evidence.free()).covariance;
    if (!changes_.empty()) consider();
    return judge(context, evidence);
  }

  Lines words() {
    const ColumnVerdict found = verdict();
    return in_words(context, evidence, found);
  }

  VerdictContext context;
  ColumnEvidence evidence;

private:
  // The covariance with the changes, and the block from which they follow.
  void consider() {
    DenseMatrix gain(evidence.bound.size(), changes_.size());
    for (std::size_t k = 0; k < evidence.bound.size(); ++k)
      for (std::size_t r = 0; r < changes_.size(); ++r)
        gain(k, r) = changes_[r][k] / context.controls[k].scale();
    evidence.considered.hessian = evidence.block + evidence.precision;
    evidence.considered.cross = -(evidence.considered.hessian * gain);
    evidence.covariance = with_considered(evidence.covariance, gain);
  }

  std::vector<double> inverse_variance_;
  std::vector<std::vector<double>> changes_; ///< [considered][control]
};

using Verdicts = std::vector<Verdict>;

Site soil() {
  Site site;
  site.control(Parameter::thermal_conductivity, 0.1, 4.0, 0.8)
      .control(Parameter::heat_capacity, 0.5e6, 5e6, 2.2e6);
  site.context.streams = {thermometer(0.05)};
  return site;
}

TEST(Verdict, Determined) {
  EXPECT_EQ(soil().data(0.008, 1.1e4, 0.6).words(),
            (Lines{"thermal_conductivity: determined, 0.8000 +- 0.0080 W m-1 K-1 (1 %)",
                   "heat_capacity: determined, (2.200 +- 0.011)e+06 J m-3 K-1 (0.5 %)"}));
}

/// 0.006 and 0.008 make 0.01; the standard deviation of the heat capacity has a twentieth of its
/// variance from the albedo, too little to be named.
TEST(Verdict, NamesWhatIsHeldAtAnUncertainValue) {
  EXPECT_EQ(
      soil()
          .data(0.006, 1.1e4, 0.6)
          .considered(Parameter::albedo, 0.2, 0.02, {0.008, 2.5e3})
          .words(),
      (Lines{"thermal_conductivity: determined, 0.800 +- 0.010 W m-1 K-1 (1.2 %); 64 % of the "
             "variance from albedo, held at 0.2 +- 0.02",
             "heat_capacity: determined, (2.200 +- 0.011)e+06 J m-3 K-1 (0.51 %)"}));
}

/// What the data determine is not determined if another parameter is not known.
TEST(Verdict, IsJudgedWithWhatIsConsidered) {
  Site site = soil()
                  .data(0.006, 1.1e4, 0.6)
                  .considered(Parameter::albedo, std::nan(""), 0.1, {0.7, 1e3})
                  .considered(Parameter::deep_temperature, 285.0, 1.0, {0.3, 1e3});
  EXPECT_EQ(site.verdict().of_control, (Verdicts{Verdict::not_determined, Verdict::determined}));
  EXPECT_EQ(
      site.words().front(),
      "thermal_conductivity: not determined, standard deviation 0.762 W m-1 K-1 compared with "
      "0.8 W m-1 K-1 without data; 84 % of the variance from albedo, held +- 0.1 and 16 % of the "
      "variance from deep_temperature, held at 285 +- 1 K: measure albedo better, or estimate "
      "it with its prior_std");
}

/// A strong correlation that a considered parameter makes is none of the data.
TEST(Verdict, CommonErrorsAreNoCombination) {
  Site site = soil().data(0.01 * 0.8, 0.01 * 2.2e6, 0.0);
  site.considered(Parameter::albedo, 0.2, 0.02, {0.3 * 0.8, 0.3 * 2.2e6});
  EXPECT_EQ(site.verdict().of_control, Verdicts(2, Verdict::determined));
}

TEST(Verdict, NotSeparable) {
  Site site = soil().data(0.44 * 0.8, 0.22 * 2.2e6, 0.9994);
  EXPECT_EQ(site.verdict().of_control, Verdicts(2, Verdict::in_combination));
  EXPECT_EQ(site.words(),
            (Lines{"thermal_conductivity and heat_capacity: correlation 0.9994, not separable; "
                   "only thermal_conductivity / heat_capacity^2 = 1.6529e-13, known to 1.5 %: add "
                   "a second depth"}));
}

TEST(Verdict, QuotientAndProductHaveNames) {
  EXPECT_EQ(soil().data(0.3 * 0.8, 0.3 * 2.2e6, 0.9998).words().front(),
            "thermal_conductivity and heat_capacity: correlation 0.9998, not separable; only "
            "thermal_conductivity / heat_capacity (the thermal diffusivity) = 3.6364e-07, known to "
            "0.6 %: add a second depth");
  Site site = soil().data(0.3 * 0.8, 0.3 * 2.2e6, -0.9998);
  site.context.streams = {thermometer(0.05), thermometer(0.15)};
  EXPECT_EQ(site.words().front(),
            "thermal_conductivity and heat_capacity: correlation -0.9998, not separable; only "
            "thermal_conductivity * heat_capacity (the square of the thermal inertia) = 1.76e+06, "
            "known to 0.6 %: add a ground heat flux, a longer window or depths farther apart");
}

/// However strong the correlation, what is known to a few per cent is known.
TEST(Verdict, PrecisionOutweighsCorrelation) {
  EXPECT_EQ(soil().data(0.032 * 0.8, 0.022 * 2.2e6, 0.97).verdict().of_control,
            Verdicts(2, Verdict::determined));
  Site strict = soil().data(0.032 * 0.8, 0.022 * 2.2e6, 0.97);
  strict.context.limits.precision = 0.01;
  EXPECT_EQ(strict.verdict().of_control, Verdicts(2, Verdict::in_combination));
  strict.context.limits.correlation_limit = 0.98;
  EXPECT_EQ(strict.verdict().of_control, Verdicts(2, Verdict::determined));
}

TEST(Verdict, NotDetermined) {
  Site site;
  site.control(Parameter::heat_transfer, 1, 50, 15).data({{1.0 / 12.0}});
  EXPECT_EQ(site.words(), (Lines{"heat_transfer: not determined, standard deviation 12 W m-2 K-1 "
                                 "compared with 14.1 W m-2 K-1 "
                                 "without data: add the surface temperature or a turbulent flux"}));
  // Bounds alone would allow 14.1; at 0.7 of that the verdict changes.
  site.data({{1.0 / 9.8}});
  EXPECT_EQ(site.verdict().of_control, Verdicts{Verdict::determined});
  site.context.limits.std_limit = 0.6;
  EXPECT_EQ(site.verdict().of_control, Verdicts{Verdict::not_determined});
}

/// A conductivity of 0.3 +- 0.25 may be next to nothing, however wide its bounds.
TEST(Verdict, WhatCannotBeZeroIsMeasuredByItsSize) {
  Site site;
  site.control(Parameter::thermal_conductivity, 0.01, 100, 0.3).data({{1.0 / 0.25}});
  EXPECT_EQ(site.verdict().of_control, Verdicts{Verdict::not_determined});
}

TEST(Verdict, DataThatAddNothingToThePrior) {
  Site site;
  site.control(Parameter::deep_temperature, 270, 320, 293, 2.0).data({{1.0 / 20.0}});
  EXPECT_EQ(
      site.words(),
      (Lines{"deep_temperature: not determined, standard deviation 1.99 K compared "
             "with 2 K without data: add a deeper sensor or a longer window, or give a prior"}));
}

TEST(Verdict, AtBounds) {
  Site site;
  site.control(Parameter::heat_transfer, 1, 50, 1).control(Parameter::albedo, 0.01, 0.9, 0.9);
  site.data({{1.0, 0.0}, {0.0, 1000.0}});
  site.evidence.bound = {AtBound::lower, AtBound::upper};
  EXPECT_EQ(site.words(),
            (Lines{"heat_transfer at its lower bound, 1 W m-2 K-1: check time stamps and units of "
                   "the forcing",
                   "albedo at its upper bound, 0.9: check units and time stamps of the shortwave "
                   "radiation"}));
}

/// With the heat capacity held by its bound, the conductivity is known to 9 %; otherwise to 20 %.
Site held_by_a_bound(double correlation) {
  Site site;
  site.control(Parameter::thermal_conductivity, 0.1, 4.0, 0.8)
      .control(Parameter::heat_capacity, 0.5e6, 5e6, 0.5e6)
      .data(0.16, 0.2e6, correlation);
  site.evidence.bound[1] = AtBound::lower;
  return site;
}

TEST(Verdict, Conditional) {
  Site site = held_by_a_bound(0.9);
  EXPECT_EQ(site.verdict().of_control, (Verdicts{Verdict::conditional, Verdict::at_lower_bound}));
  EXPECT_EQ(site.words().front(),
            "thermal_conductivity: conditional, 0.8 W m-1 K-1 given heat_capacity = 500000 J m-3 "
            "K-1, its lower bound; free, at most +- 0.16 W m-1 K-1");
  // What no data tell apart may lie anywhere between the bounds: 3.9 / sqrt(12).
  EXPECT_NEAR(
      held_by_a_bound(0.999999).data({{100.0, -1e-5}}).verdict().conditions.front().free_std,
      3.9 / std::sqrt(12.0), 1e-12);
}

/// However weakly correlated, a parameter that the bound has displaced is not determined.
TEST(Verdict, ConditionalWhereTheBoundDisplaces) {
  Site site = held_by_a_bound(0.1);
  site.context.limits.precision = 0.5;
  EXPECT_EQ(site.verdict().of_control[0], Verdict::determined);
  site.evidence.shift = {0.3 / 3.9, -0.1};
  EXPECT_EQ(site.verdict().of_control[0], Verdict::conditional);
  EXPECT_NEAR(site.verdict().conditions.front().free_std, std::hypot(0.16, 0.3), 1e-9);
}

/// Freed, the heat capacity would enlarge the standard deviation by 1 / sqrt(1 - r^2).
TEST(Verdict, ConditionalBeyondAFactor) {
  const double at_limit = std::sqrt(1.0 - 1.0 / (ratio_limit * ratio_limit));
  Site below = held_by_a_bound(at_limit - 0.01), beyond = held_by_a_bound(at_limit + 0.01);
  for (Site* site : {&below, &beyond}) site->context.limits.precision = 0.5;
  EXPECT_EQ(below.verdict().of_control[0], Verdict::determined);
  EXPECT_TRUE(below.verdict().conditions.empty());
  EXPECT_EQ(beyond.verdict().of_control[0], Verdict::conditional);
}

/// Only the bounds that matter are named, and a prior on what is held counts.
TEST(Verdict, ConditionalOnWhat) {
  Site site;
  site.control(Parameter::albedo, 0.01, 0.9, 0.2)
      .control(Parameter::emissivity, 0.5, 1.0, 1.0)
      .control(Parameter::heat_transfer, 1, 50, 1)
      .data({{500, 500, 0}, {0, 50, 0}, {0, 0, 1}});
  site.evidence.bound = {AtBound::free, AtBound::upper, AtBound::lower};
  ASSERT_EQ(site.verdict().conditions.size(), 1U);
  EXPECT_EQ(site.verdict().conditions.front().given, std::vector<std::size_t>{1});
  // Var = 1/500^2 + 1/50^2.
  EXPECT_NEAR(site.verdict().conditions.front().free_std, std::sqrt(4e-6 + 4e-4), 1e-9);
  Site known;
  known.control(Parameter::albedo, 0.01, 0.9, 0.2)
      .control(Parameter::emissivity, 0.5, 1.0, 1.0, 0.001)
      .data({{500, 500}});
  known.evidence.bound[1] = AtBound::upper;
  EXPECT_EQ(known.verdict().of_control[0], Verdict::determined);
}

TEST(Verdict, OtherStandardDeviationsCount) {
  Site site = soil().data(0.008, 1.1e4, 0.6);
  site.evidence.bootstrap_ratio = {15, 1.2};
  site.evidence.profile_ratio = {std::nan(""), 0.5};
  EXPECT_EQ(
      site.words(),
      (Lines{
          "thermal_conductivity: roughly determined, 0.8000 +- 0.0080 W m-1 K-1 (1 %); bootstrap: "
          "15 times the linear standard deviation",
          "heat_capacity: determined, (2.200 +- 0.011)e+06 J m-3 K-1 (0.5 %); profile: "
          "0.5 times the linear standard deviation"}));
  site.evidence.profile_ratio = {100, 1.0};
  EXPECT_EQ(site.verdict().of_control, (Verdicts{Verdict::not_determined, Verdict::determined}));
}

/// What has no standard deviation is not given one.
TEST(Verdict, NothingIsSeen) {
  Site site;
  site.control(Parameter::albedo, 0.01, 0.9, 0.2).data({{0.0}});
  EXPECT_EQ(site.words(), (Lines{"albedo: not determined, the data say nothing of it: add the "
                                 "surface temperature or net radiation"}));
}

TEST(Verdict, SeveralMinima) {
  Site site;
  site.control(Parameter::albedo, 0.01, 0.9, 0.2).data({{500.0}});
  site.evidence.distinct_minima = 3;
  site.evidence.starts = 50;
  site.evidence.cost_spread = 12.34;
  EXPECT_EQ(site.verdict().of_control, Verdicts{Verdict::several_minima});
  EXPECT_EQ(site.words(),
            (Lines{"albedo: determined, 0.2000 +- 0.0020 (1 %), but 3 minima were found "
                   "by 50 starts, costs within 12.3: narrow the bounds, give a "
                   "prior or add observations"}));
}

/// With h (1 + 1/B) alone in the equations, every row of S is along its gradient.
Site bowen(double prior_std = 0.0) {
  Site site;
  site.context.turbulence = Turbulence::bowen;
  site.control(Parameter::albedo, 0.01, 0.9, 0.2)
      .control(Parameter::heat_transfer, 1, 50, 15)
      .control(Parameter::bowen_ratio, 0.1, 20, 1.5, prior_std);
  return site;
}
const double by_h = 1.0 + 1.0 / 1.5, by_ratio = -15.0 / (1.5 * 1.5);

TEST(Verdict, BowenRatio) {
  Site site = bowen().data({{500, 4 * by_h, 4 * by_ratio}, {-200, 3 * by_h, 3 * by_ratio}});
  EXPECT_EQ(site.verdict().of_control,
            (Verdicts{Verdict::determined, Verdict::in_combination, Verdict::in_combination}));
  // Var q = 1 / (5^2 - (4 * 500 - 3 * 200)^2 / (500^2 + 200^2)) = 1 / 18.241 in units of q.
  EXPECT_EQ(site.words().front(),
            "heat_transfer and bowen_ratio enter only as heat_transfer * (1 + 1/bowen_ratio) = 25, "
            "known to 0.94 %: fix one of them or observe a turbulent flux; turbulence = 'humidity' "
            "can separate sensible and latent heat");
  EXPECT_EQ(site.words().size(), 2U);
}

TEST(Verdict, BowenRatioWithPriorIsStillACombination) {
  Site site = bowen(0.1).data({{500, 4 * by_h, 4 * by_ratio}, {-200, 3 * by_h, 3 * by_ratio}});
  EXPECT_EQ(site.verdict().of_control[2], Verdict::in_combination);
}

TEST(Verdict, BowenRatioSeenByALatentFlux) {
  Site site = bowen().data(
      {{500, 4 * by_h, 4 * by_ratio}, {-200, 3 * by_h, 3 * by_ratio}, {0, 4.0, -40.0}});
  EXPECT_EQ(site.verdict().of_control, Verdicts(3, Verdict::determined));
}

TEST(Verdict, ConstantWind) {
  Site site;
  site.control(Parameter::heat_transfer, 1, 50, 10)
      .control(Parameter::heat_transfer_wind, 0, 20, 2);
  site.context.streams = {thermometer(0.0)};
  site.data({{2.0, 6.0}, {1.0, 3.0}}); // U = 3 m/s
  EXPECT_EQ(site.words(),
            (Lines{"heat_transfer and heat_transfer_wind enter only as heat_transfer + "
                   "heat_transfer_wind * U with U the same at all times = 16, known to 2.8 %: fix "
                   "one of them or take a window in which the wind changes"}));
  site.data({{2.0, 6.0}, {1.0, 8.0}}); // another wind
  EXPECT_EQ(site.verdict().of_control, Verdicts(2, Verdict::determined));
}

// What nothing else is known of.
TEST(Verdict, LongwaveBias) {
  Site site;
  site.control(Parameter::longwave_bias, -50, 50, 12);
  site.data({{0.5}});
  EXPECT_EQ(site.words(), (Lines{"longwave_bias: determined, 12.0 +- 2.0 W m-2; it takes up every "
                                 "constant error of the heat fluxes"}));
  site.control(Parameter::heat_transfer, 1, 50, 15).data({{0.5, 0.5}, {0.5, 0.5}});
  EXPECT_NE(
      site.words().front().find("longwave_bias absorbs the same as a constant heat flux: give "
                                "it a prior_std, or add net radiation"),
      std::string::npos)
      << site.words().front();
}

// Where net radiation is an input, it is nothing to add.
TEST(Verdict, NetRadiationAsInput) {
  Site site;
  site.control(Parameter::cover_resistance, 0, 1, 0.1);
  const std::size_t k = 0;
  EXPECT_EQ(advice_for(site.context, {&k, 1}), "add the surface temperature or net radiation");
  site.context.net_radiation = true;
  EXPECT_EQ(advice_for(site.context, {&k, 1}), "add the surface temperature");
}

/// No pair is correlated beyond the limit, yet only a combination of three is known.
TEST(Verdict, ThreeTogether) {
  Site site;
  site.control(Parameter::albedo, 0, 1, 0.5)
      .control(Parameter::emissivity, 0, 1, 0.5)
      .control(Parameter::heat_transfer, 0, 1, 0.5);
  // Orthogonal rows with the squares 30000, 32 and 24, so that G_kk = 10020 and the first element
  // of the inverse is 1/90000 + 1/64 + 1/144 = 0.02258: R^2 = 1 - 1 / 226.3.
  site.data({{100, 100, 100}, {4, 0, -4}, {2, -4, 2}});
  const ColumnVerdict found = site.verdict();
  EXPECT_EQ(found.of_control, Verdicts(3, Verdict::in_combination));
  EXPECT_EQ(site.words().front(),
            "albedo, emissivity and heat_transfer: known only in combination (multiple "
            "correlation 0.9978): add the surface temperature or a turbulent flux");
}

} // namespace
} // namespace glebe
