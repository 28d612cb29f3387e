// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/sign_checks.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "input_records.hpp"

namespace glebe {

namespace {

constexpr std::array rules{
    SignRule{ObservationKind::net_radiation, -0.3, 0, 0, 0, "downwards"},
    SignRule{ObservationKind::ground_heat_flux, -0.5, 4, 0.1, 0, "downwards"},
    SignRule{ObservationKind::sensible_heat, -0.5, 0, 0, 278.15, "upwards"},
    SignRule{ObservationKind::latent_heat, -0.5, 0, 0, 278.15, "upwards"},
    SignRule{ObservationKind::turbulent_heat, -0.5, 0, 0, 278.15, "upwards"},
};

struct Pair {
  double sun;
  double flux;
};

double correlation(const std::vector<Pair>& pairs) {
  double sun = 0.0, flux = 0.0;
  for (const Pair& pair : pairs) sun += pair.sun, flux += pair.flux;
  sun /= static_cast<double>(pairs.size()), flux /= static_cast<double>(pairs.size());
  double ss = 0.0, ff = 0.0, sf = 0.0;
  for (const Pair& pair : pairs) {
    ss += (pair.sun - sun) * (pair.sun - sun);
    ff += (pair.flux - flux) * (pair.flux - flux);
    sf += (pair.sun - sun) * (pair.flux - flux);
  }
  return ss > 0.0 && ff > 0.0 ? sf / std::sqrt(ss * ff) : std::nan("");
}

} // namespace

double correlation_with_sun(const std::vector<TimeInterval>& intervals,
                            const std::vector<double>& values, const SunDrive& drive,
                            double largest_lag) {
  constexpr double shortest = 2.0 * 86400.0; // [s]
  constexpr std::size_t fewest = 16;
  double strongest = std::nan("");
  for (double lag = 0.0; lag <= largest_lag; lag += 1.0) {
    std::vector<Pair> pairs;
    double begin = 0.0, end = 0.0;
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (std::isnan(values[k])) continue;
      const double middle = 0.5 * (intervals[k].begin + intervals[k].end);
      if (pairs.empty()) begin = middle;
      end = middle;
      pairs.push_back({value_at(drive.intervals, drive.values, middle - lag * 3600.0), values[k]});
    }
    if (pairs.size() < fewest || end - begin < shortest) return strongest;
    const double r = correlation(pairs);
    if (!(std::abs(r) <= std::abs(strongest))) strongest = r;
  }
  return strongest;
}

const SignRule* sign_rule(ObservationKind kind) {
  const auto* rule = std::ranges::find(rules, kind, &SignRule::kind);
  return rule == rules.end() ? nullptr : rule;
}

} // namespace glebe
