// SPDX-License-Identifier: BSD-3-Clause
// Downwelling longwave radiation that is not measured, from what is.
#pragma once

#include "glebe/config/input_sources.hpp"
#include "glebe/data/reading.hpp"
#include "glebe/data/time_axis.hpp"
#include "glebe/physics/inputs.hpp"

#include <functional>
#include <vector>

namespace glebe {

/// Throws InputError, with the ways to do without it, when the file of the longwave radiation does
/// not have it. Collective.
void require_longwave(const Ranks& ranks, const InputSource& source);

/// Records of the weather, and any input of a column at one of them.
struct SkyRecords {
  std::vector<TimeInterval> intervals;
  std::function<double(Input, std::size_t column, std::size_t record)> value;
};

/// Gives the longwave radiation by &forcing longwave_model at the records of the air, from its
/// temperature, humidity and pressure, and for clouds from the shortwave radiation at the records
/// of the sun. `set` is called with column, record and value [W m-2]. Collective. Throws InputError
/// where clouds cannot be told: the columns' positions are not known, or the sun stays down.
void model_longwave(const Reading& reading, const SkyRecords& sun, const SkyRecords& air,
                    const std::function<void(std::size_t, std::size_t, float)>& set);

/// The part of the sun that clouds take off [record], 0 to 1, from shortwave radiation and what a
/// clear sky would let through, both [W m-2], around each record by day; between one day and the
/// next it is linear in time. `middles` [s] of the records. Empty when there is no day, or more
/// than a day and a half between two.
std::vector<double> cloudiness(const std::vector<double>& middles,
                               const std::vector<double>& shortwave,
                               const std::vector<double>& clear);

} // namespace glebe
