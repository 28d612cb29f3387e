// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/files.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace glebe {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

fs::path followed(fs::path path) {
  constexpr int most_links = 40; // as the operating system follows them
  std::error_code code;
  for (int i = 0; i < most_links && fs::is_symlink(fs::symlink_status(path, code)); ++i)
    path = folder_of(path) / fs::read_symlink(path, code);
  return path;
}

std::string what_else(const fs::path& path) {
  std::error_code code;
  switch (fs::status(path, code).type()) {
  case fs::file_type::directory:
    return "a folder";
  case fs::file_type::fifo:
    return "a pipe";
  case fs::file_type::block:
  case fs::file_type::character:
    return "a device";
  case fs::file_type::socket:
    return "a socket";
  default:
    return "";
  }
}

std::error_code flush_to_disk(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY);
  // A file system that cannot do this says EINVAL.
  const int error = file < 0 || (::fsync(file) != 0 && errno != EINVAL) ? errno : 0;
  if (file >= 0) ::close(file);
  return {error, std::generic_category()};
}

std::optional<FileState> state_of(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  return FileState{std::uint64_t{found.st_dev}, std::uint64_t{found.st_ino},
                   std::int64_t{found.st_size},
                   std::int64_t{found.st_mtim.tv_sec} * nanoseconds + found.st_mtim.tv_nsec};
}

} // namespace glebe
