// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/column_positions.hpp"

#include "glebe/base/text.hpp"
#include "glebe/data/netcdf_file.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "coordinate_kind.hpp"

namespace glebe {

namespace {

using Values = std::vector<double>;

/// One of the two coordinates on a globe.
struct Axis {
  CoordinateKind kind;
  std::array<const char*, 2> names; ///< of variables that tell it by nothing else
  std::array<const char*, 2> attributes;
  double lower, upper; ///< [degrees]
};
constexpr Axis north{
    CoordinateKind::north, {"latitude", "lat"}, {"latitude", "geospatial_lat_min"}, -90, 90};
constexpr Axis east{
    CoordinateKind::east, {"longitude", "lon"}, {"longitude", "geospatial_lon_min"}, -180, 360};

/// Finds the values of an axis for the local columns in the file of the grid.
class PositionFinder {
public:
  PositionFinder(const Ranks& ranks, const GridSource& source, const Columns& columns)
      : file_(NetcdfFile::open(ranks, source.file)), columns_(columns),
        names_(file_.coordinate_names(source.variable)) {
    for (const std::string& name : file_.variable_names())
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
  }

  /// NaN where it is not known.
  Values find(const Axis& axis) const {
    for (const std::string& name : names_)
      if (is(axis, name)) return read(axis, name);
    return Values(columns_.n_local(), attribute(axis));
  }

private:
  // The dimension of the grid, or none for one of a single value.
  std::optional<std::size_t> dimension(const NetcdfFile::Dimension& own) const {
    const std::vector<std::string> names = columns_.grid().names();
    const auto found = std::find(names.begin(), names.end(), own.name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
  }

  bool is(const Axis& axis, const std::string& name) const {
    const auto info = file_.variable(name);
    if (info.is_text()) return false;
    for (const auto& own : info.dimensions)
      if (own.length != 1 && !dimension(own)) return false;
    const std::string unit = file_.text_attribute(name, "units").value_or("");
    const std::string standard_name = file_.text_attribute(name, "standard_name").value_or("");
    if (coordinate_kind(unit, standard_name) == axis.kind) return true;
    const bool named = std::ranges::find(axis.names, lower(name)) != axis.names.end();
    return named && (unit.empty() || unit == "degrees" || unit == "degree");
  }

  Values read(const Axis& axis, const std::string& name) const {
    Values all = file_.read_all(name);
    const std::string unit = file_.text_attribute(name, "units").value_or("");
    if (!unit.empty() && convertible(unit, "degrees")) UnitConverter(unit, "degrees").convert(all);
    Values values;
    for (const std::size_t cell : columns_.cells()) {
      const double value = all[position(file_.variable(name), cell)];
      values.push_back(value >= axis.lower && value <= axis.upper ? value : std::nan(""));
    }
    return values;
  }

  // The position of a cell among the values of a variable.
  std::size_t position(const NetcdfFile::VariableInfo& info, std::size_t cell) const {
    const auto& grid = columns_.grid().dimensions;
    std::vector<std::size_t> index(grid.size());
    for (std::size_t d = grid.size(); d-- > 0; cell /= grid[d].length)
      index[d] = cell % grid[d].length;
    std::size_t at = 0;
    for (const auto& own : info.dimensions)
      if (const auto d = dimension(own)) at = at * own.length + index[*d];
    return at;
  }

  // A number among the file's own attributes, which can be that of one column alone.
  double attribute(const Axis& axis) const {
    if (columns_.grid().n_cell() != 1) return std::nan("");
    for (const char* name : axis.attributes) {
      const std::string text = file_.text_attribute("", name).value_or("");
      double value = 0.0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error == std::errc() && end == text.data() + text.size() && value >= axis.lower &&
          value <= axis.upper)
        return value;
    }
    return std::nan("");
  }

  NetcdfFile file_;
  const Columns& columns_;
  std::vector<std::string> names_;
};

} // namespace

std::vector<Position> read_positions(const Ranks& ranks, const SiteSettings& site,
                                     const GridSource& source, const Columns& columns) {
  std::vector<Position> positions(columns.n_local());
  if (site.latitude && site.longitude) {
    std::ranges::fill(positions, Position{*site.latitude, *site.longitude});
  } else if (!source.file.empty()) {
    const PositionFinder finder(ranks, source, columns);
    const Values latitude = finder.find(north), longitude = finder.find(east);
    for (std::size_t c = 0; c < positions.size(); ++c) positions[c] = {latitude[c], longitude[c]};
  }
  return positions;
}

} // namespace glebe
