// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/inputs.hpp"
#include "glebe/physics/real.hpp"

#include <span>

namespace glebe {

/// The inputs of one block of columns, [record][row][lane], at the times of the window's start
/// (point 0) and of every stage after it (point 1 + step * n_stage + stage).
template <class Real>
struct InputSeries {
  const float* values;
  std::span<const Input> rows; ///< which input each row holds; the others are not used
  std::span<const InputPoint> points;

  Inputs<Real> at(std::size_t point) const {
    const auto [record, weight] = points[point];
    const std::size_t record_size = rows.size() * lane_count<Real>;
    const float* now = values + static_cast<std::size_t>(record) * record_size;
    const double w = weight;
    Inputs<Real> F = unused();
    for (const Input input : rows) {
      Real value = load<Real>(now);
      if (w != 0.0) {
        const Real next = load<Real>(now + record_size);
        value = fma(Real(w), Real(next - value), value);
      }
      F[input] = value;
      now += lane_count<Real>;
    }
    return F;
  }

private:
  static Inputs<Real> unused() {
    Inputs<Real> F;
    for (std::size_t i = 0; i < input_count; ++i) F.value[i] = Real(input_table[i].unused);
    return F;
  }
};

} // namespace glebe
