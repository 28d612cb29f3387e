// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/column_positions.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/data/time_axis.hpp"
#include "glebe/physics/laws/sun.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The sun over the intervals of a series, which may be instants, in the calendar of the run.
class SunSeries {
public:
  SunSeries(const ModelTime& time, std::span<const TimeInterval> intervals);

  std::size_t size() const { return sun_.size(); }
  /// At the middle of interval i: the hour angle [rad], which grows by 2 pi a day ...
  double hour_angle(std::size_t i, double longitude) const {
    return glebe::hour_angle(sun_[i], middle_[i], longitude);
  }
  /// ... the cosine of the zenith angle at such an hour angle and at the sun's own.
  double cos_zenith(std::size_t i, double latitude, double hour_angle) const {
    return glebe::cos_zenith(sun_[i], latitude, hour_angle);
  }
  double cos_zenith(std::size_t i, const Position& position) const {
    return cos_zenith(i, position.latitude, hour_angle(i, position.longitude));
  }
  /// The mean of the extraterrestrial radiation on a horizontal plane over interval i [W m-2].
  double extraterrestrial(std::size_t i, const Position& position) const;

private:
  std::vector<Sun> sun_;
  std::vector<double> middle_; ///< [s] after the midnight before the start of the window
  std::vector<double> length_; ///< [s]
};

} // namespace glebe
