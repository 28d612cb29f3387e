// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/data/time_axis.hpp"
#include "glebe/physics/inputs.hpp"

#include <cstddef>
#include <vector>

namespace glebe {

/// The interval to which a value with the stamp `time` refers; a point in time for Stamp::instant.
TimeInterval stamped_interval(double time, Stamp stamp, double interval);

/// A series on a regular axis: records that are absent from the file are entries without a source.
struct CompletedAxis {
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);
  std::vector<double> times;        ///< [s]
  std::vector<std::size_t> sources; ///< record of the file, or absent
};
CompletedAxis complete_axis(const std::vector<double>& times, double interval);

/// Throws InputError, beginning with `where`, when records with these stamps do not cover the
/// window.
void check_coverage(const ModelTime& time, const std::vector<double>& times, Stamp stamp,
                    double interval, const std::string& where);

/// The record of a completed axis that stands for the time t [s], the last one that begins before
/// it; for Stamp::instant the one before it, with the weight of the next.
InputPoint record_at(const std::vector<double>& times, Stamp stamp, double interval, double t);

/// For every time of ModelTime::point: the record whose interval contains it, or for
/// Stamp::instant the two records between which it lies. `times` must be a completed axis. Throws
/// InputError, beginning with `where`, when the records do not cover the window, or when their
/// interval is shorter than a time step.
std::vector<InputPoint> input_points(const ModelTime& time, const std::vector<double>& times,
                                     Stamp stamp, double interval, const std::string& where);
/// The same for every step: of the middle of the `n_hold` steps that have it together, counted from
/// the start of the window.
std::vector<InputPoint> step_points(const ModelTime& time, const std::vector<double>& times,
                                    Stamp stamp, double interval, const std::string& where,
                                    std::size_t n_hold = 1);

} // namespace glebe
