// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

#include <span>
#include <string>
#include <vector>

namespace glebe {

/// The streams that a forward or twin run simulates: first those of the namelist, then the surface
/// temperature and every surface flux that they do not contain. Not collective.
Observations simulated_streams(const Case& inputs);

/// Those of the simulated streams that a twin writes with noise as observations. Not collective.
std::span<const Stream> twin_streams(const Case& inputs, const Observations& simulated);

/// The title of the file with these.
inline constexpr const char* twin_title = "Synthetic observations: a model run with noise";

/// Defines everything in a file of simulated series, `title` replacing that of the run unless it is
/// empty. Collective. Throws InputError or RunError.
void define_series(OutputFile& file, const Case& inputs, std::span<const Stream> streams,
                   const std::string& title);

/// Writes a file of simulated series. Collective. Throws RunError.
void write_series(const Case& inputs, const std::filesystem::path& path,
                  std::span<const Stream> streams, const Series& series, const std::string& title);

} // namespace glebe
