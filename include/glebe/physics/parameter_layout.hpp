// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/vocabulary.hpp"

#include <cstddef>

namespace glebe {

/// Where each parameter value of a column stands in one flat array: conductivities and heat
/// capacities of all horizons, the surface and bottom parameters, the initial temperatures, the
/// sensors of the streams.
struct ParameterLayout {
  std::size_t n_horizon = 1;
  std::size_t n_knot = 0;
  std::size_t n_stream = 0; ///< that have parameters of a sensor

  std::size_t count(Parameter parameter) const {
    switch (info(parameter).place) {
    case Place::horizon:
      return n_horizon;
    case Place::knot:
      return n_knot;
    case Place::stream:
      return n_stream;
    default:
      return 1;
    }
  }
  /// Position of the value of `parameter` in horizon, at knot or of stream `index`.
  std::size_t position(Parameter parameter, std::size_t index = 0) const {
    std::size_t sum = index;
    for (std::size_t p = 0; p < static_cast<std::size_t>(parameter); ++p)
      sum += count(static_cast<Parameter>(p));
    return sum;
  }
  std::size_t size() const { return position(static_cast<Parameter>(parameter_count)); }
};

/// One parameter of one place: what a tangent-linear direction perturbs.
struct ParameterSlot {
  Parameter parameter;
  std::size_t index = 0; ///< horizon, knot or stream, zero elsewhere

  bool operator==(const ParameterSlot&) const = default;
};

} // namespace glebe
