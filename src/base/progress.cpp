// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/progress.hpp"

#include <cstdio>
#include <string>
#include <unistd.h>

namespace glebe {

ProgressBar::ProgressBar(bool is_root)
    : enabled_(is_root && isatty(STDERR_FILENO) == 1), last_(Clock::now()) {}

void ProgressBar::show(double fraction) {
  if (!enabled_) return;
  if (fraction >= 1.0) {
    if (drawn_) std::fputs("\r\033[K", stderr);
    drawn_ = false;
    return;
  }
  const auto now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  constexpr std::size_t width = 50;
  const auto done = static_cast<std::size_t>(fraction * static_cast<double>(width));
  std::fprintf(stderr, "\r[%s%s] %3.0f %%", std::string(done, '#').c_str(),
               std::string(width - done, '.').c_str(), 100.0 * fraction);
  std::fflush(stderr);
  drawn_ = true;
}

} // namespace glebe
