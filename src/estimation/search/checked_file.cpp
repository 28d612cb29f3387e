// SPDX-License-Identifier: BSD-3-Clause
#include "checked_file.hpp"

#include "glebe/base/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace glebe {

namespace {

constexpr const char* mark = "Glebe checkpoint 1";
constexpr std::size_t header_size = 512;

std::string reason() { return std::strerror(errno); }

// A file that is open as long as this exists.
class OpenFile {
public:
  OpenFile(const std::filesystem::path& path, int flags)
      : number_(::open(path.c_str(), flags, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)) {
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
  void write(std::span<const char> content) const {
    while (!content.empty()) {
      const ssize_t count = ::write(number_, content.data(), content.size());
      if (count < 0) throw RunError(reason());
      content = content.subspan(static_cast<std::size_t>(count));
    }
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
class Checksum {
public:
  // All pieces but the last have whole words.
  void add(std::span<const char> piece) {
    for (std::size_t i = 0; i < piece.size(); i += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, piece.data() + i, std::min(sizeof(word), piece.size() - i));
      sum_ = (sum_ ^ word) * 0x100000001b3U;
      sum_ ^= sum_ >> 32;
    }
    length_ += piece.size();
  }
  std::string header() const {
    std::string text = fmt::format("{}\nchecksum {:016x} of {} bytes\n", mark, sum_, length_);
    text.resize(header_size, '\0');
    return text;
  }

private:
  std::uint64_t sum_ = 0xcbf29ce484222325U;
  std::uint64_t length_ = 0;
};

} // namespace

void write_sealed_file(const std::filesystem::path& path, std::span<const char> content) {
  Checksum checksum;
  checksum.add(content);
  const OpenFile file(path, O_WRONLY | O_CREAT | O_EXCL);
  file.write(checksum.header());
  file.write(content);
  file.sync();
}

void check_sealed_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    throw InputError(fmt::format("{}: no such checkpoint", path.string()));
  try {
    const OpenFile file(path, O_RDONLY);
    std::string header(header_size, '\0');
    header.resize(file.read(header.data(), header_size));
    if (!header.starts_with(mark))
      throw InputError(fmt::format("{}: not a checkpoint of this program", path.string()));
    Checksum checksum;
    std::vector<char> piece(std::size_t{1} << 20);
    std::size_t count = 0;
    do {
      count = file.read(piece.data(), piece.size());
      checksum.add(std::span(piece).first(count));
    } while (count == piece.size());
    if (header != checksum.header())
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
