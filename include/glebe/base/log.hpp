// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

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
    if (enabled_) write(stdout, warning_mark + fmt::format(format, std::forward<Args>(args)...));
  }
  /// All warnings so far, so that a result can repeat them; none on ranks other than the root.
  const std::vector<std::string>& warnings() const { return warnings_; }

private:
  static constexpr const char* warning_mark = "warning: ";

  // A line of information may turn out to be a warning: what a file says of itself, for example.
  void write(std::FILE* stream, const std::string& line) const {
    if (line.starts_with(warning_mark))
      warnings_.push_back(line.substr(std::char_traits<char>::length(warning_mark)));
    std::fputs((line + '\n').c_str(), stream);
    std::fflush(stream);
  }
  bool enabled_;
  mutable std::vector<std::string> warnings_;
};

} // namespace glebe
