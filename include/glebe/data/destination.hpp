// SPDX-License-Identifier: BSD-3-Clause
// Where an output goes: whether it can be written there, and its name until it is complete.
#pragma once

#include "glebe/base/ranks.hpp"

#include <filesystem>

namespace glebe {

/// Throws InputError if `path` has no folder, or is something else than a regular file, which an
/// output would replace. Not collective.
void check_destination(const std::filesystem::path& path);

/// Makes a file beside `path` and removes it again. Throws InputError if check_destination() does
/// or the file cannot be made. Not collective: for one rank.
void try_destination(const std::filesystem::path& path);

/// The share of the size of its values that a result takes at the least. Measured: 0.7 of simulated
/// series, compressed, and hardly anything of flags and missing values.
inline constexpr double least_compressed_share = 0.3;

/// The free bytes of the file system of `path`; infinite if it does not tell. Not collective.
double free_space(const std::filesystem::path& path);

/// "<path>.<8 hexadecimal digits>.partial": the name of an output until it is complete, in the same
/// folder, the same on all ranks and different in every run. Collective.
std::filesystem::path temporary_path(const Ranks& ranks, const std::filesystem::path& path);

} // namespace glebe
