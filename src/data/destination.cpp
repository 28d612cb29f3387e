// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/destination.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/files.hpp"
#include "glebe/base/partial_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <optional>
#include <random>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace glebe {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view partial_ending = ".partial";

// The name of this computer, without its domain and as short as a name of a file needs it.
std::string host() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "host";
  const std::string_view all(name.data());
  return std::string(all.substr(0, std::min(all.find('.'), std::size_t{32})));
}

fs::path temporary_name(const fs::path& path) {
  fs::path temporary = followed(path);
  temporary +=
      fmt::format(".{}.{}.{:08x}{}", host(), ::getpid(), std::random_device{}(), partial_ending);
  return temporary;
}

// The process in "<beginning><process>.<digits>.partial"; nothing in other names.
std::optional<pid_t> process_in(std::string_view name, std::string_view beginning) {
  if (!name.starts_with(beginning) || !name.ends_with(partial_ending)) return std::nullopt;
  name.remove_prefix(beginning.size());
  pid_t process = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
  if (error != std::errc{} || process <= 0 || *end != '.') return std::nullopt;
  return process;
}

std::string in_words(int error, const fs::path& file) {
  std::error_code code;
  return error == ENOENT && !fs::is_directory(folder_of(file), code)
             ? fmt::format("its folder {} is gone", folder_of(file).string())
             : std::generic_category().message(error);
}

void remove_left_behind(const fs::path& path) {
  const std::string beginning = fmt::format("{}.{}.", path.filename().string(), host());
  std::error_code code;
  std::vector<fs::path> dead;
  for (fs::directory_iterator entry(folder_of(path), code), end; !code && entry != end;
       entry.increment(code)) {
    const auto process = process_in(entry->path().filename().string(), beginning);
    if (process && ::kill(*process, 0) != 0 && errno == ESRCH) dead.push_back(entry->path());
  }
  for (const fs::path& one : dead) fs::remove(one, code);
}

// Writes zeros to the end of a file, as many as a cause is likely to show in, and to the disk. The
// number of the error that comes of it, or zero.
int error_of_writing(const fs::path& file) {
  const int target = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  if (target < 0) return errno;
  const std::vector<char> zeros(std::size_t{1} << 20);
  constexpr int most = 64;
  int error = 0;
  for (int i = 0; i < most && error == 0; ++i)
    if (::write(target, zeros.data(), zeros.size()) < 0) error = errno;
  if (error == 0 && ::fsync(target) != 0) error = errno;
  if (::close(target) != 0 && error == 0) error = errno;
  return error;
}

// Opens a file and closes it again; the error number, or zero. MPI needs more than one descriptor.
int error_of_opening(const fs::path& path, int flags) {
  std::array<int, 8> files{};
  int error = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i] = i == 0 ? ::open(path.c_str(), flags, 0666) : ::dup(files[0]);
    if (files[i] < 0 && error == 0) error = errno;
  }
  for (const int file : files)
    if (file >= 0) ::close(file);
  return error;
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
  remove_left_behind(followed(path));
  const fs::path trial = temporary_name(path);
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
  return ranks.broadcast_from_root(ranks.is_root() ? temporary_name(path).string() : "");
}

void try_space(const fs::path& path, double bytes) {
  const PartialFile trial(temporary_name(path), true);
  const int file = ::open(trial.path().c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
  int error = file < 0 || ::fallocate(file, 0, 0, static_cast<off_t>(bytes)) != 0 ? errno : 0;
  if (file >= 0) ::close(file);
  // What a file system that cannot set space aside says of its own.
  if (error == EOPNOTSUPP || error == ENOSYS) error = free_space(path) < bytes ? ENOSPC : 0;
  if (error != 0)
    throw RunError(fmt::format("{}: cannot be written: {}", path.string(), in_words(error, path)));
}

PartialFile make_for_all(const Ranks& ranks, const fs::path& path, const fs::path& temporary) {
  const auto open_with = [&](int flags) {
    const int error = error_of_opening(temporary, flags);
    if (error == 0) return;
    const std::string words = std::strerror(error);
    throw InputError(fmt::format("{}: cannot be written: {}", path.string(),
                                 ranks.is_root() ? reason_of_failure(temporary, words) : words));
  };
  PartialFile partial;
  agree_on_failure(ranks, [&] {
    if (!ranks.is_root()) return;
    open_with(O_RDWR | O_CREAT | O_EXCL);
    partial = PartialFile(temporary, true);
  });
  agree_on_failure(ranks, [&] {
    if (ranks.is_root()) return;
    open_with(O_RDWR);
    partial = PartialFile(temporary, false);
  });
  return partial;
}

fs::path new_file(const fs::path& folder, const fs::path& name) {
  const fs::path made =
      folder / fmt::format("glebe_{:08x}_{}", std::random_device{}(), name.string());
  const int file = ::open(made.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0666);
  if (file < 0) return {};
  ::close(file);
  return made;
}

std::string reason_of_failure(const fs::path& partial, const std::string& words) {
  std::error_code code;
  const bool was_there = fs::exists(partial, code);
  const int error = error_of_writing(partial);
  if (!was_there) fs::remove(partial, code);
  return error == 0 ? words : in_words(error, partial);
}

} // namespace glebe
