// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/verdict_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace glebe {

namespace {

constexpr std::size_t most_lines = 20; ///< controls that are still named one by one
constexpr std::size_t most_combinations = 8;

// "in_combination" -> "in combination".
std::string spoken(const std::string& name) {
  std::string text = name;
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

} // namespace

std::string VerdictSummary::label(std::size_t control) const {
  const ControlTraits& traits = context_.controls[control];
  return context_.controls.size() <= most_lines ? traits.name : info(traits.parameter).name;
}

void VerdictSummary::add(const ColumnEvidence& evidence, const ColumnVerdict& verdict) {
  lines_ = in_words(context_, evidence, verdict);
  for (std::size_t k = 0; k < verdict.of_control.size(); ++k)
    ++verdicts_[fmt::format("{}\t{}", label(k), static_cast<int>(verdict.of_control[k]))];
  for (const Combination& combination : verdict.combinations) {
    const std::string members = members_in_words(context_, combination);
    ++combinations_[combination.kind == Combination::Kind::exact
                        ? fmt::format("{} enter only as {}", members, combination.quantity)
                        : fmt::format("{} known only in combination: {}", members,
                                      advice_for(context_, combination.members))];
  }
}

// Sums counts with the same key; every rank sends its own as lines of key and number.
VerdictSummary::Counts VerdictSummary::over_ranks(const Counts& local) const {
  std::string sent;
  for (const auto& [key, count] : local) sent += fmt::format("{}\n{}\n", key, count);
  Counts total;
  for (int rank = 0; rank < ranks_.size(); ++rank) {
    std::istringstream received(ranks_.from(rank, sent));
    std::string key, count;
    while (std::getline(received, key) && std::getline(received, count))
      total[key] += std::stoll(count);
  }
  return total;
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
        counts += fmt::format("{}{} in {}", counts.empty() ? "" : ", ", spoken(verdict_names[code]),
                              found->second);
    }
    const std::string of = context_.controls.size() <= most_lines
                               ? fmt::format(" of {} columns", n_column)
                               : " (columns times knots or places)";
    text += fmt::format("{}: {}{}\n", name, counts.empty() ? "not estimated" : counts, of);
  }
  std::vector<std::pair<std::int64_t, std::string>> by_count;
  for (const auto& [key, count] : combinations) by_count.emplace_back(-count, key);
  std::sort(by_count.begin(), by_count.end());
  for (std::size_t i = 0; i < std::min(by_count.size(), most_combinations); ++i)
    text += fmt::format("in {} column{}: {}\n", -by_count[i].first,
                        by_count[i].first == -1 ? "" : "s", by_count[i].second);
  return text;
}

std::string VerdictSummary::text(std::int64_t n_column) const {
  if (n_column != 1 || context_.controls.size() > most_lines) return counted(n_column);
  std::string local;
  for (const std::string& line : lines_) local += line + '\n';
  const std::int64_t owner = ranks_.max(std::int64_t{local.empty() ? -1 : ranks_.rank()});
  return owner < 0 ? "" : ranks_.from(static_cast<int>(owner), local);
}

} // namespace glebe
