// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/partial_file.hpp"

#include <exception>
#include <utility>
#include <vector>

namespace glebe {

namespace {

// Global for the process, which end_alone() ends. Never destroyed: it may be needed at exit.
std::vector<std::filesystem::path>& known_files() {
  static auto* const files = new std::vector<std::filesystem::path>;
  return *files;
}

} // namespace

PartialFile::PartialFile(std::filesystem::path path, bool removes)
    : path_(std::move(path)), removes_(removes) {
  known_files().push_back(path_);
}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), removes_(other.removes_) {}

PartialFile& PartialFile::operator=(PartialFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(removes_, other.removes_);
  return *this;
}

PartialFile::~PartialFile() { remove(); }

void PartialFile::remove() noexcept {
  // A rank that leaves by an exception may be alone: then the others will not remove the file.
  if (!removes_ && std::uncaught_exceptions() > 0) return;
  std::error_code ignored;
  if (removes_ && !path_.empty()) std::filesystem::remove(path_, ignored);
  keep();
}

void PartialFile::keep() noexcept {
  std::erase(known_files(), path_);
  path_.clear();
}

void remove_partial_files() noexcept {
  std::error_code ignored;
  for (const std::filesystem::path& path : known_files()) std::filesystem::remove(path, ignored);
}

} // namespace glebe
