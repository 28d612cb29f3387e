// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/uncertainty/memory_of_residuals.hpp"

#include "glebe/estimation/uncertainty/residuals.hpp"
#include "glebe/simulation/error_memory.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace glebe {

namespace {

// To three digits, more than residuals tell: the same number that a user would write who takes it
// from the log.
double rounded(double value) { return std::stod(fmt::format("{:.3g}", value)); }

// The minimum of a function within [a, b], by golden sections to `tolerance`.
template <class Function>
double minimum_within(double a, double b, double tolerance, Function f) {
  constexpr double section = 1.0 / std::numbers::phi;
  double c = b - section * (b - a), d = a + section * (b - a);
  double f_c = f(c), f_d = f(d);
  while (b - a > tolerance) {
    if (f_c < f_d) {
      b = d;
      d = c;
      f_d = f_c;
      f_c = f(c = b - section * (b - a));
    } else {
      a = c;
      c = d;
      f_c = f_d;
      f_d = f(d = a + section * (b - a));
    }
  }
  return 0.5 * (a + b);
}

// Calls action(stream, view) for the streams of every column with data.
template <class Action>
void view_residuals(const Objective& objective, Vec x, Action action) {
  const std::vector<std::size_t> columns = objective.columns_with_data();
  const DenseMatrix x_of_columns = objective.controls().of_columns(x);
  agree_on_failure(objective.ranks(), [&] {
    const DenseMatrix values =
        objective.controls().values(columns, x_of_columns(columns, Eigen::all));
    view_streams(objective.problem(), columns, values, {}, {},
                 [&](std::size_t, bool failed, const std::vector<StreamView>& views) {
                   for (std::size_t s = 0; s < views.size() && !failed; ++s) action(s, views[s]);
                 });
  });
}

} // namespace

void MemoryLikelihood::add(std::span<const double> residual, std::span<const double> times) {
  OfColumn column;
  double squares = 0.0;
  std::size_t last = residual.size();
  for (std::size_t k = 0; k < residual.size(); ++k) {
    const double r = residual[k];
    if (std::isnan(r)) continue;
    column.count += 1.0;
    squares += r * r;
    if (last == residual.size()) {
      column.first = r * r;
    } else {
      Pairs& pairs = column.gap[std::llround(1e3 * (times[k] - times[last]))];
      pairs.count += 1.0;
      pairs.now += r * r;
      pairs.cross += r * residual[last];
      pairs.before += residual[last] * residual[last];
    }
    last = k;
  }
  if (column.count >= 3.0 && squares > 0.0) columns_.push_back(std::move(column));
}

std::vector<double> MemoryLikelihood::deviance(double memory) const {
  std::vector<double> result;
  for (const OfColumn& column : columns_) {
    double Q = column.first, logarithms = 0.0;
    for (const auto& [milliseconds, pairs] : column.gap) {
      const MemoryStep step = memory > 0.0
                                  ? MemoryStep(1e-3 * static_cast<double>(milliseconds), memory)
                                  : MemoryStep(std::numeric_limits<double>::infinity(), 1.0);
      const double phi = step.correlation, variance = step.innovation * step.innovation;
      Q += (pairs.now - 2.0 * phi * pairs.cross + phi * phi * pairs.before) / variance;
      logarithms += pairs.count * std::log(variance);
    }
    result.push_back(column.count * std::log(Q / column.count) + logarithms);
  }
  return result;
}

double MemoryLikelihood::shortest_gap() const {
  double shortest = std::numeric_limits<double>::infinity();
  for (const OfColumn& column : columns_)
    if (!column.gap.empty())
      shortest = std::min(shortest, 1e-3 * static_cast<double>(column.gap.begin()->first));
  return shortest;
}

MemoryEstimate most_likely_memory(const Ranks& ranks, const MemoryLikelihood& likelihood,
                                  double longest) {
  constexpr double noticeable = 4.0, steps_per_decade = 8.0, precision = 1e-5;
  const double shortest_gap = ranks.min(likelihood.shortest_gap());
  // Over a gap of ten time scales there is no memory left.
  const double shortest = 0.1 * shortest_gap;
  if (!(shortest < longest)) return {};
  const auto deviance = [&](double log_memory) {
    return reproducible_sum(ranks, likelihood.deviance(std::exp(log_memory)));
  };
  const double low = std::log(shortest), high = std::log(longest);
  const auto n = static_cast<int>(std::ceil(steps_per_decade * (high - low) / std::log(10.0)));
  const auto place = [&](int i) { return low + (high - low) * std::clamp(i, 0, n) / n; };
  int best = 0;
  double least = deviance(low);
  for (int i = 1; i <= n; ++i)
    if (const double found = deviance(place(i)); found < least) {
      least = found;
      best = i;
    }
  const double log_memory = minimum_within(place(best - 1), place(best + 1), precision, deviance);
  const double independent = reproducible_sum(ranks, likelihood.deviance(0.0));
  if (!(independent - deviance(log_memory) > noticeable)) return {};
  return {rounded(std::exp(log_memory) / 3600.0), high - log_memory < 2.0 * precision};
}

std::vector<MemoryEstimate> memory_of_residuals(const Objective& objective, Vec x) {
  const auto& streams = objective.problem().observations.streams;
  std::vector<MemoryLikelihood> likelihood(streams.size());
  std::vector<std::vector<double>> times(streams.size());
  for (std::size_t s = 0; s < streams.size(); ++s)
    for (std::size_t k = 0; k < streams[s].times.size(); ++k)
      times[s].push_back(streams[s].middle(k));
  view_residuals(objective, x, [&](std::size_t s, const StreamView& view) {
    if (streams[s].fitted()) likelihood[s].add(view.residual, times[s]);
  });
  std::vector<MemoryEstimate> result;
  for (const MemoryLikelihood& of_stream : likelihood)
    result.push_back(
        most_likely_memory(objective.ranks(), of_stream, objective.problem().time.length()));
  return result;
}

std::vector<double> autocorrelation_beyond_memory(const Objective& objective, Vec x) {
  std::vector<std::vector<double>> of_column(objective.problem().n_stream());
  view_residuals(objective, x, [&](std::size_t s, const StreamView& view) {
    if (view.whitened.empty()) return;
    const Autocorrelation found = autocorrelation_of(view.whitened);
    if (found.effective_sample_size >= 3.0) of_column[s].push_back(found.lag_one);
  });
  std::vector<double> result;
  for (const std::vector<double>& stream : of_column)
    result.push_back(median(objective.ranks(), stream));
  return result;
}

} // namespace glebe
