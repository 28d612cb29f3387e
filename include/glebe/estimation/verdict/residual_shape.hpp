// SPDX-License-Identifier: BSD-3-Clause
// What the residuals of a stream look like: a constant, a drift, or a mean day with the shape that
// one of a few errors would give it.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>

namespace glebe {

enum class Shape { offset, drift, lag, depth, amplitude, exchange };
inline constexpr std::size_t shape_count = 6;

/// One thing for every shape.
template <class Value>
struct PerShape {
  std::array<Value, shape_count> value{};

  constexpr Value& operator[](Shape shape) { return value[static_cast<std::size_t>(shape)]; }
  constexpr const Value& operator[](Shape shape) const {
    return value[static_cast<std::size_t>(shape)];
  }
};

/// The series of one stream in one column [value], NaN where there is no residual.
struct ResidualSeries {
  std::span<const double> time;     ///< middle of the value's interval, since a midnight [s]
  std::span<const double> residual; ///< model minus observation
  std::span<const double> observed;
  /// Change of the model equivalent for a stronger exchange with the air, in any unit; empty where
  /// the model has no such exchange.
  std::span<const double> exchange;
  /// The stream is in the soil, where a daily wave fades with depth.
  bool in_soil = false;
  double to_local = 0.0; ///< to be added to `time` for the hour of the peak [s]
};

/// All of it NaN where it is not defined.
struct ResidualShape {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

  double mean_square = unknown; ///< of the residuals
  /// The part of the mean square that each shape explains. Shapes of the mean day are taken one
  /// after the other, the one that explains most first and each by what it adds, so that their sum
  /// is at most 1.
  PerShape<double> part{{unknown, unknown, unknown, unknown, unknown, unknown}};
  /// The part that each shape of the mean day explains if it is taken alone.
  PerShape<double> alone = part;
  double offset = unknown;    ///< mean of the residuals [unit of the stream]
  double drift = unknown;     ///< [unit of the stream per day]
  double lag = unknown;       ///< of the model's mean day behind the observed one [s]
  double amplitude = unknown; ///< of the model's mean day, relative to the observed one
  double depth = unknown;     ///< how much deeper the sensor would be [damping depth of the day]
  double peak = unknown;      ///< largest residual of the mean day without offset, with its sign
  double peak_hour = unknown; ///< when [h]

  /// All of the mean day that the shapes explain.
  double daily() const {
    double sum = 0.0;
    for (const Shape shape : {Shape::lag, Shape::depth, Shape::amplitude, Shape::exchange})
      if (!std::isnan(part[shape])) sum += part[shape];
    return sum;
  }
};

/// Finds the shapes of series one after the other. What depends on the times of the values alone is
/// kept for the next series: columns of a region are mostly observed at the same times.
///
/// Fits a constant, a line and a mean day of up to four harmonics to the residuals by least
/// squares, and the shapes to this mean day. For a harmonic n of the observed mean day, as a
/// complex amplitude A_n, they are: of a lag i n A_n, of another depth (1 + i) sqrt(n) A_n (the
/// wave in a uniform half space: Carslaw and Jaeger 1959, section 2.6), of an amplitude A_n. A
/// depth counts only where no other shape explains more. Lag and amplitude of the result are those
/// of a fit of both together. There are as many harmonics as the hours with values can tell apart,
/// no mean day of fewer than two days, no drift of fewer than three. Not collective.
class ShapeFinder {
public:
  ShapeFinder();
  ShapeFinder(ShapeFinder&&) noexcept;
  ~ShapeFinder();

  ResidualShape of(const ResidualSeries& series);

private:
  struct Kept;
  std::unique_ptr<Kept> kept_; ///< of the last series
};

/// The shape of one series. Not collective.
inline ResidualShape shape_of(const ResidualSeries& series) { return ShapeFinder().of(series); }

} // namespace glebe
