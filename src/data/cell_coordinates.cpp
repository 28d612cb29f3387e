// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/cell_coordinates.hpp"

#include "glebe/base/error.hpp"
#include "glebe/data/units.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "coordinate_kind.hpp"

namespace glebe {

namespace {

/// A coordinate variable of the horizontal grid.
struct Coordinate {
  std::string name;
  std::vector<std::size_t> dimensions; ///< of the grid, in the variable's order
  std::string unit;
};

/// The horizontal coordinates of one file and variable.
class Candidates {
public:
  Candidates(const NetcdfFile& file, const std::string& variable, const HorizontalGrid& grid)
      : file_(file), grid_(grid) {
    for (const std::string& name : file.coordinate_names(variable)) add(name);
  }

  /// Two coordinates that together give the position of every cell, if there are any: latitude and
  /// longitude, or two lengths.
  std::optional<std::pair<Coordinate, Coordinate>> pair(Metric metric) const {
    const auto& first = metric == Metric::sphere ? north_ : length_;
    const auto& second = metric == Metric::sphere ? east_ : length_;
    for (const Coordinate& a : first)
      for (const Coordinate& b : second) {
        const bool crossing = a.dimensions.size() == 1 && b.dimensions.size() == 1 &&
                              a.dimensions[0] != b.dimensions[0];
        const bool fields =
            a.dimensions.size() == 2 && b.dimensions.size() == 2 && a.name != b.name;
        if (crossing || fields) return std::pair(a, b);
      }
    return std::nullopt;
  }

  /// The values of a coordinate for all cells.
  std::vector<double> read(const Coordinate& coordinate, const std::string& unit) const {
    std::vector<double> values = file_.read_all(coordinate.name);
    if (!coordinate.unit.empty())
      with_location(file_.where(coordinate.name),
                    [&] { UnitConverter(coordinate.unit, unit).convert(values); });
    const std::array shape = {grid_.dimensions[0].length, grid_.dimensions[1].length};
    std::vector<double> cells(grid_.n_cell());
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      const std::array index = {cell / shape[1], cell % shape[1]};
      std::size_t position = 0;
      for (const std::size_t d : coordinate.dimensions) position = position * shape[d] + index[d];
      cells[cell] = values[position];
    }
    return cells;
  }

  std::string found() const {
    return found_.empty() ? "none" : fmt::format("{}", fmt::join(found_, ", "));
  }

private:
  void add(const std::string& name) {
    const auto info = file_.variable(name);
    if (info.is_text()) return;
    Coordinate coordinate{name, {}, file_.text_attribute(name, "units").value_or("")};
    const std::vector<std::string> names = grid_.names();
    for (const auto& dimension : info.dimensions) {
      const auto found = std::find(names.begin(), names.end(), dimension.name);
      if (found == names.end()) return;
      coordinate.dimensions.push_back(static_cast<std::size_t>(found - names.begin()));
    }
    if (coordinate.dimensions.empty()) return;
    std::vector<std::string> parts;
    for (const auto& dimension : info.dimensions) parts.push_back(dimension.name);
    found_.push_back(fmt::format("{}({}) in '{}'", name, fmt::join(parts, ", "), coordinate.unit));
    switch (coordinate_kind(coordinate.unit,
                            file_.text_attribute(name, "standard_name").value_or(""))) {
    case CoordinateKind::north:
      return north_.push_back(coordinate);
    case CoordinateKind::east:
      return east_.push_back(coordinate);
    case CoordinateKind::length:
      return length_.push_back(coordinate);
    case CoordinateKind::other:
      return;
    }
  }

  const NetcdfFile& file_;
  const HorizontalGrid& grid_;
  std::vector<Coordinate> north_, east_, length_;
  std::vector<std::string> found_;
};

void check_columns(const CellGeometry& geometry, const Columns& columns, const std::string& where) {
  for (std::size_t column = 0; column < columns.n_local(); ++column)
    if (!(geometry.area(columns.cells()[column]) > 0.0))
      throw InputError(fmt::format("{}: the coordinates at {} are missing or equal to those of its "
                                   "neighbours; correlation_length needs them",
                                   where, columns.label(column)));
}

} // namespace

CellGeometry read_cell_geometry(const Ranks& ranks, const GridSource& source,
                                const Columns& columns) {
  const HorizontalGrid& grid = columns.grid();
  if (source.file.empty() || grid.dimensions.size() != 2)
    throw InputError(fmt::format(
        "{}correlation_length needs a grid of two horizontal dimensions with coordinates; found {}",
        source.file.empty() ? "" : source.file.string() + ": ",
        grid.dimensions.empty()
            ? "a single column"
            : fmt::format("the dimensions ({})", fmt::join(grid.names(), ", "))));
  const NetcdfFile file = NetcdfFile::open(ranks, source.file);
  const Candidates candidates(file, source.variable, grid);
  for (const Metric metric : {Metric::sphere, Metric::plane}) {
    const auto pair = candidates.pair(metric);
    if (!pair) continue;
    const std::string unit = metric == Metric::sphere ? "degrees" : "m";
    CellGeometry geometry(grid, metric, candidates.read(pair->first, unit),
                          candidates.read(pair->second, unit));
    agree_on_failure(ranks, [&] {
      check_columns(geometry, columns,
                    fmt::format("{}, '{}'", file.where(pair->first.name), pair->second.name));
    });
    return geometry;
  }
  throw InputError(fmt::format(
      "{}: correlation_length needs a grid of two horizontal dimensions with coordinates: latitude "
      "and longitude (units 'degrees_north' and 'degrees_east', or standard_name), or two "
      "coordinates in units of length, over the dimensions ({}) and named like them or in the "
      "attribute 'coordinates'; found {}",
      file.where(source.variable), fmt::join(grid.names(), ", "), candidates.found()));
}

} // namespace glebe
