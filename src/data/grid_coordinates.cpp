// SPDX-License-Identifier: BSD-3-Clause
#include "grid_coordinates.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "coordinate_kind.hpp"

namespace glebe {

namespace {

using Dimensions = std::vector<NetcdfFile::Dimension>;

/// A variable over some of the horizontal dimensions. Dimensions before these, such as the time in
/// which a grid does not move, are read at their first index.
struct Candidate {
  std::string name;
  std::size_t n_before = 0;
  std::vector<std::size_t> over; ///< numbers of the horizontal dimensions
};

bool possible(CoordinateKind kind, double value) {
  if (kind == CoordinateKind::north) return std::abs(value) <= 90.0;
  return kind != CoordinateKind::east || std::abs(value) <= 360.0;
}

// A number among the file's own attributes, which can be that of a single cell alone.
std::optional<double> number_attribute(const NetcdfFile& file, CoordinateKind kind) {
  const bool north = kind == CoordinateKind::north;
  for (const char* name :
       {north ? "latitude" : "longitude", north ? "geospatial_lat_min" : "geospatial_lon_min"}) {
    const std::string text = file.text_attribute("", name).value_or("");
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && possible(kind, value))
      return value;
  }
  return {};
}

class CoordinateReader {
public:
  CoordinateReader(const NetcdfFile& file, const std::string& variable,
                   const Dimensions& horizontal)
      : file_(file), horizontal_(horizontal), names_(file.coordinate_names(variable)) {
    for (const std::string& name : file.variable_names())
      if (std::ranges::find(names_, name) == names_.end()) names_.push_back(name);
    std::erase_if(names_, [&](const std::string& name) {
      return name == variable || file.is_user_defined(name);
    });
  }

  GridCoordinates read() const {
    GridCoordinates found;
    for (const auto& dimension : horizontal_) found.axes.push_back(axis(dimension));
    found.file = file_.path();
    found.latitude = cells(CoordinateKind::north);
    found.longitude = cells(CoordinateKind::east);
    if (found.latitude.empty() || found.longitude.empty()) found.latitude = found.longitude = {};
    if (horizontal_.size() == 1) found.stations = stations();
    return found;
  }

private:
  std::vector<double> converted(const std::string& name, CoordinateKind kind,
                                std::vector<double> values) const {
    const std::string unit = file_.text_attribute(name, "units").value_or("");
    const char* needed = kind == CoordinateKind::length ? "m" : "degrees";
    if (kind == CoordinateKind::other || unit.empty()) return values;
    // Other spellings of degrees north and east are degrees.
    if (convertible(unit, needed)) UnitConverter(unit, needed).convert(values);
    for (double& value : values)
      if (!possible(kind, value)) value = std::nan("");
    return values;
  }

  std::optional<AxisCoordinate> axis(const NetcdfFile::Dimension& dimension) const {
    const std::string& name = dimension.name;
    if (std::ranges::find(names_, name) == names_.end()) return {};
    const auto info = file_.variable(name);
    if (info.is_text() || info.dimensions.size() != 1) return {};
    const CoordinateKind kind = coordinate_kind(file_, name);
    return AxisCoordinate{name, file_.text_attribute(name, "standard_name").value_or(""),
                          file_.text_attribute(name, "units").has_value(), kind,
                          converted(name, kind, file_.read_all(name))};
  }

  std::optional<Candidate> candidate(const std::string& name) const {
    Candidate found{name, 0, {}};
    for (const auto& dimension : file_.variable(name).dimensions) {
      const auto at = std::ranges::find(horizontal_, dimension.name, &NetcdfFile::Dimension::name);
      if (at != horizontal_.end())
        found.over.push_back(static_cast<std::size_t>(at - horizontal_.begin()));
      else if (!found.over.empty() ||
               (dimension.length != 1 && !is_not_horizontal(file_, dimension.name)))
        return {};
      else
        ++found.n_before;
    }
    const bool everywhere = found.over.empty();
    if (everywhere != horizontal_.empty()) return {};
    return found;
  }

  // Values of a kind for all cells; empty where the file has none.
  std::vector<double> cells(CoordinateKind kind) const {
    for (const std::string& name : names_) {
      if (file_.variable(name).is_text() || coordinate_kind(file_, name) != kind) continue;
      const auto found = candidate(name);
      if (found) return spread(*found, converted(name, kind, read_first(*found)));
    }
    const auto of_file = n_cell() == 1 ? number_attribute(file_, kind) : std::nullopt;
    return of_file ? std::vector<double>{*of_file} : std::vector<double>();
  }

  std::size_t n_cell() const {
    std::size_t product = 1;
    for (const auto& dimension : horizontal_) product *= dimension.length;
    return product;
  }

  std::vector<double> read_first(const Candidate& found) const {
    NetcdfFile::Extent count = file_.variable(found.name).shape();
    std::fill_n(count.begin(), found.n_before, 1);
    return file_.read(found.name, NetcdfFile::Extent(count.size(), 0), count);
  }

  std::vector<double> spread(const Candidate& found, const std::vector<double>& values) const {
    std::vector<double> cells(n_cell());
    std::vector<std::size_t> index(horizontal_.size());
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      std::size_t rest = cell;
      for (std::size_t d = horizontal_.size(); d-- > 0; rest /= horizontal_[d].length)
        index[d] = rest % horizontal_[d].length;
      std::size_t position = 0;
      for (const std::size_t d : found.over) position = position * horizontal_[d].length + index[d];
      cells[cell] = values[position];
    }
    return cells;
  }

  // Whether a text variable has one text for each station.
  bool names_stations(const std::string& name) const {
    const auto info = file_.variable(name);
    const std::size_t n = info.type == NetcdfFile::Type::string ? 1 : 2;
    return info.is_text() && info.dimensions.size() == n &&
           info.dimensions.front().name == horizontal_.front().name;
  }

  // Numbers that the file calls the ids of its stations, as texts; empty where there are none.
  std::vector<std::string> numbered_stations() const {
    for (const std::string& name : names_) {
      const auto info = file_.variable(name);
      const bool along =
          info.dimensions.size() == 1 && info.dimensions.front().name == horizontal_.front().name;
      if (info.is_text() || !along || !file_.text_attribute(name, "cf_role")) continue;
      std::vector<std::string> texts;
      for (const double number : file_.read_all(name)) texts.push_back(fmt::format("{}", number));
      return texts;
    }
    return {};
  }

  // How likely a text tells one station from another: by what the file calls it, or by its name.
  int rank_of_text(const std::string& name) const {
    if (file_.text_attribute(name, "cf_role")) return 2;
    const std::string small = lower(name);
    for (const char* part : {"id", "name", "station", "site"})
      if (small.find(part) != std::string::npos) return 1;
    return 0;
  }

  // Of several texts, the most likely and the first of these.
  std::vector<std::string> stations() const {
    std::string chosen;
    for (const std::string& name : names_)
      if (names_stations(name) && (chosen.empty() || rank_of_text(name) > rank_of_text(chosen)))
        chosen = name;
    return chosen.empty() ? numbered_stations() : file_.read_texts(chosen);
  }

  const NetcdfFile& file_;
  const Dimensions& horizontal_;
  std::vector<std::string> names_; ///< those that the variable names come first
};

} // namespace

GridCoordinates read_grid_coordinates(const NetcdfFile& file, const std::string& variable,
                                      const Dimensions& dimensions) {
  return CoordinateReader(file, variable, dimensions).read();
}

} // namespace glebe
