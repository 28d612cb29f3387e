// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/output_file.hpp"

#include <string>

namespace glebe {

/// What this program is, in lines: its version; its commit; the libraries that it runs with; the
/// compiler, the processor that it was made for and the lanes of its vectors. PETSc must have been
/// started.
std::string version_in_lines();

/// The same as attributes of an output, with its history: when, by which call and on how many ranks
/// it was made, and all options of PETSc, wherever they came from. Collective.
void describe_provenance(OutputFile& file, const Ranks& ranks, const Settings& settings);

} // namespace glebe
