// SPDX-License-Identifier: BSD-3-Clause
#include "read_handle.hpp"

#include "glebe/base/error.hpp"

#include <netcdf.h>

#include <algorithm>
#include <list>
#include <sys/resource.h>
#include <utility>

namespace glebe {

namespace {

// The open ones, the last used at the end. Global, as the limit of the process is.
std::list<ReadHandle*>& open_handles() {
  static std::list<ReadHandle*> handles;
  return handles;
}

// A quarter of what the process may have open, since MPI has files of its own; no more than are of
// use.
std::size_t most_open() {
  constexpr rlim_t enough = 128, share = 4;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return enough;
  return std::clamp<rlim_t>(limit.rlim_cur / share, 1, enough);
}

// Whole chunks are read, and each once: a larger cache of every variable only holds memory.
int open_with_small_caches(const std::filesystem::path& path, int& id) {
  constexpr std::size_t bytes_of_cache = std::size_t{1} << 20;
  std::size_t usual = 0, slots = 0;
  float preemption = 0.0F;
  nc_get_chunk_cache(&usual, &slots, &preemption);
  nc_set_chunk_cache(bytes_of_cache, slots, preemption);
  const int status = nc_open(path.c_str(), NC_NOWRITE, &id);
  nc_set_chunk_cache(usual, slots, preemption);
  return status;
}

} // namespace

ReadHandle::ReadHandle(std::filesystem::path path) : path_(std::move(path)) {}

ReadHandle::~ReadHandle() { close(); }

int ReadHandle::open() {
  static const std::size_t most = most_open();
  while (open_handles().size() >= most) open_handles().front()->close();
  const int status = open_with_small_caches(path_, id_);
  if (status != NC_NOERR) {
    id_ = -1;
    return status;
  }
  if (!state_) state_ = state_of(path_);
  open_handles().push_back(this);
  return status;
}

int ReadHandle::id() {
  std::list<ReadHandle*>& handles = open_handles();
  if (id_ >= 0) {
    if (handles.back() != this)
      handles.splice(handles.end(), handles, std::ranges::find(handles, this));
    return id_;
  }
  check_state();
  if (const int status = open(); status != NC_NOERR)
    throw InputError(
        fmt::format("{}: cannot be opened again ({})", path_.string(), nc_strerror(status)));
  return id_;
}

ChunkReader& ReadHandle::chunks() {
  id();
  if (!chunks_) chunks_ = std::make_unique<ChunkReader>(path_);
  return *chunks_;
}

void ReadHandle::check_state() const {
  if (state_of(path_) != state_)
    throw InputError(fmt::format("{}: was changed or removed while it was read", path_.string()));
}

void ReadHandle::close() {
  if (id_ < 0) return;
  chunks_.reset();
  static_cast<void>(nc_close(std::exchange(id_, -1)));
  open_handles().remove(this);
  answers_ = {};
}

} // namespace glebe
