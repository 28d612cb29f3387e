// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/data/region_map.hpp"
#include "glebe/grid/columns.hpp"
#include "glebe/grid/soil_grid.hpp"
#include "glebe/physics/parameter_schedule.hpp"

#include <vector>

namespace glebe {

/// One estimated value: a parameter in one place, or one of its knots in time. By `space` it is
/// estimated for every column, for every class of a region map, or once for the domain.
struct Control {
  ParameterSlot slot;
  std::size_t value = 0; ///< position among the values of a column: its slot, or its knot
  std::size_t knot = 0;
  double lower = 0.0;
  double upper = 0.0;
  double prior_std = 0.0; ///< zero: no prior
  Space space = Space::column;
  int region = -1;                 ///< index of a region map, for Space::region
  double correlation_length = 0.0; ///< [m]; zero: columns are independent
  double time_std = 0.0;           ///< of the change between two knots; zero: no such prior
  const ParameterSettings* settings = nullptr;
};

/// The parameters of this rank's columns by the settings. A column has n_value values: the slots of
/// the layout, then the knots of the parameters that vary in time. The slot of such a parameter has
/// the value of its first knot.
struct ParameterValues {
  ParameterSchedule schedule;
  std::vector<std::vector<double>> knot_time; ///< [varying][knot], from the start [s]
  DenseMatrix first_guess;                    ///< [column][n_value]
  std::vector<Control> controls;              ///< in the order of the values
  /// Values that are held, with a prior_std: their bounds are 0 and prior_std, so that a scaled
  /// change of one is a standard deviation. In the order of the values.
  std::vector<Control> considered;
  std::vector<RegionMap> regions; ///< the different maps
};

/// Reads or sets every parameter; parameters that the model does not use are zero. An initial
/// profile from a file defines the knots in depth of `soil`. If `space` is not `column`, the first
/// guess is the same in all columns. Collective. Throws InputError with file and variable, or the
/// line of the namelist.
ParameterValues read_parameters(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                                SoilGrid& soil, const Columns& columns, const Log& log);

} // namespace glebe
