// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/output_trial.hpp"

#include "glebe/app/output/design_output.hpp"
#include "glebe/app/output/estimate_output.hpp"
#include "glebe/app/output/series_output.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/config/output_paths.hpp"
#include "glebe/data/destination.hpp"

#include <functional>

namespace glebe {

namespace {

using Define = std::function<void(OutputFile&)>;

// Returns the bytes of the output. Collective.
double try_output(const Case& inputs, const std::filesystem::path& path, const Define& define) {
  OutputFile file = inputs.output(path, Storage::memory);
  define(file);
  file.end_definitions();
  if (path == inputs.settings.run.output)
    for (const std::string& message : file.left_out()) inputs.log.warning("{}", message);
  return file.size();
}

// Warns of an output that may not fit on its file system; throws InputError if it cannot.
void check_space(const Case& inputs, const OutputPath& output, double bytes) {
  constexpr double megabyte = 1e6;
  double space = 0.0;
  if (inputs.ranks.is_root()) space = free_space(output.path);
  space = inputs.ranks.max(space);
  if (space >= bytes) return;
  const std::string found =
      fmt::format("{}: the values take {:.3g} MB before compression, its file system has {:.3g} MB "
                  "left",
                  output.where(), bytes / megabyte, space / megabyte);
  if (space < least_compressed_share * bytes) throw InputError(found);
  inputs.log.warning("{}", found);
}

double try_series(const Case& inputs, const OutputPath& output) {
  const Observations simulated = simulated_streams(inputs);
  const bool is_twin = output.group == &inputs.settings.twin;
  return try_output(inputs, output.path, [&](OutputFile& file) {
    if (is_twin)
      define_series(file, inputs, twin_streams(inputs, simulated), twin_title);
    else
      define_series(file, inputs, simulated.streams, "");
  });
}

double try_estimate(const Case& inputs, const std::filesystem::path& path) {
  const Controls controls(inputs.ranks, inputs.parameters);
  return try_output(inputs, path, [&](OutputFile& file) {
    constexpr std::size_t one_iteration = 1; // their number is not known before the search
    define_estimate(file, inputs, controls, one_iteration, true);
  });
}

double try_designs(const Case& inputs, const std::filesystem::path& path) {
  const Controls controls(inputs.ranks, inputs.parameters);
  const RankedDesigns designs = planned_designs(inputs.settings, inputs.time, controls);
  return try_output(inputs, path,
                    [&](OutputFile& file) { define_designs(file, inputs, controls, designs); });
}

double try_output(const Case& inputs, const OutputPath& output) {
  if (output.group == &inputs.settings.checkpoint) return 0.0;
  switch (inputs.settings.run.mode) {
  case Mode::forward:
  case Mode::twin:
    return try_series(inputs, output);
  case Mode::estimate:
    return try_estimate(inputs, output.path);
  case Mode::design:
    return try_designs(inputs, output.path);
  case Mode::gradient_test:
    break;
  }
  return 0.0;
}

} // namespace

void try_outputs(const Case& inputs) {
  const TimedPart timer(Part::write);
  try {
    for (const OutputPath& output : output_paths(inputs.settings))
      check_space(inputs, output, try_output(inputs, output));
  } catch (const RunError& error) {
    // Nothing has been computed: it is the input that gives no result.
    throw InputError(error.what());
  }
}

} // namespace glebe
