// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/memory.hpp"

#include "glebe/estimation/uncertainty/covariance.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

namespace glebe {

namespace {

constexpr double bytes = sizeof(double);

double n_column(const Case& inputs) { return static_cast<double>(inputs.columns.n_local()); }

// Two points, a gradient and a block; the evaluation of all searches stores them a second time.
double of_searches(const Case& inputs, double m) {
  const double of_search = 2.0 * m * m + 8.0 * m + 30.0, of_column = 10.0 * m + 100.0;
  return n_column(inputs) * bytes * (inputs.settings.optimizer.starts * of_search + of_column);
}

// The evaluated point, its posterior, what the residuals show and the copies of all that for the
// output; as measured, since it is many small objects.
double of_analysis(const Case& inputs, double m) {
  const double streams = static_cast<double>(inputs.observations.streams.size());
  // In the end, or while the posterior is made beside the block of every stream.
  const double blocks = std::max(7.5, 5.0 + 0.5 * streams);
  return n_column(inputs) * bytes * (blocks * m * m + 26.0 * m + 31.0 * streams + 293.0);
}

// The precisions of fields, the Hessian in their pattern, and its preconditioner or the factor from
// which MUMPS takes entries of the inverse: that of a map of n columns, in the order of nested
// dissection, has of the order of n log n entries (George 1973). Coefficients as measured.
double of_fields(const Case& inputs, const Controls& controls, const PriorCoupling& coupling) {
  if (!coupling.has_fields()) return 0.0;
  const double own = static_cast<double>(controls.n_own());
  const double fields = static_cast<double>(
      std::ranges::count_if(controls.own(), [&](std::size_t k) { return controls.is_field(k); }));
  if (has_sampled_covariance(controls, coupling)) {
    const double of_products =
        inputs.ranks.size() > 1 ? 2.5 : 1.0; // of the multigrid between ranks
    return n_column(inputs) * of_products * (80.0 * own + 40.0 * fields + 60.0 * fields * fields);
  }
  const double n = static_cast<double>(inputs.columns.n_active());
  const double of_factor = 17.0 * own * own * fields * n * std::log2(n + 1.0);
  return of_factor / inputs.ranks.size();
}

// The Schur complement of shared controls: its parts, the sum over ranks, the factor, the inverse.
double of_shared(const Controls& controls) {
  constexpr double matrices = 6.0;
  const double n = static_cast<double>(controls.n_shared());
  return matrices * n * n * bytes;
}

// What is left of it while the bootstrap runs and the series are written.
double lasting_part(const Case& inputs, double of_analysis) {
  return of_analysis - 130.0 * n_column(inputs) * bytes;
}

// All series of one output, the values of a stream in another order, and what the library keeps.
double of_series(const Case& inputs, std::span<const Stream> streams, double variables_of_stream) {
  double sum = 0.0, longest = 0.0, kept = 0.0;
  for (const Stream& stream : streams) {
    const double of_column = static_cast<double>(stream.times.size()) * bytes;
    sum += of_column;
    longest = std::max(longest, of_column);
    kept += variables_of_stream * kept_of_variable(inputs, of_column);
  }
  return n_column(inputs) * (sum + longest) + kept;
}

// The residuals of all columns.
double of_bootstrap(const Case& inputs) {
  double values = 0.0;
  for (const Stream& stream : inputs.observations.streams)
    if (stream.fitted()) values += static_cast<double>(stream.times.size());
  return n_column(inputs) * bytes * values;
}

// The most that this process has had [byte]; zero where Linux does not tell it. What getrusage()
// tells may be of the program that has started this one.
double most_taken() {
  constexpr double kilobyte = 1024.0;
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:") {
      double taken = 0.0;
      status >> taken;
      return taken * kilobyte;
    }
  return 0.0;
}

// A checkpoint is held once as it is kept and, if there is a file, once as it is written, which the
// root makes in memory and copies.
double of_checkpoint(const Case& inputs, double m) {
  const bool root_writes = inputs.ranks.is_root() && !inputs.settings.checkpoint.file.empty();
  const double copies = inputs.settings.checkpoint.file.empty() ? 1.0 : 2.0;
  const double columns =
      n_column(inputs) + (root_writes ? static_cast<double>(inputs.columns.n_active()) : 0.0);
  const Settings& settings = inputs.settings;
  const bool twice = std::ranges::any_of(inputs.observations.streams, [](const Stream& stream) {
    return stream.settings.error_memory.automatic;
  });
  const double parts = settings.split.parts > 1 ? 1.0 + settings.split.parts : 1.0;
  const double searches =
      static_cast<double>(std::max<std::size_t>(1, settings.stages.free.size())) *
      (twice ? 2.0 : 1.0);
  const double of_profiles = 2.0 * static_cast<double>(settings.posterior.profile.size()) *
                             settings.posterior.profile_points;
  return copies * columns * parts * bytes *
         (searches * settings.optimizer.starts * (m * m + 3.0 * m + 11.0) + of_profiles);
}

} // namespace

void claim_estimate(Case& inputs, const Controls& controls, const PriorCoupling& coupling) {
  const double m = static_cast<double>(controls.per_column());
  const double analysis = of_analysis(inputs, m), lasting = lasting_part(inputs, analysis);
  constexpr double not_used_again = 0.15; // of what is free after the searches; as measured
  const double searches = of_searches(inputs, m);
  double most = std::max(searches, analysis) + not_used_again * std::min(searches, analysis);
  if (inputs.settings.posterior.bootstrap > 0)
    most = std::max(most, lasting + of_bootstrap(inputs));
  if (inputs.settings.run.series)
    most = std::max(most, lasting + of_series(inputs, inputs.observations.streams, 2.0));
  inputs.memory.claim("the searches and their analysis", most);
  inputs.memory.claim("the fields", of_fields(inputs, controls, coupling));
  inputs.memory.claim("the shared values", of_shared(controls));
  inputs.memory.claim("the checkpoint", of_checkpoint(inputs, m));
}

void claim_series(Case& inputs, std::span<const Stream> streams) {
  inputs.memory.claim("the series", of_series(inputs, streams, 1.0));
}

double kept_of_variable(const Case& inputs, double of_column) {
  constexpr double most = 16.0 * 1024.0 * 1024.0;
  const double whole = of_column * static_cast<double>(inputs.columns.n_active());
  return inputs.ranks.is_root() ? std::min(most, whole) : 0.0;
}

void log_memory(const Case& inputs) {
  constexpr double megabyte = 1e6;
  inputs.log.info("memory: {:.4g} MB per rank planned, besides the program itself; {:.4g} MB taken "
                  "in all at most",
                  inputs.memory.claimed() / megabyte, inputs.ranks.max(most_taken()) / megabyte);
}

} // namespace glebe
