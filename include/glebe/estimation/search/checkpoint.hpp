// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/petsc.hpp"
#include "glebe/base/ranks.hpp"

#include <filesystem>
#include <string>

namespace glebe {

/// Writes the controls of an iteration to an HDF5 file. An older file is replaced only when the new
/// one is complete. `signature` identifies the problem. Collective. Throws RunError.
void write_checkpoint(const Ranks& ranks, const std::filesystem::path& path, Vec x, int iteration,
                      const std::string& signature);

/// Reads controls into x, on any number of ranks, and returns their iteration. Collective. Throws
/// InputError when the file is missing or was written for another problem.
int read_checkpoint(const Ranks& ranks, const std::filesystem::path& path, Vec x,
                    const std::string& signature);

} // namespace glebe
