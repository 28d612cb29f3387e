// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/conflict_log.hpp"

namespace glebe {

void log_conflicts(const Log& log, const Conflicts& conflicts) {
  if (conflicts.lines.empty()) return;
  log.info("conflicts:");
  for (const std::string& line : conflicts.lines) log.info("  {}", line);
}

} // namespace glebe
