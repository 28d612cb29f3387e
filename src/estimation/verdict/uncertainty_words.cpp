// SPDX-License-Identifier: BSD-3-Clause
#include "uncertainty_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace glebe {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

std::string with_error(double estimate, double std) {
  const auto order = [](double v) { return static_cast<int>(std::floor(std::log10(v))); };
  if (!(std > 0.0) || !std::isfinite(std)) return fmt::format("{:.5g} +- {:.2g}", estimate, std);
  constexpr double long_number = 1e5;
  if (std::abs(estimate) < long_number) {
    const int decimals = std::clamp(1 - order(std), 0, 12);
    return fmt::format("{:.{}f} +- {:.{}f}", estimate, decimals, std, decimals);
  }
  const int power = order(std::abs(estimate)), decimals = std::clamp(power + 1 - order(std), 0, 12);
  const double unit = std::pow(10.0, power);
  return fmt::format("({:.{}f} +- {:.{}f})e{:+03d}", estimate / unit, decimals, std / unit,
                     decimals, power);
}

std::string disagreement(const ColumnEvidence& evidence, std::size_t k) {
  std::string text;
  const auto add = [&](const char* name, const std::vector<double>& ratio) {
    if (ratio.empty() || std::isnan(ratio[k])) return;
    if (ratio[k] <= ratio_limit && ratio[k] >= 1.0 / ratio_limit) return;
    text += fmt::format("; {}: {:.3g} times the linear standard deviation", name, ratio[k]);
  };
  add("bootstrap", evidence.bootstrap_ratio);
  add("profile", evidence.profile_ratio);
  return text;
}

std::string within_bounds(const ColumnEvidence& evidence, std::size_t k, double std) {
  if (evidence.interval.empty() || std::isnan(evidence.interval[k].lower)) return "";
  const auto [lower, upper] = evidence.interval[k];
  constexpr double part = 0.1;
  const double estimate = evidence.estimate[k];
  if (std::abs(estimate - std - lower) <= part * std &&
      std::abs(estimate + std - upper) <= part * std)
    return "";
  constexpr double conflict = 3.0;
  const std::string against =
      evidence.contradiction > conflict
          ? fmt::format(", which the data contradict by {:.2g} standard deviations",
                        evidence.contradiction)
          : "";
  // As many digits as tell two of the width.
  const auto order = [](double v) { return static_cast<int>(std::floor(std::log10(v))); };
  const double largest = std::max(std::abs(lower), std::abs(upper)), width = upper - lower;
  const int digits = width > 0.0 ? std::clamp(order(largest) - order(width) + 2, 3, 12) : 12;
  return fmt::format("; 68 % from {:.{}g} to {:.{}g} within the bounds{}", lower, digits, upper,
                     digits, against);
}

std::string considered_in_words(const VerdictContext& context, const ColumnEvidence& evidence,
                                std::size_t k) {
  constexpr double noticeable = 0.1;
  const std::vector<double> shares = evidence.considered_shares(context, k);
  std::vector<std::string> parts;
  for (std::size_t p = 0; p < shares.size(); ++p) {
    if (!(shares[p] >= noticeable)) continue;
    const ConsideredTraits& traits = context.considered[p];
    const double value = evidence.considered_value[p];
    parts.push_back(fmt::format("{:.0f} % of the variance from {}, held {}+- {:.3g}{}",
                                100.0 * shares[p], traits.name,
                                std::isnan(value) ? "" : fmt::format("at {:.5g} ", value),
                                traits.std, unit_suffix(traits)));
  }
  return parts.empty() ? "" : "; " + joined(parts);
}

std::string advice_on_considered(const VerdictContext& context, const ColumnEvidence& evidence,
                                 std::size_t k) {
  const std::vector<double> shares = evidence.considered_shares(context, k);
  if (!(std::accumulate(shares.begin(), shares.end(), 0.0) > 0.5)) return "";
  const auto most = std::ranges::max_element(shares) - shares.begin();
  const std::string& name = context.considered[std::size_t(most)].name;
  return fmt::format("measure {} better, or estimate it with its prior_std", name);
}

} // namespace glebe
