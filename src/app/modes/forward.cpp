// SPDX-License-Identifier: BSD-3-Clause
// Modes forward and twin run the model with the given parameters and write the model equivalents of
// all streams and all surface fluxes. A twin also writes the streams with noise, as observations.
#include "glebe/app/case/case.hpp"
#include "glebe/app/log/closure.hpp"
#include "glebe/app/log/fit_table.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/app/output/parameter_output.hpp"
#include "glebe/app/output/stream_output.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/random.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// The streams of the namelist, and the surface temperature and every surface flux that they do not
// contain.
Settings with_surface_streams(Settings settings) {
  for (std::size_t k = 0; k < observation_kind_count; ++k) {
    const auto kind = static_cast<ObservationKind>(k);
    if (kind == ObservationKind::soil_temperature) continue;
    if (!settings.has_surface() && !info(kind).has_depth) continue;
    const std::string name = info(kind).name;
    const auto same_name = [&](const ObservationSettings& o) { return o.name == name; };
    if (std::any_of(settings.observations.begin(), settings.observations.end(), same_name))
      continue;
    ObservationSettings stream;
    stream.kind = kind;
    stream.name = stream.variable = name;
    if (info(kind).has_depth) stream.depth = settings.soil.top;
    settings.observations.push_back(stream);
  }
  return settings;
}

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

void write_series(const Case& inputs, const std::filesystem::path& path,
                  const std::vector<Stream>& streams, const Series& series,
                  const std::string& title) {
  const TimedPart timer(Part::write);
  OutputFile file(inputs.ranks, inputs.columns, path, inputs.grid_source, inputs.settings);
  if (!title.empty()) file.attribute("", "title", title);
  describe_window(file, inputs.time);
  describe_warnings(file, inputs.warnings);
  define_streams(file, streams, inputs.time);
  const ParameterOutput output(inputs);
  output.define_axes(file);
  for (const Parameter parameter : output.parameters()) file.define(output.variable(parameter));
  file.end_definitions();
  write_stream_times(file, streams);
  output.write_axes(file);
  for (const Parameter parameter : output.parameters())
    file.write(info(parameter).name, output.values(parameter, inputs.parameters.first_guess));
  for (std::size_t s = 0; s < streams.size(); ++s) file.write(streams[s].settings.name, series[s]);
  file.commit();
  inputs.log.info("written: {}", path.string());
}

// Adds noise that depends only on seed, stream, cell and observation, not on the ranks.
void add_noise(const Case& inputs, std::size_t stream, std::size_t n_time, DenseMatrix& values) {
  const std::vector<double>& noise = inputs.settings.twin.noise;
  const double std = noise.size() > 1 ? noise[stream] : noise.front();
  if (std == 0.0) return;
  const std::size_t n = inputs.columns.n_local();
  const auto seed = static_cast<std::uint64_t>(inputs.settings.run.seed);
  for (std::size_t k = 0; k < n_time; ++k)
    for (std::size_t c = 0; c < n; ++c)
      values(k, c) += std * random_normal(seed, stream, inputs.columns.cells()[c], k);
}

// Compares a forward run with the observations, if the namelist has files of them.
void compare(const Case& inputs) {
  if (inputs.observations.streams.empty()) return;
  const Evaluation columns = run_columns(inputs.problem(), all_columns(inputs.columns.n_local()),
                                         inputs.parameters.first_guess, {});
  log_stream_fits(inputs.ranks, inputs.log, inputs.observations.streams, columns);
  log_closure(inputs.ranks, inputs.log, inputs.observations, inputs.time, inputs.columns.n_local());
}

} // namespace

void run_forward(const Ranks& ranks, const Log& log, Settings settings) {
  const Case inputs = read_case(ranks, log, std::move(settings));
  const Observations streams =
      model_streams(with_surface_streams(inputs.settings), inputs.time, inputs.soil.view());
  const Series series = simulate(inputs, streams);
  compare(inputs);
  write_series(inputs, inputs.settings.run.output, streams.streams, series, "");
}

void run_twin(const Ranks& ranks, const Log& log, Settings settings) {
  const Case inputs = read_case(ranks, log, std::move(settings));
  const Observations streams =
      model_streams(with_surface_streams(inputs.settings), inputs.time, inputs.soil.view());
  Series series = simulate(inputs, streams);
  write_series(inputs, inputs.settings.run.output, streams.streams, series, "");

  const std::size_t n_stream = inputs.settings.observations.size();
  std::vector<Stream> observed(streams.streams.begin(),
                               streams.streams.begin() + std::ptrdiff_t(n_stream));
  series.resize(n_stream);
  for (std::size_t s = 0; s < n_stream; ++s)
    add_noise(inputs, s, observed[s].times.size(), series[s]);
  write_series(inputs, inputs.settings.twin.file, observed, series,
               "Synthetic observations: a model run with noise");
}

} // namespace glebe
