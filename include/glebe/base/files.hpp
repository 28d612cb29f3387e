// SPDX-License-Identifier: BSD-3-Clause
// What the operating system tells of files. Nothing here is collective.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

namespace glebe {

/// The folder of a file.
std::filesystem::path folder_of(const std::filesystem::path& path);

/// The file that a path leads to through links, whether it exists or not; the path itself if it is
/// no link.
std::filesystem::path followed(std::filesystem::path path);

/// "a folder", "a pipe", "a device" or "a socket"; empty for a file, and where there is nothing.
std::string what_else(const std::filesystem::path& path);

/// Waits until all of a file is on its disk. The error, of which writing itself may not have told.
std::error_code flush_to_disk(const std::filesystem::path& path);

/// Which file stood at a path at some time, and in which state; nothing if there was none.
struct FileState {
  std::uint64_t device, number; ///< which file
  std::int64_t size, changed;   ///< [byte], [ns]
  bool operator==(const FileState&) const = default;
};
std::optional<FileState> state_of(const std::filesystem::path& path);

} // namespace glebe
