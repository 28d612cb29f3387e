// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/parts.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/app/modes/plan.hpp"
#include "glebe/app/output/output_trial.hpp"
#include "glebe/base/interruption.hpp"
#include "glebe/base/timed_part.hpp"

namespace glebe {

namespace {

// The wall time of each part on the rank on which it took longest.
void log_times(const Ranks& ranks, const Log& log) {
  std::string text;
  for (std::size_t i = 0; i < part_names.size(); ++i)
    text += fmt::format("{}{} {:.2f} s", i == 0 ? "" : ", ", part_names[i],
                        ranks.max(seconds_of(static_cast<Part>(i))));
  log.info("wall time: {}", text);
}

} // namespace

void run(const Ranks& ranks, const Log& log, const std::filesystem::path& namelist,
         const std::vector<std::string>& overrides) {
  Settings settings = read_settings_on_all_ranks(ranks, namelist, overrides);
  if (!settings.run.title.empty()) log.info("{}", settings.run.title);
  if (settings.run.mode != Mode::estimate) stop_at_interruptions();
  switch (settings.run.mode) {
  case Mode::forward:
    run_forward(ranks, log, std::move(settings));
    break;
  case Mode::twin:
    run_twin(ranks, log, std::move(settings));
    break;
  case Mode::estimate:
    run_estimate(ranks, log, std::move(settings));
    break;
  case Mode::design:
    run_design(ranks, log, std::move(settings));
    break;
  case Mode::gradient_test:
    run_gradient_test(ranks, log, std::move(settings));
    break;
  }
  log_times(ranks, log);
}

void check(const Ranks& ranks, const Log& log, const std::filesystem::path& namelist,
           const std::vector<std::string>& overrides) {
  Case inputs = read_case(ranks, log, read_settings_on_all_ranks(ranks, namelist, overrides));
  static_cast<void>(inputs.geometry());
  if (inputs.settings.run.mode == Mode::estimate) check_parts(inputs);
  try_outputs(inputs);
  log_plan(inputs);
  log.info("{}: no problem found", namelist.string());
}

} // namespace glebe
