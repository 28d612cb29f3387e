// SPDX-License-Identifier: BSD-3-Clause
#include "combinations.hpp"

#include "glebe/estimation/algebra/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

using Direction = std::vector<double>; ///< in the scaled controls [m]

std::vector<std::size_t> free_controls(const ColumnEvidence& evidence) {
  std::vector<std::size_t> free;
  for (std::size_t k = 0; k < evidence.bound.size(); ++k)
    if (evidence.bound[k] == 0) free.push_back(k);
  return free;
}

// v^T G v, relative to what it would be if the controls did not compensate each other; 1 when
// nothing is seen of any of them, which is no combination.
double seen_along(const ColumnEvidence& evidence, const Direction& v) {
  const std::size_t m = v.size();
  double seen = 0.0, apart = 0.0;
  for (std::size_t k = 0; k < m; ++k) {
    apart += v[k] * v[k] * evidence.block[k * m + k];
    for (std::size_t j = 0; j < m; ++j) seen += v[k] * evidence.block[k * m + j] * v[j];
  }
  return apart > 0.0 ? std::abs(seen) / apart : 1.0;
}

std::vector<std::size_t> members_of(const Direction& v) {
  std::vector<std::size_t> members;
  for (std::size_t k = 0; k < v.size(); ++k)
    if (v[k] != 0.0) members.push_back(k);
  return members;
}

// The relative standard deviation of a quantity with the relative gradient `slope` (in the scaled
// controls) when directions that nothing determines are left out: it does not vary along them.
double relative_std(const ColumnEvidence& evidence, const Direction& slope) {
  const std::vector<std::size_t> free = free_controls(evidence);
  const std::size_t m = slope.size(), n = free.size();
  // Every control in units of its conditional standard deviation.
  std::vector<double> unit(n), H(n * n);
  const auto entry = [&](std::size_t i, std::size_t j) {
    return evidence.block[free[i] * m + free[j]] + evidence.precision[free[i] * m + free[j]];
  };
  for (std::size_t i = 0; i < n; ++i)
    unit[i] = entry(i, i) > 0.0 ? 1.0 / std::sqrt(entry(i, i)) : 0.0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) H[i * n + j] = unit[i] * unit[j] * entry(i, j);
  const EigenSystem system = eigen_system(std::move(H), n);
  constexpr double undetermined = 1e-10;
  double variance = 0.0;
  for (std::size_t e = 0; e < n; ++e) {
    if (system.values[e] < undetermined) continue;
    double along = 0.0;
    for (std::size_t i = 0; i < n; ++i)
      along += system.vectors[e * n + i] * unit[i] * slope[free[i]];
    variance += along * along / system.values[e];
  }
  return std::sqrt(variance);
}

bool is(const VerdictContext& context, std::size_t k, Parameter parameter) {
  return context.controls[k].parameter == parameter;
}

// (heat_transfer + heat_transfer_wind U) (1 + 1 / bowen_ratio): its level set is h (1 + t),
// h_wind (1 + t), B (1 + (B + 1) t).
Combination bowen_combination(const VerdictContext& context, const ColumnEvidence& evidence) {
  const std::size_t m = context.controls.size();
  Direction along(m, 0.0), slope(m, 0.0);
  double transfer = 0.0, ratio = 0.0;
  int n_transfer = 0, n_ratio = 0;
  bool wind = false;
  for (const std::size_t k : free_controls(evidence)) {
    const double p = evidence.estimate[k], scale = context.controls[k].scale();
    if (is(context, k, Parameter::heat_transfer) || is(context, k, Parameter::heat_transfer_wind)) {
      along[k] = p / scale;
      slope[k] = scale / p;
      transfer = p;
      ++n_transfer;
      wind = wind || is(context, k, Parameter::heat_transfer_wind);
    } else if (is(context, k, Parameter::bowen_ratio)) {
      along[k] = p * (p + 1.0) / scale;
      slope[k] = -scale / (p * (p + 1.0));
      ratio = p;
      ++n_ratio;
    }
  }
  Combination found{Combination::Kind::exact, members_of(along)};
  found.quantity = wind ? "(heat_transfer + heat_transfer_wind * U) * (1 + 1/bowen_ratio)"
                        : "heat_transfer * (1 + 1/bowen_ratio)";
  if (n_transfer == 1 && n_ratio == 1 && !wind) {
    found.value = transfer * (1.0 + 1.0 / ratio);
    found.std = relative_std(evidence, slope);
  }
  const bool exact = n_transfer > 0 && n_ratio > 0 && seen_along(evidence, along) < 1e-10;
  if (!exact) found.members.clear();
  return found;
}

