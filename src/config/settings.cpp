// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/settings.hpp"

#include "glebe/config/namelist.hpp"

#include <fmt/format.h>

namespace glebe {

std::string GroupOrigin::at(std::string_view key) const {
  const auto found = key_lines_.find(key);
  const int line = found == key_lines_.end() ? line_ : found->second;
  return position_of(namelist_, line);
}

std::string GroupOrigin::where(std::string_view key) const {
  return fmt::format("{}: &{}{}{}", at(key), group_, key.empty() ? "" : " ", key);
}

} // namespace glebe
