// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/cleared_memory.hpp"

#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

namespace glebe {

namespace {

// Has the system give the pages in one call, which takes a fraction of the time of a fault in each.
// What lies on no page of its own, or is asked of an older system, comes when it is touched.
void take_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = (begin + page - 1) / page * page,
                       last = (begin + bytes) / page * page;
  if (first < last)
    static_cast<void>(madvise(reinterpret_cast<void*>(first), last - first, MADV_POPULATE_WRITE));
#endif
}

} // namespace

void* cleared_memory(std::size_t n, std::size_t bytes_each) {
  constexpr std::size_t large = std::size_t{1} << 20;
  void* memory = std::calloc(n, bytes_each);
  if (memory && n * bytes_each >= large) take_pages(memory, n * bytes_each);
  return memory;
}

} // namespace glebe
