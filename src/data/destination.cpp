// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/destination.hpp"

#include "glebe/base/error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <random>
#include <unistd.h>

namespace glebe {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

fs::path with_random_suffix(const fs::path& path) {
  fs::path temporary = path;
  temporary += fmt::format(".{:08x}.partial", std::random_device{}());
  return temporary;
}

} // namespace

void check_destination(const fs::path& path) {
  const fs::path folder = folder_of(path);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    throw InputError(fmt::format("{}: cannot be written, there is no folder {}", path.string(),
                                 folder.string()));
  const fs::file_status found = fs::status(path, ignored);
  if (fs::is_directory(found))
    throw InputError(fmt::format("{}: cannot be written, it is a folder", path.string()));
  if (fs::exists(found) && !fs::is_regular_file(found))
    throw InputError(
        fmt::format("{}: cannot be written, it exists and is not a regular file", path.string()));
}

void try_destination(const fs::path& path) {
  check_destination(path);
  const fs::path trial = with_random_suffix(path);
  const int file = ::open(trial.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (file < 0)
    throw InputError(fmt::format("{}: cannot be written, no file can be made in the folder {} ({})",
                                 path.string(), folder_of(path).string(), std::strerror(errno)));
  ::close(file);
  ::unlink(trial.c_str());
}

double free_space(const fs::path& path) {
  std::error_code code;
  const fs::space_info space = fs::space(folder_of(path), code);
  return code ? std::numeric_limits<double>::infinity() : static_cast<double>(space.available);
}

fs::path temporary_path(const Ranks& ranks, const fs::path& path) {
  return ranks.broadcast_from_root(ranks.is_root() ? with_random_suffix(path).string() : "");
}

} // namespace glebe
