// SPDX-License-Identifier: BSD-3-Clause
// Where estimates contradict what was known or measured.
#pragma once

#include "glebe/base/ranks.hpp"
#include "glebe/estimation/verdict/causes.hpp"
#include "glebe/estimation/verdict/verdict.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace glebe {

/// A temperature that is beyond all that was measured by more than this contradicts it [K].
inline constexpr double far_from_measured = 5.0;

/// The lowest and highest of some temperatures [K]; NaN where there are none.
struct TemperatureRange {
  double lowest = std::numeric_limits<double>::quiet_NaN();
  double highest = std::numeric_limits<double>::quiet_NaN();

  void include(double value) {
    // As fmin and fmax, which are calls.
    if (value < lowest || std::isnan(lowest)) lowest = value;
    if (value > highest || std::isnan(highest)) highest = value;
  }
  void include(const TemperatureRange& other) {
    include(other.lowest);
    include(other.highest);
  }
  /// How far a temperature is above (positive) or below the range if that is more than
  /// far_from_measured; otherwise, and where there is no range, zero.
  double beyond(double value) const;
};

/// The estimates of one column [m] beside what was known before.
struct ColumnEstimates {
  std::vector<double> estimate, prior; ///< in the units of the parameters
  std::vector<AtBound> bound;
  TemperatureRange measured; ///< in the soil, at the surface and in the air
  TemperatureRange profile;  ///< simulated, below the uppermost thermometer
};

/// How far an estimate is from its prior [prior_std]; zero without a prior.
double from_prior(const ControlTraits& control, double estimate, double prior);

/// By how much the temperatures among the estimates are beyond all that was measured [m] [K].
std::vector<double> beyond_measured(const VerdictContext& context, const ColumnEstimates& column);

/// Collects the conflicts of this rank's columns and expresses them in words: for a single column
/// with few controls a line for each control, otherwise numbers of columns for each parameter; with
/// the likely causes.
class ConflictSummary {
public:
  /// `without_frost`: frost or snow are possible and the model has none.
  ConflictSummary(const Ranks& ranks, const VerdictContext& context,
                  std::vector<StreamMisfit> misfits, bool without_frost)
      : ranks_(ranks), context_(context), misfits_(std::move(misfits)),
        without_frost_(without_frost), found_(context.controls.size() + 1) {}

  /// Not collective.
  void add(const ColumnEstimates& column);
  /// The same lines on every rank; `n_column` are the active columns of all ranks. Collective.
  std::vector<std::string> lines(std::int64_t n_column) const;

private:
  /// Of a control, or of the simulated profile, in the columns so far.
  struct Found {
    std::int64_t far = 0, colder = 0, warmer = 0, at_lower = 0, at_upper = 0;
    double farthest = 0.0, coldest = 0.0, warmest = 0.0; ///< with their signs

    bool any() const { return far + colder + warmer + at_lower + at_upper > 0; }
    void include(const Found& other);
  };

  std::string line_of(const ColumnEstimates& column, std::size_t k) const;
  std::string profile_line(const ColumnEstimates& column) const;
  std::vector<std::string> counted(std::int64_t n_column) const;
  Found over_ranks(Found local) const;
  std::string causes(Parameter parameter) const;

  const Ranks& ranks_;
  const VerdictContext& context_;
  std::vector<StreamMisfit> misfits_;
  bool without_frost_;
  std::vector<Found> found_;       ///< [control], and last of the profile
  std::vector<std::string> lines_; ///< of the last column
};

} // namespace glebe
