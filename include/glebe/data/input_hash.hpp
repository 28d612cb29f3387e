// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/forcing.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/data/parameter_values.hpp"
#include "glebe/grid/cell_geometry.hpp"

#include <string>
#include <utility>
#include <vector>

namespace glebe {

/// What a run computes with, as far as it comes from files.
struct InputData {
  const Columns& columns;
  const SoilGrid& soil;
  const ParameterValues& parameters;
  const Forcing& forcing;
  const Observations& observations;
  const CellGeometry* geometry; ///< null where no prior needs it
};

/// A hash of each kind of input with its name ("the observations"), the same on any number of
/// ranks: two runs with the same hashes compute with the same numbers. Collective.
std::vector<std::pair<std::string, std::string>> input_hashes(const Ranks& ranks,
                                                              const InputData& data);

} // namespace glebe
