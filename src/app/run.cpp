// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case.hpp"
#include "glebe/app/modes.hpp"

namespace glebe {

void run(const Ranks& ranks, const Log& log, const std::filesystem::path& namelist) {
  Settings settings = read_settings_together(ranks, namelist);
  if (!settings.run.title.empty()) log.info("{}", settings.run.title);
  switch (settings.run.mode) {
  case Mode::forward:
    return run_forward(ranks, log, std::move(settings));
  case Mode::twin:
    return run_twin(ranks, log, std::move(settings));
  case Mode::estimate:
    return run_estimate(ranks, log, std::move(settings));
  case Mode::gradient_test:
    return run_gradient_test(ranks, log, std::move(settings));
  }
}

void check(const Ranks& ranks, const Log& log, const std::filesystem::path& namelist) {
  const Case inputs(ranks, log, read_settings_together(ranks, namelist));
  static_cast<void>(inputs.read_observations());
  log.info("{}: no problem found", namelist.string());
}

} // namespace glebe
