# SPDX-License-Identifier: BSD-3-Clause
# Writes the source file OUTPUT with the commit of the sources in SOURCE: what git says, otherwise what
# `git archive` has put into .git_archival.txt. Only a change is written, so that nothing is
# compiled again without need.
cmake_minimum_required(VERSION 3.22)
set(commit "")
if(EXISTS "${SOURCE}/.git") # and not that of a folder above
  set(ENV{GIT_OPTIONAL_LOCKS} 0)
  execute_process(COMMAND git -C "${SOURCE}" describe --always --dirty --abbrev=12 --exclude=*
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT commit AND EXISTS "${SOURCE}/.git_archival.txt")
  file(STRINGS "${SOURCE}/.git_archival.txt" archived REGEX "^commit: [0-9a-f]+$" LIMIT_COUNT 1)
  string(REPLACE "commit: " "" archived "${archived}")
  string(SUBSTRING "${archived}" 0 12 commit)
endif()
if(NOT commit)
  set(commit "unknown")
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT "// SPDX-License-Identifier: BSD-3-Clause
#include \"glebe/app/case/commit.hpp\"

namespace glebe {
const char* const commit = \"@commit@\";
}
")
