// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/problem_lines.hpp"

#include "glebe/base/petsc.hpp"
#include "glebe/config/settings_lines.hpp"
#include "glebe/data/input_hash.hpp"
#include "glebe/version.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

namespace glebe {

namespace {

template <std::size_t n>
bool is_among(std::string_view name, const std::array<std::string_view, n>& all) {
  return std::ranges::find(all, name) != all.end();
}

// An estimate may be given more iterations than it had, and another analysis.
bool changes_search(std::string_view group, std::string_view key) {
  constexpr std::array<std::string_view, 5> others{"checkpoint", "posterior", "design", "ranking",
                                                   "twin"};
  constexpr std::array<std::string_view, 4> of_run{"title", "output", "series", "memory_limit"};
  if (is_among(group, others)) return false;
  if (group == "run" && is_among(key, of_run)) return false;
  return !(group == "optimizer" && key == "max_iterations");
}

bool changes_analysis(std::string_view group, std::string_view key) {
  constexpr std::array<std::string_view, 4> keys{"scale_by_chi_square", "bootstrap",
                                                 "profile_points", "profile_range"};
  return group == "posterior" && is_among(key, keys);
}

// The options of PETSc in the form "-name value -name", but for those that only tell something.
std::vector<std::string> lines_of_options() {
  constexpr std::array quiet{"monitor",          "view",  "log", "options_left",
                             "converged_reason", "max_it"};
  char* all = nullptr;
  GLEBE_PETSC(PetscOptionsGetAll(nullptr, &all));
  std::istringstream words(all);
  GLEBE_PETSC(PetscFree(all));
  std::vector<std::string> lines;
  for (std::string word; words >> word;) {
    const bool is_name =
        word.size() > 1 && word[0] == '-' && std::isalpha(static_cast<unsigned char>(word[1])) != 0;
    if (is_name)
      lines.push_back("option " + word + "=");
    else if (!lines.empty())
      lines.back() += word;
  }
  std::erase_if(lines, [&](const std::string& line) {
    return std::ranges::any_of(
        quiet, [&](const char* word) { return line.find(word) != std::string::npos; });
  });
  return lines;
}

} // namespace

ProblemLines problem_lines(const Case& inputs) {
  const std::optional<CellGeometry> geometry = inputs.geometry();
  ProblemLines lines{setting_lines(inputs.settings, changes_search),
                     setting_lines(inputs.settings, changes_analysis)};
  lines.search.push_back(fmt::format("version={}", version));
  for (std::string& option : lines_of_options()) lines.search.push_back(std::move(option));
  for (const auto& [name, hash] :
       input_hashes(inputs.ranks, {inputs.columns, inputs.soil, inputs.parameters, inputs.forcing,
                                   inputs.observations, geometry ? &*geometry : nullptr}))
    lines.search.push_back(fmt::format("{}{}={}", data_key, name, hash));
  return lines;
}

ColumnShare share_of(const Columns& columns) { return {columns.n_local(), columns.n_active()}; }

} // namespace glebe
