// SPDX-License-Identifier: BSD-3-Clause
// Where the cells of an output are, and what its variables refer to as their coordinates.
#include "glebe/base/ranks.hpp"
#include "glebe/data/output_file.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace glebe {

namespace {

struct Position {
  const char* name;
  const char* unit;
  std::vector<double> GridCoordinates::*values;
};
constexpr std::array positions{Position{"latitude", "degrees_north", &GridCoordinates::latitude},
                               Position{"longitude", "degrees_east", &GridCoordinates::longitude}};

} // namespace

bool OutputFile::has_positions_of_grid() const {
  const auto& known = columns_.grid().coordinates;
  return known && !known->latitude.empty();
}

// Where the cells are, if no coordinates could be carried over that tell it: those of a grid that
// moves not but has time, numbers among the attributes of a file, or the place of &site.
bool OutputFile::define_positions() {
  const bool of_grid = has_positions_of_grid();
  if (carried_ && carried_->has_positions()) return false;
  if (!of_grid && !(site_latitude_ && site_longitude_)) return false;
  for (const Position& one : positions)
    if (file_.has_variable(one.name) || file_.dimension_length(one.name)) return false;
  const auto dimensions = of_grid ? columns_.grid().names() : std::vector<std::string>{};
  for (const Position& one : positions) {
    const std::optional<double> fill =
        dimensions.empty() ? std::nullopt : std::optional{NetcdfFile::default_fill};
    file_.define_variable(one.name, NetcdfFile::Type::float64, dimensions, fill);
    file_.put_attribute(one.name, "units", std::string_view(one.unit));
    file_.put_attribute(one.name, "standard_name", std::string_view(one.name));
    file_.put_attribute(one.name, "long_name", std::string_view(one.name));
  }
  return true;
}

bool OutputFile::are_places() const {
  const std::vector<std::string> grid = columns_.grid().names();
  const bool known = has_own_positions_ || (carried_ && carried_->has_positions());
  return known && (grid.empty() || (grid.size() == 1 && !carried_->is_line(grid.front())));
}

void OutputFile::refer_to_coordinates() {
  std::vector<std::string> of_cells;
  if (carried_) of_cells = carried_->coordinates();
  if (has_own_positions_)
    for (const Position& one : positions) of_cells.emplace_back(one.name);
  for (const std::string& name : on_grid_) {
    std::vector<std::string> all = of_cells;
    if (const std::string& own = own_coordinates_[name]; !own.empty()) all.push_back(own);
    if (!all.empty())
      file_.put_attribute(name, "coordinates", fmt::format("{}", fmt::join(all, " ")));
    if (const std::string mapping = carried_ ? carried_->grid_mapping() : ""; !mapping.empty())
      file_.put_attribute(name, "grid_mapping", mapping);
  }
}

void OutputFile::end_definitions() {
  if (carried_) carried_->define(file_);
  has_own_positions_ = define_positions();
  refer_to_coordinates();
  if (is_series_ && are_places())
    file_.put_attribute("", "featureType", std::string_view("timeSeries"));
  if (storage_ == Storage::file && ranks_.size() > 1) check_space();
  file_.end_definitions();
  write_coordinates();
}

void OutputFile::write_coordinates() {
  if (carried_) carried_->copy_values(file_);
  for (const auto& [name, depth] : depths_) file_.write(name, {}, {}, std::span(&depth, 1));
  if (!has_own_positions_) return;
  GridCoordinates of_site;
  of_site.latitude = {site_latitude_.value_or(0.0)};
  of_site.longitude = {site_longitude_.value_or(0.0)};
  const GridCoordinates& known = has_positions_of_grid() ? *columns_.grid().coordinates : of_site;
  for (const Position& one : positions) {
    const std::vector<double>& values = known.*one.values;
    NetcdfFile::Extent count = file_.variable(one.name).shape();
    if (!ranks_.is_root() && !count.empty()) count.front() = 0;
    const bool all = ranks_.is_root() || count.empty();
    file_.write(one.name, NetcdfFile::Extent(count.size(), 0), count,
                std::span(values).first(all ? values.size() : 0));
  }
}

} // namespace glebe
