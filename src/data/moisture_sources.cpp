// SPDX-License-Identifier: BSD-3-Clause
#include "moisture_sources.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"
#include "glebe/data/units.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "dimension_roles.hpp"

namespace glebe {

namespace {

constexpr double same_depth = 1e-6; ///< [m], of a coordinate in single precision

bool is_length(const NetcdfFile& file, const std::string& variable) {
  const auto units = file.text_attribute(variable, "units");
  return units && convertible(*units, "m");
}

// The variable with the coordinates of a variable's levels, rather one of depths than one that
// numbers them; empty where there is none.
std::string level_coordinate(const NetcdfFile& file, const std::string& variable,
                             const std::string& dimension) {
  std::string found;
  for (const std::string& name : file.coordinate_names(variable)) {
    const NetcdfFile::VariableInfo candidate = file.variable(name);
    const auto& dimensions = candidate.dimensions;
    if (candidate.is_text() || dimensions.size() != 1 || dimensions.front().name != dimension)
      continue;
    if (is_length(file, name)) return name;
    if (found.empty()) found = name;
  }
  return found;
}

// The values of a coordinate, or the middles of its layers.
std::vector<double> read_middles(const NetcdfFile& file, const std::string& coordinate) {
  std::vector<double> values = file.read_all(coordinate);
  const auto bounds = file.text_attribute(coordinate, "bounds");
  if (!bounds) return values;
  const std::vector<std::size_t> shape = file.variable(*bounds).shape();
  if (shape != std::vector<std::size_t>{values.size(), 2})
    throw InputError(fmt::format("{}: has the shape ({}), bounds of '{}' have the shape ({}, 2)",
                                 file.where(*bounds), fmt::join(shape, ", "), coordinate,
                                 values.size()));
  const std::vector<double> ends = file.read_all(*bounds);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.5 * (ends[2 * i] + ends[2 * i + 1]);
  return values;
}

// The depths [m] that a coordinate stands for, in its order.
std::vector<double> read_depths(const NetcdfFile& file, const std::string& coordinate) {
  const std::string units = file.units(coordinate);
  if (!is_length(file, coordinate))
    throw InputError(fmt::format("{}: has the unit '{}', levels need a length; or give their "
                                 "depths in &moisture depths",
                                 file.where(coordinate), units));
  std::vector<double> depths = read_middles(file, coordinate);
  UnitConverter(units, "m").convert(depths);
  const bool upwards = lower(file.text_attribute(coordinate, "positive").value_or("")) == "up";
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const double depth = upwards ? 0.0 - depths[i] : depths[i];
    if (!(depth >= 0.0))
      throw InputError(fmt::format("{}: level {} is at {} m, positive {}wards: must be a depth "
                                   "below the surface; heights have the attribute positive = 'up'",
                                   file.where(coordinate), i + 1, depths[i],
                                   upwards ? "up" : "down"));
    depths[i] = depth;
  }
  return depths;
}

// The depths that `&moisture depths` gives for the levels of a file that does not say them.
std::vector<double> given_depths(const NetcdfFile& file, const MoistureSettings& moisture,
                                 std::size_t n_level) {
  const std::string& variable = moisture.variable.front();
  if (moisture.depths.empty())
    throw InputError(fmt::format("{}: its dimension '{}' has no coordinate variable; give the "
                                 "depths of its {} levels in &moisture depths",
                                 file.where(variable), moisture.level, n_level));
  if (moisture.depths.size() != n_level)
    throw InputError(fmt::format("{}: {} depths for the {} levels of dimension '{}' in {}, whose "
                                 "depths the file does not say: must be one for each",
                                 moisture.where("depths"), moisture.depths.size(), n_level,
                                 moisture.level, file.where(variable)));
  return moisture.depths;
}

// The levels at the depths that are asked for.
std::vector<MoistureSource> selected(const std::vector<MoistureSource>& levels,
                                     const NetcdfFile& file, const MoistureSettings& moisture) {
  std::vector<MoistureSource> found;
  std::vector<double> depths;
  for (const MoistureSource& level : levels) depths.push_back(level.depth);
  for (const double depth : moisture.depths) {
    const auto at_depth = std::ranges::find_if(levels, [&](const MoistureSource& level) {
      return std::abs(level.depth - depth) <= same_depth;
    });
    if (at_depth == levels.end())
      throw InputError(fmt::format("{} = {}: {} has no level there; its levels are at {} m",
                                   moisture.where("depths"), depth,
                                   file.where(moisture.variable.front()), fmt::join(depths, ", ")));
    found.push_back(*at_depth);
    found.back().depth = depth;
  }
  return found;
}

// The levels of one file from the top down.
std::vector<MoistureSource> levels_of(const NetcdfFile& file, const MoistureSettings& moisture) {
  const std::string& variable = moisture.variable.front();
  const std::size_t position =
      level_position(file, variable, moisture.level, time_position(file, variable));
  const std::size_t n_level = file.variable(variable).dimensions[position].length;
  const std::string coordinate = level_coordinate(file, variable, moisture.level);
  // A coordinate without depths serves only to say what is wrong.
  const bool in_file =
      !coordinate.empty() && (moisture.depths.empty() || is_length(file, coordinate));
  const std::vector<double> depths =
      in_file ? read_depths(file, coordinate) : given_depths(file, moisture, n_level);
  std::vector<MoistureSource> levels;
  for (std::size_t i = 0; i < n_level; ++i)
    levels.push_back({variable, LevelChoice{moisture.level, i}, depths[i]});
  if (in_file && !moisture.depths.empty()) levels = selected(levels, file, moisture);
  std::ranges::sort(levels, {}, &MoistureSource::depth);
  const auto twice = std::ranges::adjacent_find(levels, {}, &MoistureSource::depth);
  if (twice != levels.end())
    throw InputError(fmt::format("{}: two levels of dimension '{}' are at {} m",
                                 file.where(variable), moisture.level, twice->depth));
  return levels;
}

bool same_place(const MoistureSource& a, const MoistureSource& b) {
  return a.level->number == b.level->number && a.depth == b.depth;
}

} // namespace

std::vector<MoistureSource> moisture_sources(const FileSeries& files,
                                             const MoistureSettings& moisture) {
  std::vector<MoistureSource> sources;
  if (moisture.level.empty()) {
    for (std::size_t i = 0; i < moisture.depths.size(); ++i)
      sources.push_back({moisture.variable[i], {}, moisture.depths[i]});
    return sources;
  }
  sources = levels_of(files.first_file(), moisture);
  for (const NetcdfFile& file : files.files())
    if (!std::ranges::equal(sources, levels_of(file, moisture), same_place))
      throw InputError(fmt::format("{}: its levels differ from those of {}",
                                   file.where(moisture.variable.front()),
                                   files.first_file().path().string()));
  return sources;
}

} // namespace glebe
