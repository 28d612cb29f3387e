// SPDX-License-Identifier: BSD-3-Clause
#include "checked_file.hpp"

#include "glebe/base/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace glebe {

namespace {

constexpr const char* mark = "Glebe checkpoint 1";

std::string reason() { return std::strerror(errno); }

// A file that is open as long as this exists.
class OpenFile {
public:
  OpenFile(const std::filesystem::path& path, int flags) : number_(::open(path.c_str(), flags)) {
    if (number_ < 0) throw RunError(reason());
  }
  ~OpenFile() { ::close(number_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  std::size_t read(char* to, std::size_t size) const {
    std::size_t done = 0;
    while (done < size) {
      const ssize_t count = ::read(number_, to + done, size - done);
      if (count < 0) throw RunError(reason());
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }
  void write_header(const std::array<char, checked_header_size>& header) const {
    if (::pwrite(number_, header.data(), header.size(), 0) != ssize_t(header.size()))
      throw RunError(reason());
  }
  void skip_header() const {
    if (::lseek(number_, checked_header_size, SEEK_SET) < 0) throw RunError(reason());
  }
  void sync() const {
    if (::fsync(number_) != 0) throw RunError(reason());
  }
  void try_to_sync() const { static_cast<void>(::fsync(number_)); }

private:
  int number_;
};

// FNV-1a over words of eight bytes, with a shift that brings high bits down; the last word is
// padded with zeros, and the length counts.
std::string checksum(const OpenFile& file) {
  std::vector<char> buffer(std::size_t{1} << 20);
  std::uint64_t sum = 0xcbf29ce484222325U, length = 0;
  for (;;) {
    const std::size_t count = file.read(buffer.data(), buffer.size());
    length += count;
    std::fill(buffer.begin() + std::ptrdiff_t(count), buffer.end(), '\0');
    for (std::size_t i = 0; i < count; i += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, buffer.data() + i, sizeof(word));
      sum = (sum ^ word) * 0x100000001b3U;
      sum ^= sum >> 32;
    }
    if (count < buffer.size()) break;
  }
  return fmt::format("{:016x} of {} bytes", sum, length);
}

std::string header_text(const OpenFile& file) {
  file.skip_header();
  return fmt::format("{}\nchecksum {}\n", mark, checksum(file));
}

} // namespace

void seal_file(const std::filesystem::path& path) {
  const OpenFile file(path, O_RDWR);
  const std::string text = header_text(file);
  std::array<char, checked_header_size> header{};
  std::copy(text.begin(), text.end(), header.begin());
  file.write_header(header);
  file.sync();
}

void check_sealed_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    throw InputError(fmt::format("{}: no such checkpoint", path.string()));
  try {
    const OpenFile file(path, O_RDONLY);
    std::array<char, checked_header_size + 1> header{};
    file.read(header.data(), checked_header_size);
    const std::string found = header.data();
    if (!found.starts_with(mark))
      throw InputError(fmt::format("{}: not a checkpoint of this program", path.string()));
    if (found != header_text(file))
      throw InputError(fmt::format(
          "{}: damaged or changed: its checksum is not that of its content", path.string()));
  } catch (const RunError& error) {
    throw InputError(fmt::format("{}: cannot be read: {}", path.string(), error.what()));
  }
}

void rename_sealed_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) throw RunError(reason());
  // Not every file system can do this for a folder, and the file itself is safe.
  const OpenFile folder(to.has_parent_path() ? to.parent_path() : ".", O_RDONLY | O_DIRECTORY);
  folder.try_to_sync();
}

} // namespace glebe
