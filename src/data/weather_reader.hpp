// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/input_files.hpp"
#include "glebe/data/input_track.hpp"
#include "glebe/data/reading.hpp"

#include <vector>

namespace glebe {

/// Reads the inputs `rows` of the surface from where &forcing and &input say, in units of the
/// model. Those with the same records share a track. Collective. Throws InputError.
std::vector<InputTrack> read_weather(const Reading& reading, const std::vector<Input>& rows,
                                     InputFiles& files);

} // namespace glebe
