// SPDX-License-Identifier: BSD-3-Clause
// The checksum in front of a checkpoint, and how it gets its name. Not collective.
#pragma once

#include <filesystem>

namespace glebe {

/// Bytes in front of the HDF5 file, its user block.
inline constexpr std::size_t checked_header_size = 512;

/// Writes the checksum of what follows the header into it, and waits until the file is on the disk.
/// Throws RunError with the reason.
void seal_file(const std::filesystem::path& path);

/// Throws InputError if the file is not there, is no checkpoint, or is not as seal_file() left it.
void check_sealed_file(const std::filesystem::path& path);

/// Gives a sealed file its name, and waits until the folder is on the disk too. Throws RunError.
void rename_sealed_file(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace glebe
