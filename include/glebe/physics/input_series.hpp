// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/inputs.hpp"
#include "glebe/physics/real.hpp"

#include <span>
#include <vector>

namespace glebe {

/// Inputs of one block of columns that share their times, [record][row][lane].
struct InputRows {
  const float* values;
  std::span<const Input> rows;        ///< which input each row holds
  std::span<const InputPoint> points; ///< where every model time lies between the records
};

/// The measured water content of one block of columns, [record][depth][lane], at the middle of
/// every step. None where there are no depths.
struct WaterRows {
  const float* values = nullptr;
  std::span<const double> depths = {};     ///< [m], increasing
  std::span<const InputPoint> points = {}; ///< of the steps
};

/// All inputs of one block of columns at the times of the window's start (point 0) and of every
/// stage after it (point 1 + step * n_stage + stage). Those without a row are not used.
template <class Real>
struct InputSeries {
  std::vector<InputRows> tracks;
  WaterRows water = {};

  Inputs<Real> at(std::size_t point) const {
    Inputs<Real> F = unused();
    read(point, F);
    return F;
  }
  /// The same into `F`, whose inputs without a row stay what unused() made them.
  void read(std::size_t point, Inputs<Real>& F) const {
    for (const InputRows& track : tracks) {
      const auto [record, weight] = track.points[point];
      const std::size_t record_size = track.rows.size() * lane_count<Real>;
      const float* now = track.values + static_cast<std::size_t>(record) * record_size;
      const double w = weight;
      for (const Input input : track.rows) {
        Real value = load<Real>(now);
        if (w != 0.0) {
          const Real next = load<Real>(now + record_size);
          value = fma(Real(w), Real(next - value), value);
        }
        F[input] = value;
        now += lane_count<Real>;
      }
    }
  }
  static Inputs<Real> unused() {
    Inputs<Real> F;
    for (std::size_t i = 0; i < input_count; ++i) F.value[i] = Real(input_table[i].unused);
    return F;
  }
};

} // namespace glebe
