// SPDX-License-Identifier: BSD-3-Clause
// What a stream of observations sees of a column, and when.
#pragma once

#include "glebe/physics/soil.hpp"
#include "glebe/physics/vocabulary.hpp"

#include <cstdint>
#include <vector>

namespace glebe {

/// One stream's view of the column: its kind and the places it interpolates between. A soil
/// temperature lies between nodes. A heat flux at a depth lies between the surface (flux Q) and the
/// midpoints of the elements, where the conductive flux is known to second order.
struct ObservationOperator {
  ObservationKind kind = ObservationKind::surface_temperature;
  Interpolation at;

  static ObservationOperator make(ObservationKind kind, double depth, const Soil& soil) {
    ObservationOperator op{kind, {}};
    if (kind == ObservationKind::soil_temperature) op.at = interpolate(soil.depth, depth);
    if (kind == ObservationKind::ground_heat_flux && depth > 0.0) {
      std::size_t i = 0;
      double above = 0.0, below = 0.5 * soil.thickness[0];
      while (below < depth && i + 1 < soil.thickness.size()) {
        above = below;
        ++i;
        below = soil.depth[i] + 0.5 * soil.thickness[i];
      }
      op.at = {i, below > depth ? (depth - above) / (below - above) : 1.0};
    }
    return op;
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

/// One observation stream: what it sees and when. Pieces are ordered by step, and one observation
/// is complete before the next begins.
struct StreamSchedule {
  ObservationOperator op;
  std::vector<ObservationPiece> pieces;
  std::size_t n_observation = 0;
};

} // namespace glebe
