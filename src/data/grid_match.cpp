// SPDX-License-Identifier: BSD-3-Clause
#include "grid_match.hpp"

#include "glebe/base/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "axis_match.hpp"
#include "coordinate_kind.hpp"
#include "grid_coordinates.hpp"
#include "station_match.hpp"

namespace glebe {

namespace {

using Dimensions = std::vector<NetcdfFile::Dimension>;
using Index = std::vector<std::size_t>;

const GridCoordinates& nowhere() {
  static const GridCoordinates none;
  return none;
}

// A grid of which a file has only `n_dimension` dimensions: those of one cell may be missing.
HorizontalGrid without_single_cells(const HorizontalGrid& grid, std::size_t n_dimension) {
  const auto longer = std::ranges::count_if(
      grid.dimensions, [](const HorizontalDimension& one) { return one.length > 1; });
  if (n_dimension >= grid.dimensions.size() || std::ssize(grid.dimensions) == longer ||
      static_cast<std::size_t>(longer) != n_dimension)
    return grid;
  HorizontalGrid reduced;
  GridCoordinates coordinates = grid.coordinates ? *grid.coordinates : nowhere();
  std::vector<std::optional<AxisCoordinate>> axes;
  for (std::size_t d = 0; d < grid.dimensions.size(); ++d) {
    if (grid.dimensions[d].length == 1) continue;
    reduced.dimensions.push_back(grid.dimensions[d]);
    if (d < coordinates.axes.size()) axes.push_back(coordinates.axes[d]);
  }
  coordinates.axes = axes;
  reduced.coordinates = std::make_shared<const GridCoordinates>(std::move(coordinates));
  return reduced;
}

class Matcher {
public:
  Matcher(const NetcdfFile& file, const std::string& variable, const DimensionRoles& roles,
          const HorizontalGrid& grid)
      : file_(file), variable_(variable), grid_(grid),
        known_(grid.coordinates ? *grid.coordinates : nowhere()) {
    const Dimensions all = file.variable(variable).dimensions;
    for (const std::size_t position : roles.horizontal) {
      match_.dimension.push_back(position);
      found_.push_back(all[position]);
    }
  }

  GridMatch match() {
    std::size_t n_value = 1;
    for (const auto& dimension : found_) n_value *= dimension.length;
    if (n_value == 1) return one_value();
    if (found_.size() != grid_.dimensions.size()) refuse_sizes();
    match_.index.resize(found_.size());
    order_dimensions();
    if (is_of_grid()) return match_;
    compare_sizes();
    here_ = read_grid_coordinates(file_, variable_, found_);
    compare();
    return match_;
  }

private:
  // Several variables of the file that defines the grid need no comparison.
  bool is_of_grid() const {
    if (!grid_.coordinates || known_.file != file_.path()) return false;
    for (std::size_t d = 0; d < found_.size(); ++d)
      if (found_[d].name != grid_.dimensions[d].name) return false;
    return true;
  }

  GridMatch one_value() {
    match_.everywhere = true;
    here_ = read_grid_coordinates(file_, variable_, found_);
    if (grid_.n_cell() == 1) compare_site();
    return match_;
  }

  // One site: inputs of a coarse model may be those of a cell nearby, but not of another country.
  void compare_site() {
    constexpr double elsewhere = 1.0, nearby = 0.02; // [degrees]
    if (!knows_positions(here_) || !knows_positions(known_)) return;
    const auto within = [&](double tolerance) {
      return degrees_between(known_, 0, here_, 0) <= tolerance;
    };
    if (!within(elsewhere)) refuse_places();
    if (!within(nearby))
      match_.changes = fmt::format("is of another place: {}", positions_in_words());
  }

  // By names, otherwise by what the coordinates measure, otherwise as they are.
  void order_dimensions() {
    if (found_.size() != 2) return;
    const auto& first = grid_.dimensions[0];
    const auto& second = grid_.dimensions[1];
    bool turned = found_[0].name == second.name && found_[1].name == first.name;
    const bool named = turned || (found_[0].name == first.name && found_[1].name == second.name);
    if (!named) turned = stands_for(0, 1) || stands_for(1, 0);
    const bool fits = found_[0].length == first.length && found_[1].length == second.length;
    if (!named && !turned && !fits) turned = true;
    if (turned) turn();
  }

