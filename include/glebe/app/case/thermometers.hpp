// SPDX-License-Identifier: BSD-3-Clause
// Everything in and on the soil whose temperature was measured: streams, fitted or withheld, and
// what is measured at the ends of the columns.
#pragma once

#include "glebe/app/case/case.hpp"

#include <functional>
#include <string>
#include <vector>

namespace glebe {

struct Thermometer {
  std::string name;
  bool in_soil;              ///< not of the surface
  double depth;              ///< [m]
  std::vector<double> times; ///< [s]
  /// Of a local column, NaN where missing [K].
  std::function<std::vector<double>(std::size_t)> values;
};

/// Refers to `inputs`. The same list on every rank. Not collective.
std::vector<Thermometer> thermometers_of(const Case& inputs);

/// The valid values of one stream in one local column, NaN elsewhere.
std::vector<double> observed_of(const Observations& observations, std::size_t stream,
                                std::size_t column);

} // namespace glebe
