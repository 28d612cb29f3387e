// SPDX-License-Identifier: BSD-3-Clause
// Downwelling longwave radiation that is not measured, from what is.
#pragma once

#include "glebe/data/file_series.hpp"
#include "glebe/data/forcing.hpp"

#include <vector>

namespace glebe {

/// Throws InputError, with the ways to do without it, when the run reads the longwave radiation and
/// the files do not have it.
void require_longwave(const ForcingSettings& settings, const FileSeries& files);

/// Fills the row of the longwave radiation by &forcing longwave_model, from the rows of air
/// temperature, humidity and pressure, and for clouds of shortwave radiation. Collective. Throws
/// InputError where clouds cannot be told: the columns' positions are not known, or the sun stays
/// down.
void model_longwave(const Reading& reading, InputTrack& track);

/// The part of the sun that clouds take off [record], 0 to 1, from shortwave radiation and what a
/// clear sky would let through, both [W m-2], around each record by day; between one day and the
/// next it is linear in time. `middles` [s] of the records. Empty when there is no day, or more
/// than a day and a half between two.
std::vector<double> cloudiness(const std::vector<double>& middles,
                               const std::vector<double>& shortwave,
                               const std::vector<double>& clear);

} // namespace glebe