  // Whether a dimension of the file is by its coordinate or name another one of the grid.
  bool stands_for(std::size_t in_file, std::size_t in_grid) const {
    const std::string& name = found_[in_file].name;
    const auto own = [&](std::size_t d) {
      const bool axis = d < known_.axes.size() && known_.axes[d];
      return axis ? known_.axes[d]->kind : kind_by_name(grid_.dimensions[d].name);
    };
    const CoordinateKind kind = dimension_kind(file_, name);
    if (kind == CoordinateKind::north || kind == CoordinateKind::east)
      return kind == own(in_grid) && kind != own(in_file);
    const bool axis = in_grid < known_.axes.size() && known_.axes[in_grid];
    if (!axis || known_.axes[in_grid]->standard_name.empty() || !file_.has_variable(name))
      return false;
    return file_.text_attribute(name, "standard_name") == known_.axes[in_grid]->standard_name;
  }

  void turn() {
    std::swap(found_[0], found_[1]);
    std::swap(match_.dimension[0], match_.dimension[1]);
    if (match_.dimension[0] > match_.dimension[1])
      note(fmt::format("has its dimensions in another order"));
  }

  void compare_sizes() {
    for (std::size_t d = 0; d < found_.size(); ++d)
      if (found_[d].length != grid_.dimensions[d].length) refuse_sizes();
  }

  void compare() {
    std::vector<bool> sure(found_.size(), false);
    for (std::size_t d = 0; d < found_.size(); ++d) sure[d] = compare_axis(d);
    const bool all_sure = std::ranges::all_of(sure, [](bool one) { return one; });
    const bool positions = knows_positions(here_) && knows_positions(known_);
    if (found_.size() == 1)
      compare_stations(all_sure);
    else if (positions && !is_of_kind(CoordinateKind::north, CoordinateKind::east))
      compare_fields(sure);
    else if (!all_sure)
      match_.by_size_alone = true;
    for (std::size_t d = 0; d < found_.size(); ++d) {
      const std::string order = order_in_words(match_.index[d]);
      if (!order.empty()) note(fmt::format("has its '{}' {}", found_[d].name, order));
    }
  }

  // Whether the axes are latitude and longitude, in whichever order: then they have been compared.
  bool is_of_kind(CoordinateKind a, CoordinateKind b) const {
    if (here_.axes.size() != 2 || !here_.axes[0] || !here_.axes[1]) return false;
    const CoordinateKind first = here_.axes[0]->kind, second = here_.axes[1]->kind;
    if (known_.axes.size() != 2 || !known_.axes[0] || !known_.axes[1]) return false;
    return ((first == a && second == b) || (first == b && second == a)) &&
           known_.axes[0]->kind == first && known_.axes[1]->kind == second;
  }

  bool compare_axis(std::size_t d) {
    if (d >= known_.axes.size() || !known_.axes[d] || !here_.axes[d]) return false;
    const AxisCoordinate &known = *known_.axes[d], &here = *here_.axes[d];
    if (!comparable(known, here)) return false;
    for (const AxisCoordinate* axis : {&known, &here})
      if (has_missing(*axis))
        throw InputError(fmt::format("{}: its coordinate '{}' has missing or impossible values",
                                     axis == &known ? known_.file.string() : file_.path().string(),
                                     axis->name));
    const auto index = find_coordinates(known, here);
    // Numbers without a unit may count something else.
    const bool on_globe = known.kind == CoordinateKind::north || known.kind == CoordinateKind::east;
    if (!index && !on_globe && known.has_unit != here.has_unit) return false;
    // Numbers of stations are not their places.
    if (!index && found_.size() == 1) return false;
    if (!index)
      throw InputError(fmt::format(
          "{}: is not on the grid of the run: '{}' is {}, '{}' in {} is {}", file_.where(variable_),
          found_[d].name, range_in_words(here.values), grid_.dimensions[d].name,
          known_.file.string(), range_in_words(known.values)));
    match_.index[d] = *index;
    return true;
  }

  void compare_stations(bool by_number) {
    const StationMatch stations = match_stations(known_, here_);
    switch (stations.found) {
    case StationMatch::Found::other_names:
      throw InputError(fmt::format("{}: has other stations than the run: '{}' ..., in {} '{}' ...",
                                   file_.where(variable_), here_.stations.front(),
                                   known_.file.string(), known_.stations.front()));
    case StationMatch::Found::other_places:
      refuse_places();
    case StationMatch::Found::nothing:
      match_.by_size_alone = !by_number;
      return;
    case StationMatch::Found::all:
      match_.index[0] = stations.index;
    }
  }

