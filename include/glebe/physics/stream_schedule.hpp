// SPDX-License-Identifier: BSD-3-Clause
// What a stream of observations sees of a column, and when.
#pragma once

#include "glebe/physics/soil.hpp"
#include "glebe/physics/vocabulary.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// One stream's view of the column: its kind and the places it interpolates between. A soil
/// temperature lies between nodes. A heat flux at a depth lies between the top (flux Q) and the
/// midpoints of the elements, where the conductive flux is known to second order.
struct ObservationOperator {
  ObservationKind kind = ObservationKind::surface_temperature;
  Interpolation at;

  /// Where the temperature at the top is given, the flux there is not known: above the first
  /// midpoint it goes on along the line through the first two.
  static ObservationOperator make(ObservationKind kind, double depth, const Soil& soil,
                                  Top top = Top::balance) {
    if (kind == ObservationKind::soil_temperature) return {kind, interpolate(soil.depth, depth)};
    if (kind != ObservationKind::ground_heat_flux) return {kind, {}};
    const auto place = [&](std::size_t i) {
      return i == 0 ? soil.depth[0] : soil.depth[i - 1] + 0.5 * soil.thickness[i - 1];
    };
    if (top != Top::temperature && depth <= soil.depth[0]) return {kind, {}};
    std::size_t i = top == Top::temperature ? 1 : 0;
    while (place(i + 1) < depth && i + 1 < soil.thickness.size()) ++i;
    const double above = place(i), below = place(i + 1);
    return {kind, {i, below > depth ? (depth - above) / (below - above) : 1.0}};
  }
};

/// The part of one observation that one step provides.
struct ObservationPiece {
  std::int32_t step;
  std::int32_t observation;
  double start; ///< weight of the value at the start of the step
  double end;   ///< weight of the value at its end
  double mean;  ///< weight of the mean over it
  bool last;    ///< the observation is complete with this piece
};

/// The parameters that the sensor of a stream has in a run.
struct SensorForm {
  bool moves = false;    ///< sensor_depth
  bool biased = false;   ///< sensor_bias
  std::size_t index = 0; ///< of the stream among those of the layout of parameters
  double depth = 0.0;    ///< at which the operator sees it [m]

  bool any() const { return moves || biased; }
};

/// One observation stream: what it sees and when. Pieces are ordered by step, and one observation
/// is complete before the next begins.
struct StreamSchedule {
  ObservationOperator op;
  std::vector<ObservationPiece> pieces;
  std::size_t n_observation = 0;
  SensorForm sensor = {};
};

} // namespace glebe
