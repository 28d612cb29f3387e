// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/grid/columns.hpp"
#include "glebe/grid/soil_grid.hpp"

#include <vector>

namespace glebe {

/// One estimated parameter of one place: what the optimiser may move in every column.
struct Control {
  ParameterSlot slot;
  double lower = 0.0;
  double upper = 0.0;
  double prior_std = 0.0; ///< zero: no prior
  const ParameterSettings* settings = nullptr;
};

/// The parameters of this rank's columns as the settings give them.
struct ParameterValues {
  ParameterLayout layout;
  std::vector<double> first_guess; ///< [column][slot]
  std::vector<Control> controls;   ///< in the order of the layout

  double& at(std::size_t column, std::size_t slot) {
    return first_guess[column * layout.size() + slot];
  }
};

/// Reads or sets every parameter; parameters that the model does not use are zero. An initial
/// profile from a file defines the knots of `soil`. Collective. Throws InputError naming file and
/// variable, or the line of the namelist.
ParameterValues read_parameters(const Ranks& ranks, const Settings& settings, SoilGrid& soil,
                                const Columns& columns);

} // namespace glebe
