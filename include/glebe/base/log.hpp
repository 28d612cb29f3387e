// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace glebe {

/// The messages of a run on standard output. Only the root rank writes; other ranks may call the
/// same functions without effect. Not collective.
class Log {
public:
  explicit Log(bool enabled) : enabled_(enabled) {}

  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled_) write(stdout, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled_) write(stdout, "warning: " + fmt::format(format, std::forward<Args>(args)...));
  }

private:
  static void write(std::FILE* stream, const std::string& line) {
    std::fputs((line + '\n').c_str(), stream);
    std::fflush(stream);
  }
  bool enabled_;
};

} // namespace glebe
