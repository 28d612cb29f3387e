// SPDX-License-Identifier: BSD-3-Clause
// A library to be loaded before all others, which lets go wrong in a run what seldom does by
// itself. Environment variables say what:
//
//   FAULT_RANK     the rank that it happens to; without it, all
//   FAULT_FILE     writing to files with this in their path fails ...
//   FAULT_AFTER    ... after so many bytes, ...
//   FAULT_ERROR    ... with this error number
//   FAULT_OPEN     opening files with this in their path fails with it
//   FAULT_NEW      there is no memory for a C++ object of so many bytes or more, but for what the
//                  program's handler gives back ...
//   FAULT_NEW_AFTER  ... after a line of the log that begins so
//   FAULT_LINE     before a line of the log that begins so ...
//   FAULT_COMMAND  ... this command is run
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <initializer_list>
#include <new>
#include <sys/uio.h>
#include <unistd.h>

namespace {

bool memory_ended = false; // by FAULT_NEW_AFTER

// The rank of this process, as Open MPI, MPICH and Slurm name it before MPI is initialised.
const char* own_rank() {
  for (const char* const name : {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"})
    if (const char* const rank = std::getenv(name)) return rank;
  return nullptr;
}

const char* setting(const char* name) {
  const char* const rank = std::getenv("FAULT_RANK");
  const char* const own = own_rank();
  return !rank || (own && std::strcmp(rank, own) == 0) ? std::getenv(name) : nullptr;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

bool is_meant(int file, const char* part) {
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  return std::strstr(path, part) != nullptr;
}

bool fails(int file, std::size_t bytes) {
  static std::size_t written = 0;
  const char* const part = setting("FAULT_FILE");
  if (!part || !is_meant(file, part)) return false;
  written += bytes;
  if (written <= std::strtoul(std::getenv("FAULT_AFTER"), nullptr, 10)) return false;
  errno = std::atoi(std::getenv("FAULT_ERROR"));
  return true;
}

std::size_t sum_of(const iovec* parts, int count) {
  std::size_t bytes = 0;
  for (int i = 0; i < count; ++i) bytes += parts[i].iov_len;
  return bytes;
}

} // namespace

extern "C" {
int open(const char* path, int flags, ...) {
  static const auto real = next<int (*)(const char*, int, ...)>("open");
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  const char* const part = setting("FAULT_OPEN");
  if (!part || std::strstr(path, part) == nullptr) return real(path, flags, mode);
  errno = std::atoi(std::getenv("FAULT_ERROR"));
  return -1;
}
ssize_t write(int file, const void* from, size_t n) {
  static const auto real = next<decltype(&write)>("write");
  return fails(file, n) ? -1 : real(file, from, n);
}
ssize_t pwrite(int file, const void* from, size_t n, off_t at) {
  static const auto real = next<decltype(&pwrite)>("pwrite");
  return fails(file, n) ? -1 : real(file, from, n, at);
}
ssize_t pwrite64(int file, const void* from, size_t n, off64_t at) {
  static const auto real = next<decltype(&pwrite64)>("pwrite64");
  return fails(file, n) ? -1 : real(file, from, n, at);
}
ssize_t writev(int file, const iovec* parts, int count) {
  static const auto real = next<decltype(&writev)>("writev");
  return fails(file, sum_of(parts, count)) ? -1 : real(file, parts, count);
}
ssize_t pwritev(int file, const iovec* parts, int count, off_t at) {
  static const auto real = next<decltype(&pwritev)>("pwritev");
  return fails(file, sum_of(parts, count)) ? -1 : real(file, parts, count, at);
}
ssize_t pwritev64(int file, const iovec* parts, int count, off64_t at) {
  static const auto real = next<decltype(&pwritev64)>("pwritev64");
  return fails(file, sum_of(parts, count)) ? -1 : real(file, parts, count, at);
}
int fallocate(int file, int mode, off_t from, off_t length) {
  static const auto real = next<decltype(&fallocate)>("fallocate");
  return fails(file, std::size_t(length)) ? -1 : real(file, mode, from, length);
}
int fputs(const char* line, FILE* stream) {
  static const auto real = next<decltype(&fputs)>("fputs");
  const char* const beginning = setting("FAULT_LINE");
  const char* const last = setting("FAULT_NEW_AFTER");
  if (last && std::strncmp(line, last, std::strlen(last)) == 0) memory_ended = true;
  if (beginning && std::strncmp(line, beginning, std::strlen(beginning)) == 0) {
    unsetenv("LD_PRELOAD");
    if (std::system(std::getenv("FAULT_COMMAND")) != 0) std::abort();
    unsetenv("FAULT_LINE");
  }
  return real(line, stream);
}
}

void* operator new(std::size_t size) {
  static std::size_t given_back = 0; // by the handler of the program
  const char* const largest = setting("FAULT_NEW");
  const bool ends = largest && size >= std::strtoul(largest, nullptr, 10) &&
                    (memory_ended || !setting("FAULT_NEW_AFTER"));
  if (ends && size > given_back) {
    const std::new_handler handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    given_back = 1U << 20U;
    handler();
  }
  if (ends) given_back -= size;
  void* const memory = std::malloc(size);
  if (!memory) throw std::bad_alloc();
  return memory;
}
