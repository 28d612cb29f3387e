// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace glebe {

InputError::InputError(std::vector<std::string> problems)
    : std::runtime_error(fmt::format("{}", fmt::join(problems, "\n"))),
      problems_(std::move(problems)) {}

void Problems::add(const InputError& error) {
  for (const std::string& problem : error.problems())
    if (std::find(messages_.begin(), messages_.end(), problem) == messages_.end())
      messages_.push_back(problem);
}

void Problems::throw_if_any() const {
  if (!messages_.empty()) throw InputError(messages_);
}

namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string>& known) {
  std::string_view nearest;
  std::size_t least = (name.size() <= 3 ? 1 : std::max<std::size_t>(2, name.size() / 3)) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
  const std::string_view nearest = nearest_name(name, known);
  return nearest.empty() ? std::string{} : fmt::format(" (did you mean '{}'?)", nearest);
}

} // namespace glebe
