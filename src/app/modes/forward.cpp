// SPDX-License-Identifier: BSD-3-Clause
// Modes forward and twin run the model with the given parameters and write the model equivalents of
// all streams and all surface fluxes. A twin also writes the streams with noise, as observations.
#include "glebe/app/case/case.hpp"
#include "glebe/app/case/memory.hpp"
#include "glebe/app/log/closure_log.hpp"
#include "glebe/app/log/fit_table.hpp"
#include "glebe/app/log/withheld_log.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/app/output/output_trial.hpp"
#include "glebe/app/output/series_output.hpp"
#include "glebe/base/ending.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/simulation/column_runs.hpp"
#include "glebe/simulation/error_memory.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace glebe {

namespace {

std::string why_it_failed(const Case& inputs) {
  const SoilSettings& soil = inputs.settings.soil;
  const std::string balance = "the surface energy balance has no solution";
  if (soil.initial != Initial::spinup) return balance;
  return fmt::format("the spin-up did not converge to {:g} K within {} cycles, or {}",
                     soil.spinup_tolerance, soil.spinup_max_cycles, balance);
}

Series simulate(const Case& inputs, const Observations& observations) {
  Series series;
  agree_on_failure(inputs.ranks, [&] {
    series = simulate_series(inputs.problem_with(observations), inputs.parameters.first_guess);
    for (std::size_t c = 0; c < inputs.columns.n_local(); ++c)
      if (!std::isfinite(series[0](0, c)))
        throw RunError(fmt::format("{}: {}", inputs.columns.label(c), why_it_failed(inputs)));
  });
  return series;
}

// Adds noise, with the memory of the stream's errors, that depends only on seed, stream, cell and
// observation, not on the ranks.
void add_noise(const Case& inputs, std::size_t stream, const Stream& times, DenseMatrix& values) {
  const std::vector<double>& noise = inputs.settings.twin.noise;
  const double std = noise.size() > 1 ? noise[stream] : noise.front();
  if (std == 0.0) return;
  const std::size_t n = inputs.columns.n_local();
  const auto seed = static_cast<std::uint64_t>(inputs.settings.run.seed);
  std::vector<LastingNoise> error(n, LastingNoise(times.error_memory()));
  for (std::size_t k = 0; k < times.times.size(); ++k)
    for (std::size_t c = 0; c < n; ++c)
      values(k, c) +=
          std *
          error[c].next(times.middle(k), random_normal(seed, stream, inputs.columns.cells()[c], k));
}

// Compares a forward run with the observations, if the namelist has files of them.
void compare(const Case& inputs) {
  if (inputs.observations.streams.empty()) return;
  const Evaluation columns = run_columns(inputs.problem(), all_columns(inputs.columns.n_local()),
                                         inputs.parameters.first_guess, {});
  log_stream_fits(inputs.ranks, inputs.log, inputs.observations.streams, columns);
  log_judged_streams(inputs, judge_streams(inputs, columns, true));
  if (const std::optional<Closure> closure = closure_of(inputs)) {
    log_closure(inputs.log, *closure);
    if (const std::string words = in_words(*closure); !words.empty()) inputs.log.info("{}", words);
  }
}

// Writes an output; a failure is kept, because there may be place for another one. Collective.
void try_to_write(std::vector<std::string>& failures, const std::function<void()>& write) {
  try {
    write();
  } catch (const RunError& error) {
    if (!all_ranks_arrive()) throw;
    failures.emplace_back(error.what());
  }
}

} // namespace

void run_forward(const Ranks& ranks, const Log& log, Settings settings) {
  Case inputs = read_case(ranks, log, std::move(settings));
  try_outputs(inputs);
  const Observations streams = simulated_streams(inputs);
  claim_series(inputs, streams.streams);
  const Series series = simulate(inputs, streams);
  compare(inputs);
  write_series(inputs, inputs.settings.run.output, streams.streams, series, "");
  log_memory(inputs);
}

void run_twin(const Ranks& ranks, const Log& log, Settings settings) {
  Case inputs = read_case(ranks, log, std::move(settings));
  try_outputs(inputs);
  const Observations streams = simulated_streams(inputs);
  claim_series(inputs, streams.streams);
  Series series = simulate(inputs, streams);
  std::vector<std::string> failures;
  try_to_write(failures, [&] {
    write_series(inputs, inputs.settings.run.output, streams.streams, series, "");
  });

  const std::span observed = twin_streams(inputs, streams);
  series.resize(observed.size());
  for (std::size_t s = 0; s < observed.size(); ++s) add_noise(inputs, s, observed[s], series[s]);
  try_to_write(failures, [&] {
    write_series(inputs, inputs.settings.twin.file, observed, series, twin_title);
  });
  if (!failures.empty()) throw RunError(fmt::format("{}", fmt::join(failures, "; ")));
  log_memory(inputs);
}

} // namespace glebe