  // Positions of all cells, with those dimensions flipped that are not sure yet, or both turned.
  void compare_fields(const std::vector<bool>& sure) {
    const std::vector<Index> before = match_.index;
    const auto fits = [&] {
      for (const int flips : {0, 1, 2, 3}) {
        match_.index = before;
        bool allowed = true;
        for (std::size_t d = 0; d < 2; ++d) {
          if (!(flips & (1 << d))) continue;
          allowed = allowed && !sure[d];
          match_.index[d].resize(found_[d].length);
          std::iota(match_.index[d].rbegin(), match_.index[d].rend(), std::size_t{0});
        }
        if (allowed && is_same_place(match_.index)) return true;
      }
      return false;
    };
    if (fits()) return;
    const bool unsure = !sure[0] && !sure[1] && found_[0].length == found_[1].length;
    if (unsure) {
      turn();
      here_ = read_grid_coordinates(file_, variable_, found_);
      if (fits()) return;
    }
    refuse_places();
  }

  bool is_same_place(const std::vector<Index>& index) const {
    const double tolerance = position_tolerance(known_); // [degrees]
    const std::size_t n_cell = grid_.n_cell(), width = grid_.dimensions.back().length;
    const auto at = [&](std::size_t d, std::size_t i) {
      return index[d].empty() ? i : index[d][i];
    };
    std::size_t compared = 0;
    for (std::size_t cell = 0; cell < n_cell; ++cell) {
      const std::size_t there = at(0, cell / width) * width + at(1, cell % width);
      const double d = degrees_between(known_, cell, here_, there);
      if (d > tolerance) return false;
      compared += !std::isnan(d);
    }
    return 2 * compared >= n_cell;
  }

  std::string positions_in_words() const {
    return fmt::format("latitude {}, longitude {}; in {} latitude {}, longitude {}",
                       range_in_words(here_.latitude), range_in_words(here_.longitude),
                       known_.file.string(), range_in_words(known_.latitude),
                       range_in_words(known_.longitude));
  }

  void note(const std::string& text) {
    match_.changes += (match_.changes.empty() ? "" : ", ") + text;
  }

  [[noreturn]] void refuse_places() const {
    throw InputError(fmt::format("{}: is about other places than the run: {}",
                                 file_.where(variable_), positions_in_words()));
  }

  [[noreturn]] void refuse_sizes() const {
    std::vector<std::string> found, expected;
    for (const auto& one : found_) found.push_back(fmt::format("{} = {}", one.name, one.length));
    for (const auto& one : grid_.dimensions)
      expected.push_back(fmt::format("{} = {}", one.name, one.length));
    throw InputError(fmt::format("{}: has the horizontal dimensions ({}), the grid of the run has "
                                 "({})",
                                 file_.where(variable_), fmt::join(found, ", "),
                                 fmt::join(expected, ", ")));
  }

  const NetcdfFile& file_;
  const std::string& variable_;
  const HorizontalGrid& grid_;
  const GridCoordinates& known_; ///< of the grid
  Dimensions found_;             ///< of the variable, in the order of the grid
  GridCoordinates here_;         ///< likewise
  GridMatch match_;
};

} // namespace

GridMatch match_grid(const NetcdfFile& file, const std::string& variable,
                     const DimensionRoles& roles, const HorizontalGrid& grid) {
  const HorizontalGrid reduced = without_single_cells(grid, roles.horizontal.size());
  const GridMatch found = Matcher(file, variable, roles, reduced).match();
  if (found.everywhere || reduced.dimensions.size() == grid.dimensions.size()) return found;
  GridMatch match = found;
  match.dimension.clear();
  match.index.clear();
  std::size_t next = 0;
  for (const HorizontalDimension& dimension : grid.dimensions) {
    const bool kept = dimension.length > 1;
    match.dimension.push_back(kept ? found.dimension[next] : GridMatch::absent);
    match.index.push_back(kept ? found.index[next] : Index());
    next += kept;
  }
  return match;
}

} // namespace glebe
