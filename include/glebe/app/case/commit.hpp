// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace glebe {

/// The commit of the sources, with `-dirty` where they were changed since; `unknown` where neither
/// git nor a release tells it. Written by cmake/write_commit.cmake whenever the program is built.
extern const char* const commit;

} // namespace glebe
