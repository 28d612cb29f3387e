// SPDX-License-Identifier: BSD-3-Clause
#include "dimension_roles.hpp"

#include "glebe/base/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "coordinate_kind.hpp"

namespace glebe {

namespace {

using Dimensions = std::vector<NetcdfFile::Dimension>;

constexpr const char* times_of_wrf = "Times";

bool is_time_text(const NetcdfFile& file, const std::string& variable,
                  const std::string& dimension) {
  if (!file.has_variable(variable) || file.is_user_defined(variable)) return false;
  const auto info = file.variable(variable);
  return info.is_text() && !info.dimensions.empty() && info.dimensions.front().name == dimension;
}

// The variable with the times along a dimension; empty where there is none, or no single one.
std::string times_along(const NetcdfFile& file, const std::string& dimension) {
  if (is_time(file, dimension)) return dimension;
  if (is_time_text(file, times_of_wrf, dimension)) return times_of_wrf;
  if (file.has_variable(dimension)) return {};
  std::string found;
  for (const std::string& name : file.variable_names()) {
    if (file.is_user_defined(name) || !is_time(file, name)) continue;
    const Dimensions dimensions = file.variable(name).dimensions;
    if (dimensions.size() != 1 || dimensions.front().name != dimension) continue;
    if (!found.empty()) return {};
    found = name;
  }
  return found;
}

// Position and variable of the times of a variable.
struct TimeDimension {
  std::size_t position;
  std::string variable;
};
TimeDimension time_dimension(const NetcdfFile& file, const std::string& variable) {
  const Dimensions dimensions = file.variable(variable).dimensions;
  std::optional<TimeDimension> found;
  // The longest: a time of reference has one entry.
  for (std::size_t i = 0; i < dimensions.size(); ++i)
    if (!found || dimensions[i].length > dimensions[found->position].length)
      if (const std::string time = times_along(file, dimensions[i].name); !time.empty())
        found = {i, time};
  if (found) return *found;
  throw InputError(fmt::format("{}: none of its dimensions is a time with a coordinate variable "
                               "whose units read '... since ...'",
                               file.where(variable)));
}

std::size_t index_of_value(const NetcdfFile& file, const std::string& variable,
                           const LevelChoice& level) {
  if (!file.has_variable(level.dimension))
    throw InputError(fmt::format("{}: its dimension '{}' has no coordinate variable; choose by "
                                 "number, such as '{}(1)'",
                                 file.where(variable), level.dimension, level.dimension));
  const std::vector<double> values = file.read_all(level.dimension);
  const double tolerance = 1e-6 * std::max(1.0, std::abs(*level.value));
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::abs(values[i] - *level.value) <= tolerance) return i;
  throw InputError(fmt::format("{}: its dimension '{}' has no {}; it has {}", file.where(variable),
                               level.dimension, *level.value, fmt::join(values, ", ")));
}

// The index that a level stands for.
std::size_t index_of(const NetcdfFile& file, const std::string& variable,
                     const NetcdfFile::Dimension& dimension, const LevelChoice& level) {
  const std::size_t index = level.value ? index_of_value(file, variable, level) : level.number;
  if (index < dimension.length) return index;
  throw InputError(fmt::format("{}: level '{}({})': the dimension has the length {}",
                               file.where(variable), dimension.name, index + 1, dimension.length));
}

bool in_grid(const std::optional<std::vector<std::string>>& grid, const std::string& name) {
  return grid && std::ranges::find(*grid, name) != grid->end();
}

[[noreturn]] void refuse_long(const NetcdfFile& file, const std::string& variable,
                              const NetcdfFile::Dimension& dimension) {
  throw InputError(fmt::format(
      "{}: its dimension '{}' of length {} is not a horizontal one; choose "
      "with level = '{}(number)' or '{} = value'",
      file.where(variable), dimension.name, dimension.length, dimension.name, dimension.name));
}

} // namespace

std::string time_variable_of(const NetcdfFile& file, const std::string& variable) {
  return time_dimension(file, variable).variable;
}

std::size_t time_position(const NetcdfFile& file, const std::string& variable) {
  return time_dimension(file, variable).position;
}

std::size_t level_position(const NetcdfFile& file, const std::string& variable,
                           const std::string& dimension, std::optional<std::size_t> entry) {
  std::vector<std::string> names;
  for (const auto& one : file.variable(variable).dimensions) names.push_back(one.name);
  const auto found = std::ranges::find(names, dimension);
  if (found == names.end())
    throw InputError(fmt::format("{}: has no dimension '{}'{}; it has: {}", file.where(variable),
                                 dimension, did_you_mean(dimension, names),
                                 fmt::join(names, ", ")));
  const auto position = static_cast<std::size_t>(found - names.begin());
  if (position == entry)
    throw InputError(fmt::format("{}: its dimension '{}' is time, not one of levels",
                                 file.where(variable), dimension));
  return position;
}

DimensionRoles roles_of(const NetcdfFile& file, const std::string& variable,
                        std::optional<std::size_t> entry, const std::vector<LevelChoice>& levels,
                        const std::optional<std::vector<std::string>>& grid) {
  const Dimensions dimensions = file.variable(variable).dimensions;
  DimensionRoles roles{entry, {}, NetcdfFile::Extent(dimensions.size(), 0)};
  std::vector<bool> taken(dimensions.size(), false);
  if (entry) taken[*entry] = true;
  for (const LevelChoice& level : levels) {
    const std::size_t position = level_position(file, variable, level.dimension, entry);
    roles.chosen[position] = index_of(file, variable, dimensions[position], level);
    taken[position] = true;
  }
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    if (taken[i]) continue;
    const bool other =
        !in_grid(grid, dimensions[i].name) && is_not_horizontal(file, dimensions[i].name);
    if (other && dimensions[i].length > 1) refuse_long(file, variable, dimensions[i]);
    if (!other) roles.horizontal.push_back(i);
  }
  const bool line = roles.horizontal.size() == 1 && !grid &&
                    dimensions[roles.horizontal.front()].length > 1 &&
                    is_line_of_lengths(file, dimensions[roles.horizontal.front()].name);
  if (line) refuse_long(file, variable, dimensions[roles.horizontal.front()]);
  // Whatever else has one entry may go, if there are more dimensions than those of a grid.
  const std::size_t most = grid ? grid->size() : 2;
  for (auto i = roles.horizontal.begin();
       i != roles.horizontal.end() && roles.horizontal.size() > most;)
    i = dimensions[*i].length == 1 && !in_grid(grid, dimensions[*i].name)
            ? roles.horizontal.erase(i)
            : i + 1;
  if (roles.horizontal.size() > 2)
    throw InputError(fmt::format(
        "{}: has {} dimensions besides time; none (a site), one (stations) "
        "or two (a grid) are allowed; choose one of the others with level "
        "= '{}(number)'",
        file.where(variable), roles.horizontal.size(), dimensions[roles.horizontal.front()].name));
  return roles;
}

} // namespace glebe
