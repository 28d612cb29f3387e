// SPDX-License-Identifier: BSD-3-Clause
#include "grid_match.hpp"

#include "glebe/base/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "axis_match.hpp"
#include "coordinate_kind.hpp"
#include "grid_coordinates.hpp"

namespace glebe {

namespace {

using Dimensions = std::vector<NetcdfFile::Dimension>;
using Index = std::vector<std::size_t>;

const GridCoordinates& nowhere() {
  static const GridCoordinates none;
  return none;
}

bool comparable(const AxisCoordinate& a, const AxisCoordinate& b) {
  if (a.kind != b.kind) return false;
  return a.kind == CoordinateKind::north || a.kind == CoordinateKind::east || a.name == b.name;
}

// The one nearest to a position, unless another one is about as near.
std::optional<std::size_t> nearest_station(const GridCoordinates& file, double latitude,
                                           double longitude) {
  constexpr double same_place = 0.01; // [degrees], about a kilometre
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < file.latitude.size(); ++i) {
    if (std::isnan(file.latitude[i]) ||
        !same_position(latitude, longitude, file.latitude[i], file.longitude[i], same_place))
      continue;
    if (found) return {};
    found = i;
  }
  return found;
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
    if (found_.size() != grid_.dimensions.size() || (n_value == 1 && grid_.n_cell() > 1)) {
      if (n_value != 1) refuse_sizes();
      return one_value();
    }
    if (found_.empty()) return one_value();
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
    if (here_.latitude.empty() || known_.latitude.empty()) return;
    const auto within = [&](double tolerance) {
      return same_position(known_.latitude[0], known_.longitude[0], here_.latitude[0],
                           here_.longitude[0], tolerance);
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
    if (!named && known_.axes.size() == 2 && known_.axes[0])
      turned =
          has_kind(found_[1], known_.axes[0]->kind) && !has_kind(found_[0], known_.axes[0]->kind);
    const bool fits = found_[0].length == first.length && found_[1].length == second.length;
    if (!named && !turned && !fits) turned = true;
    if (turned) turn();
  }

  bool has_kind(const NetcdfFile::Dimension& dimension, CoordinateKind kind) const {
    return (kind == CoordinateKind::north || kind == CoordinateKind::east) &&
           file_.has_variable(dimension.name) && coordinate_kind(file_, dimension.name) == kind;
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
    const bool positions = !here_.latitude.empty() && !known_.latitude.empty();
    if (found_.size() == 1 && !all_sure)
      compare_stations(positions);
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
    const auto index = find_coordinates(known, here);
    if (!index)
      throw InputError(fmt::format(
          "{}: is not on the grid of the run: '{}' is {}, '{}' in {} is {}", file_.where(variable_),
          found_[d].name, range_in_words(here.values), grid_.dimensions[d].name,
          known_.file.string(), range_in_words(known.values)));
    match_.index[d] = *index;
    return true;
  }

  void compare_stations(bool positions) {
    if (!known_.stations.empty() && !here_.stations.empty()) {
      if (const auto index = find_stations(known_.stations, here_.stations)) {
        match_.index[0] = *index;
        return;
      }
      if (!positions)
        throw InputError(fmt::format(
            "{}: has other stations than the run: '{}' ..., in {} '{}' ...", file_.where(variable_),
            here_.stations.front(), known_.file.string(), known_.stations.front()));
    }
    if (!positions) {
      match_.by_size_alone = true;
      return;
    }
    if (is_same_place({})) return; // also where several stations are at one place
    Index index;
    for (std::size_t i = 0; i < known_.latitude.size(); ++i) {
      const auto found = nearest_station(here_, known_.latitude[i], known_.longitude[i]);
      if (!found || std::ranges::find(index, *found) != index.end()) refuse_places();
      index.push_back(*found);
    }
    match_.index[0] = index;
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
    const double tolerance = found_.size() == 1 ? 0.01 : position_tolerance(known_); // [degrees]
    const std::size_t n_cell = grid_.n_cell(), width = grid_.dimensions.back().length;
    for (std::size_t cell = 0; cell < n_cell; ++cell) {
      std::size_t there = cell;
      if (found_.size() == 2) {
        const auto at = [&](std::size_t d, std::size_t i) {
          return index[d].empty() ? i : index[d][i];
        };
        there = at(0, cell / width) * width + at(1, cell % width);
      }
      if (!same_position(known_.latitude[cell], known_.longitude[cell], here_.latitude[there],
                         here_.longitude[there], tolerance))
        return false;
    }
    return true;
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
  return Matcher(file, variable, roles, grid).match();
}

} // namespace glebe
