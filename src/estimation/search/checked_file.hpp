// SPDX-License-Identifier: BSD-3-Clause
// The checksum in front of a checkpoint, and how it gets its name. Not collective.
#pragma once

#include <filesystem>
#include <span>

namespace glebe {

/// Makes a file of a block of 512 bytes with a checksum, which HDF5 takes for a user block, and
/// this content, and waits until it is on the disk. Throws RunError with the reason.
void write_sealed_file(const std::filesystem::path& path, std::span<const char> content);

/// Throws InputError if the file is not there, is no checkpoint, or not as it was written.
void check_sealed_file(const std::filesystem::path& path);

/// Gives a sealed file its name, and waits until the folder is on the disk too. Throws RunError.
void rename_sealed_file(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace glebe