// heat_transfer + heat_transfer_wind U, where U never changes: the slope of the level set is U.
Combination wind_combination(const VerdictContext& context, const ColumnEvidence& evidence) {
  const std::size_t m = context.controls.size();
  Combination found{Combination::Kind::exact, {}};
  const std::vector<std::size_t> free = free_controls(evidence);
  const auto find = [&](Parameter parameter) {
    return std::find_if(free.begin(), free.end(),
                        [&](std::size_t k) { return is(context, k, parameter); });
  };
  const auto h = find(Parameter::heat_transfer), h_wind = find(Parameter::heat_transfer_wind);
  if (h == free.end() || h_wind == free.end()) return found;
  if (!(evidence.block[*h * m + *h] > 0.0)) return found;
  const double per_unit = evidence.block[*h * m + *h_wind] / evidence.block[*h * m + *h];
  Direction along(m, 0.0);
  along[*h] = -per_unit;
  along[*h_wind] = 1.0;
  if (!(per_unit > 0.0) || seen_along(evidence, along) > 1e-10) return found;
  const double wind = per_unit * context.controls[*h].scale() / context.controls[*h_wind].scale();
  found.members = {std::min(*h, *h_wind), std::max(*h, *h_wind)};
  found.quantity = "heat_transfer + heat_transfer_wind * U with U the same at all times";
  found.value = evidence.estimate[*h] + wind * evidence.estimate[*h_wind];
  Direction slope(m, 0.0);
  slope[*h] = context.controls[*h].scale() / found.value;
  slope[*h_wind] = wind * context.controls[*h_wind].scale() / found.value;
  found.std = relative_std(evidence, slope);
  return found;
}

bool positive(Parameter parameter) {
  return info(parameter).lower_excluded && info(parameter).lower == 0.0;
}

// Of two quantities that cannot be zero the data know a product of powers a * b^-e: on the long
// axis of their covariance the logarithm of a changes e times as much as that of b.
void name_power(const VerdictContext& context, const ColumnEvidence& evidence, Combination& pair) {
  const std::size_t m = context.controls.size(), a = pair.members[0], b = pair.members[1];
  const ControlTraits &A = context.controls[a], &B = context.controls[b];
  if (!positive(A.parameter) || !positive(B.parameter)) return;
  const double std_a = std::sqrt(evidence.covariance[a * m + a]) * A.scale() / evidence.estimate[a];
  const double std_b = std::sqrt(evidence.covariance[b * m + b]) * B.scale() / evidence.estimate[b];
  constexpr double nearly = 0.15; // an exponent that close to one is one
  double exponent = std_a / std_b;
  const bool thermal =
      A.parameter == Parameter::thermal_conductivity && B.parameter == Parameter::heat_capacity;
  if (std::abs(exponent - 1.0) < nearly) exponent = 1.0;
  const bool quotient = pair.correlation > 0.0;
  const std::string power = exponent == 1.0 ? "" : fmt::format("^{:.2g}", exponent);
  const char* meaning = !thermal || exponent != 1.0 ? ""
                        : quotient                  ? " (the thermal diffusivity)"
                                                    : " (the square of the thermal inertia)";
  pair.quantity = fmt::format("{} {} {}{}{}", A.name, quotient ? "/" : "*", B.name, power, meaning);
  pair.value =
      evidence.estimate[a] * std::pow(evidence.estimate[b], quotient ? -exponent : exponent);
  Direction slope(m, 0.0);
  slope[a] = A.scale() / evidence.estimate[a];
  slope[b] = (quotient ? -exponent : exponent) * B.scale() / evidence.estimate[b];
  pair.std = relative_std(evidence, slope);
}

} // namespace

std::vector<Combination> exact_combinations(const VerdictContext& context,
                                            const ColumnEvidence& evidence) {
  std::vector<Combination> found;
  if (context.turbulence == Turbulence::bowen)
    found.push_back(bowen_combination(context, evidence));
  found.push_back(wind_combination(context, evidence));
  std::erase_if(found, [](const Combination& c) { return c.members.empty(); });
  return found;
}

Combination tied_to(const VerdictContext& context, const ColumnEvidence& evidence, std::size_t k) {
  const std::size_t m = context.controls.size();
  const auto covariance = [&](std::size_t i, std::size_t j) {
    return evidence.covariance[i * m + j];
  };
  std::size_t partner = k;
  double strongest = 0.0;
  const std::vector<std::size_t> free = free_controls(evidence);
  for (const std::size_t j : free) {
    if (j == k) continue;
    const double correlation = covariance(k, j) / std::sqrt(covariance(k, k) * covariance(j, j));
    if (std::abs(correlation) <= std::abs(strongest)) continue;
    strongest = correlation;
    partner = j;
  }
  Combination found;
  found.correlation = strongest;
  if (std::abs(strongest) >= context.limits.correlation_limit) {
    found.kind = Combination::Kind::correlated;
    found.members = {std::min(k, partner), std::max(k, partner)};
    name_power(context, evidence, found);
    return found;
  }
  // Several: those that take part in the least known direction, in units of what each would be
  // known to if the others were.
  const double H_kk = evidence.block[k * m + k] + evidence.precision[k * m + k];
  found.correlation = std::sqrt(std::max(0.0, 1.0 - 1.0 / (covariance(k, k) * H_kk)));
  constexpr double part = 0.3;
  for (const std::size_t j : free) {
    const double H_jj = evidence.block[j * m + j] + evidence.precision[j * m + j];
    const double moves = covariance(k, j) / std::sqrt(covariance(k, k)) * std::sqrt(H_jj);
    const double own = std::sqrt(covariance(k, k) * H_kk);
    if (j == k || std::abs(moves) > part * own) found.members.push_back(j);
  }
  return found;
}

} // namespace glebe
