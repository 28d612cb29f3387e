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
  std::string ratio_unit = {};     ///< of a ratio to another parameter; empty: it is none
  const ParameterSettings* settings = nullptr;

  bool is_ratio() const { return !ratio_unit.empty(); }
};

/// A parameter in one place that follows another one, by same_as or ratio_to.
struct Follower {
  ParameterSlot slot;
  ParameterSlot of;
  const ParameterSettings* settings = nullptr;

  bool has_ratio() const { return !settings->ratio_to.empty(); }
};

/// The parameters of this rank's columns by the settings. A column has n_value values: the slots of
/// the layout, then the knots of the parameters that vary in time. The slot of such a parameter has
/// the value of its first knot. Where a parameter is tied to another, its ratio stands in its place
/// (see parameter_ties.hpp), and 1 where it is the same.
struct ParameterValues {
  ParameterSchedule schedule;
  std::vector<std::vector<double>> knot_time; ///< [varying][knot], from the start [s]
  DenseMatrix first_guess;                    ///< [column][n_value]
  std::vector<std::size_t> cells; ///< [column] its place in the whole grid, masked cells included
  std::vector<Control> controls;  ///< in the order of the values
  /// Values that are held, with a prior_std: their bounds are 0 and prior_std, so that a scaled
  /// change of one is a standard deviation. In the order of the values.
  std::vector<Control> considered;
  std::vector<RegionMap> regions;       ///< the different maps
  std::vector<Follower> followers = {}; ///< in the order of the layout
};

/// Where parameters are tied, the products of considered values must be possible to this distance
/// from what they are held at, and samples of them go no further [prior_std].
inline constexpr double reach_of_considered = 3.0;

/// The values of columns [.][n_value] for what is given for them: the same, but for those that are
/// tied to others. Not collective.
DenseMatrix tied_values(const ParameterSchedule& schedule, DenseMatrix given);

/// Reads or sets every parameter; parameters that the model does not use are zero. An initial
/// profile from a file defines the knots in depth of `soil`. If `space` is not `column`, the first
/// guess is the same in all columns. A parameter that is tied to another one has its knots in time.
/// Collective. Throws InputError with file and variable, or the line of the namelist, also for ties
/// whose values can leave the range that is allowed.
ParameterValues read_parameters(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                                SoilGrid& soil, const Columns& columns, const Log& log);

} // namespace glebe
