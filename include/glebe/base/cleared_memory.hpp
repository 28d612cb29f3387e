// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace glebe {

/// Memory for n numbers of so many bytes, all zero, to be given back by std::free(); null if there
/// is not so much. Large memory is there at once, not when it is first touched. Not collective.
void* cleared_memory(std::size_t n, std::size_t bytes_each);

} // namespace glebe
