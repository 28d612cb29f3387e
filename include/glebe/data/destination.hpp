// SPDX-License-Identifier: BSD-3-Clause
// Where an output goes: whether it can be written there, and its name until it is complete.
#pragma once

#include "glebe/base/partial_file.hpp"
#include "glebe/base/ranks.hpp"

#include <filesystem>
#include <string>

namespace glebe {

/// Throws InputError if `path` has no folder, or is something else than a regular file, which an
/// output would replace. Not collective.
void check_destination(const std::filesystem::path& path);

/// Removes what runs that are dead have left of `path`: the process of its temporary name is no
/// more on this host. Then makes a file beside `path` and removes it again. Throws InputError if
/// check_destination() does or the file cannot be made. Not collective: for one rank.
void try_destination(const std::filesystem::path& path);

/// The share of the size of its values that a result takes at the least. Measured: 0.7 of simulated
/// series, compressed, and hardly anything of flags and missing values.
inline constexpr double least_compressed_share = 0.3;

/// The free bytes of the file system of `path`; infinite if it does not tell. Not collective.
double free_space(const std::filesystem::path& path);

/// Throws RunError if a file of so many bytes cannot be made beside `path` now. Not collective.
void try_space(const std::filesystem::path& path, double bytes);

/// "<path>.<host>.<process>.<8 hexadecimal digits>.partial": the name of an output until it is
/// complete, in the folder of followed(path), the same on all ranks and different in every run.
/// Collective.
std::filesystem::path temporary_path(const Ranks& ranks, const std::filesystem::path& path);

/// Makes the file `temporary` of the output `path`, and opens it once on every rank: a rank that
/// cannot would leave the others waiting within MPI. Collective. Throws InputError, with the
/// reason.
PartialFile make_for_all(const Ranks& ranks, const std::filesystem::path& path,
                         const std::filesystem::path& temporary);

/// Makes an empty file in `folder` under a name that no other file has and that ends in `name`; its
/// path, or an empty one if it cannot be made. Not collective.
std::filesystem::path new_file(const std::filesystem::path& folder,
                               const std::filesystem::path& name);

/// Why the file `partial`, an output in its temporary name, cannot be written, in the words of the
/// operating system: found by writing to it, of which nothing is left to lose, or to a file of that
/// name that is gone thereafter. Where that succeeds,
/// the `words` of the library that failed. Not collective.
std::string reason_of_failure(const std::filesystem::path& partial, const std::string& words);

} // namespace glebe
