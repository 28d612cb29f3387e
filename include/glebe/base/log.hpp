// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace glebe {

/// The messages of a run on standard output. Only the root rank writes; other ranks may call the
/// same functions without effect. Control characters are shown, not sent. Not collective.
class Log {
public:
  explicit Log(bool enabled) : enabled_(enabled) {}

  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled_) write(fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled_) write(warning_mark + fmt::format(format, std::forward<Args>(args)...));
  }
  /// All warnings so far, so that a result can repeat them; none on ranks other than the root.
  const std::vector<std::string>& warnings() const { return warnings_; }

private:
  static constexpr const char* warning_mark = "warning: ";

  void write(const std::string& line) const;

  bool enabled_;
  mutable std::vector<std::string> warnings_;
};

} // namespace glebe
