// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/verdict/verdict_summary.hpp"

#include "glebe/base/median.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <tuple>

namespace glebe {

namespace {

constexpr std::size_t max_lines = 20; ///< with more controls, they are counted by parameter
constexpr std::size_t max_combinations = 8;

// "in_combination" -> "in combination".
std::string without_underscores(const std::string& name) {
  std::string text = name;
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

// The total of the counts of a parameter with n_value knots or places, in words.
std::string all_of(std::int64_t n_value, std::int64_t n_column) {
  if (n_value == 1) return fmt::format("{} column{}", n_column, n_column == 1 ? "" : "s");
  if (n_column == 1) return fmt::format("{} values", n_value);
  return fmt::format("{} ({} values in each of {} columns)", n_value * n_column, n_value, n_column);
}

} // namespace

std::string VerdictSummary::label(std::size_t control) const {
  const ControlTraits& traits = context_.controls[control];
  return context_.controls.size() <= max_lines ? traits.name : traits.quantity();
}

void VerdictSummary::add(const ColumnEvidence& evidence, const ColumnVerdict& verdict) {
  lines_ = in_words(context_, evidence, verdict);
  for (std::size_t k = 0; k < verdict.of_control.size(); ++k)
    ++verdicts_[fmt::format("{}\t{}", label(k), static_cast<int>(verdict.of_control[k]))];
  add_std(evidence, verdict);
  for (const Combination& combination : verdict.combinations) {
    const std::string members = members_in_words(context_, combination);
    ++combinations_[combination.kind == Combination::Kind::exact
                        ? fmt::format("{} enter only as {}", members, combination.quantity)
                        : fmt::format("{} known only in combination: {}", members,
                                      advice_for(context_, combination.members))];
  }
}

// Adds the standard deviations to those of observed or of inferred columns.
void VerdictSummary::add_std(const ColumnEvidence& evidence, const ColumnVerdict& verdict) {
  const std::size_t m = verdict.of_control.size();
  std::set<std::string> seen;
  for (std::size_t k = 0; k < m; ++k) {
    if (verdict.of_control[k] == Verdict::not_estimated) continue;
    const std::string name = label(k);
    StdOfColumns& known = (evidence.observed ? observed_ : inferred_)[name];
    const bool first = seen.insert(name).second;
    known.columns += first;
    known.failed += first && evidence.failed;
    const double variance = evidence.covariance(k, k);
    if (!std::isnan(variance))
      known.std.push_back(context_.controls[k].scale() * std::sqrt(variance));
  }
}

// The sums over ranks of counts with the same key. They are sent as lines with key and number.
VerdictSummary::Counts VerdictSummary::over_ranks(const Counts& local) const {
  std::string sent;
  for (const auto& [key, count] : local) sent += fmt::format("{}\n{}\n", key, count);
  Counts total;
  for (int rank = 0; rank < ranks_.size(); ++rank) {
    std::istringstream received(ranks_.broadcast(rank, sent));
    std::string key, count;
    while (std::getline(received, key) && std::getline(received, count))
      total[key] += std::stoll(count);
  }
  return total;
}

// A line on the columns in which a parameter is inferred from others; empty if there are none.
std::string VerdictSummary::inferred(const std::string& name) const {
  const auto over_columns = [&](const std::map<std::string, StdOfColumns>& local) {
    const auto found = local.find(name);
    const StdOfColumns mine = found == local.end() ? StdOfColumns{} : found->second;
    return std::tuple(ranks_.sum(mine.columns), median(ranks_, mine.std), ranks_.sum(mine.failed));
  };
  const auto [n_inferred, std_inferred, n_failed] = over_columns(inferred_);
  if (n_inferred == 0) return "";
  const auto [n_observed, std_observed, none] = over_columns(observed_);
  std::size_t k = 0;
  while (label(k) != name) ++k;
  const ControlTraits& traits = context_.controls[k];
  const auto in_words = [&](double std) {
    return std::isnan(std) ? "unknown" : fmt::format("{:.2g}{}", std, unit_suffix(traits));
  };
  return fmt::format("{}: inferred from {} in {} column{} without observations{}, median standard "
                     "deviation {}; {} in the {} observed\n",
                     name, traits.shared ? "the value they share" : "neighbours", n_inferred,
                     n_inferred == 1 ? "" : "s",
                     n_failed > 0 ? fmt::format(" or, in {}, whose model failed", n_failed) : "",
                     in_words(std_inferred), in_words(std_observed), n_observed);
}

std::string VerdictSummary::counted(std::int64_t n_column) const {
  const Counts verdicts = over_ranks(verdicts_), combinations = over_ranks(combinations_);
  std::string text;
  std::vector<std::string> labels;
  for (std::size_t k = 0; k < context_.controls.size(); ++k)
    if (std::find(labels.begin(), labels.end(), label(k)) == labels.end())
      labels.push_back(label(k));
  for (const std::string& name : labels) {
    std::string counts;
    for (std::size_t code = 0; code < verdict_names.size(); ++code) {
      const auto found = verdicts.find(fmt::format("{}\t{}", name, code));
      if (found != verdicts.end())
        counts += fmt::format("{}{} in {}", counts.empty() ? "" : ", ",
                              without_underscores(verdict_names[code]), found->second);
    }
    std::int64_t n_value = 0; // knots in time and places with this label
    for (std::size_t k = 0; k < context_.controls.size(); ++k) n_value += label(k) == name;
    text += fmt::format("{}: {} of {}\n", name, counts.empty() ? "not estimated" : counts,
                        all_of(n_value, n_column));
    text += inferred(name);
  }
  std::vector<std::pair<std::int64_t, std::string>> by_count;
  for (const auto& [key, count] : combinations) by_count.emplace_back(-count, key);
  std::sort(by_count.begin(), by_count.end());
  for (std::size_t i = 0; i < std::min(by_count.size(), max_combinations); ++i)
    text += fmt::format("in {} column{}: {}\n", -by_count[i].first,
                        by_count[i].first == -1 ? "" : "s", by_count[i].second);
  return text;
}

std::string VerdictSummary::text(std::int64_t n_column) const {
  if (n_column != 1 || context_.controls.size() > max_lines) return counted(n_column);
  std::string local;
  for (const std::string& line : lines_) local += line + '\n';
  const std::int64_t owner = ranks_.max(std::int64_t{local.empty() ? -1 : ranks_.rank()});
  return owner < 0 ? "" : ranks_.broadcast(static_cast<int>(owner), local);
}

} // namespace glebe
