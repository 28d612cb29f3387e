// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/log.hpp"

#include "glebe/base/text.hpp"

#include <cstdio>

namespace glebe {

// A line of information may turn out to be a warning: what a file says of itself, for example.
void Log::write(const std::string& line) const {
  if (line.starts_with(warning_mark))
    warnings_.push_back(line.substr(std::char_traits<char>::length(warning_mark)));
  std::fputs((printable(line) + '\n').c_str(), stdout);
  std::fflush(stdout);
}

} // namespace glebe
