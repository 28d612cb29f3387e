// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/carried_variables.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "coordinate_kind.hpp"

namespace glebe {

namespace {

constexpr std::string_view north_unit = "degrees_north", east_unit = "degrees_east";

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

CarriedVariables::CarriedVariables(const NetcdfFile& file, const std::string& variable,
                                   const HorizontalGrid& grid)
    : file_(file), variable_(variable), grid_(grid.names()) {}

bool CarriedVariables::is_carried(const std::string& name) const {
  return contains(carried_, name);
}

bool CarriedVariables::is_horizontal(const std::string& dimension) const {
  return contains(grid_, dimension);
}

// grid_mapping reads "crs", or in its extended form "crs: x y".
bool CarriedVariables::is_mapping(const std::string& name) const {
  const std::string text = file_.text_attribute(variable_, "grid_mapping").value_or("");
  std::istringstream words(text);
  for (std::string word; words >> word;)
    if (word == name + ':' || text == name) return true;
  return file_.attribute_type(name, "grid_mapping_name").has_value();
}

bool CarriedVariables::leave_out(const std::string& name, const std::string& reason) {
  left_out_.push_back(
      fmt::format("{}: not carried over to the result: {}", file_.where(name), reason));
  return false;
}

bool CarriedVariables::fits(const std::string& name, bool one_more) {
  if (file_.is_user_defined(name)) return leave_out(name, "it has a user-defined type");
  // The output has its own time axes.
  if (file_.text_attribute(name, "units").value_or("").find(" since ") != std::string::npos)
    return false;
  const NetcdfFile::VariableInfo info = file_.variable(name);
  // The height or depth of the input is not that of the results.
  if (info.dimensions.empty() && is_not_horizontal(file_, name)) return false;
  std::vector<std::string> others, all;
  for (const NetcdfFile::Dimension& dimension : info.dimensions) {
    all.push_back(dimension.name);
    if (!is_horizontal(dimension.name)) others.push_back(dimension.name);
  }
  one_more = one_more || info.type == NetcdfFile::Type::character;
  const bool last = others.size() == 1 && others.front() == all.back();
  if (!others.empty() && !(one_more && last)) {
    // Coordinates of other dimensions, such as levels, are not the cells'.
    if (others.size() < all.size())
      leave_out(name, fmt::format("its dimensions are ({}), the grid of the run has ({})",
                                  fmt::join(all, ", "), fmt::join(grid_, ", ")));
    return false;
  }
  for (const NetcdfFile::Dimension& dimension : info.dimensions)
    if (dimension.length == 0)
      return leave_out(name, fmt::format("its dimension '{}' has no length", dimension.name));
  return true;
}

void CarriedVariables::define(NetcdfFile& output, const std::string& name, bool one_more) {
  if (is_carried(name) || !fits(name, one_more)) return;
  const bool taken = output.has_variable(name) ||
                     (!is_horizontal(name) && output.dimension_length(name).has_value());
  if (taken) {
    leave_out(name, "the result has something of its own with this name");
    return;
  }
  for (std::string& message : output.copy_variable(file_, name))
    left_out_.push_back(std::move(message));
  complete(output, name);
  carried_.push_back(name);
}

// What CF wants of coordinates, and what inputs may have besides that would be wrong in the output.
void CarriedVariables::complete(NetcdfFile& output, const std::string& name) const {
  const auto remove = [&](const char* attribute) {
    if (output.attribute_type(name, attribute)) output.remove_attribute(name, attribute);
  };
  for (const char* refers : {"coordinates", "ancillary_variables", "cell_measures", "climatology",
                             "formula_terms", "cell_methods", "grid_mapping"})
    remove(refers);
  // No coordinate is missing (section 2.5.1); some programs write the attributes nevertheless.
  if (is_horizontal(name))
    for (const char* missing : {"_FillValue", "missing_value"}) remove(missing);
  if (file_.text_attribute(name, "units").value_or("").empty()) {
    const CoordinateKind kind = coordinate_kind(file_, name);
    if (kind == CoordinateKind::north) output.put_attribute(name, "units", north_unit);
    if (kind == CoordinateKind::east) output.put_attribute(name, "units", east_unit);
  }
}

bool CarriedVariables::is_text_of_cells(const std::string& name) const {
  if (file_.is_user_defined(name)) return false;
  const NetcdfFile::VariableInfo info = file_.variable(name);
  return info.is_text() && !info.dimensions.empty() && is_horizontal(info.dimensions.front().name);
}

void CarriedVariables::define(NetcdfFile& output) {
  std::vector<std::string> names = file_.coordinate_names(variable_);
  for (const std::string& name : file_.variable_names())
    if (name != variable_ && !contains(names, name) &&
        (file_.attribute_type(name, "cf_role") || is_text_of_cells(name)))
      names.push_back(name);
  std::vector<std::string> bounds;
  for (const std::string& name : names)
    if (const auto of_this = file_.text_attribute(name, "bounds")) bounds.push_back(*of_this);
  for (const std::string& name : names)
    if (!contains(bounds, name)) define(output, name, false);
  for (const std::string& owner : std::vector(carried_)) {
    const auto name = file_.text_attribute(owner, "bounds");
    if (!name) continue;
    if (file_.has_variable(*name)) define(output, *name, true);
    if (is_carried(*name))
      bounds_.push_back(*name);
    else
      output.remove_attribute(owner, "bounds");
  }
}

void CarriedVariables::copy_values(NetcdfFile& output) const {
  for (const std::string& name : carried_) output.copy_values(file_, name);
}

std::string CarriedVariables::grid_mapping() const {
  const std::string text = file_.text_attribute(variable_, "grid_mapping").value_or("");
  std::istringstream words(text);
  for (std::string word; words >> word;)
    if (!is_carried(word.substr(0, word.find(':')))) return "";
  return text;
}

bool CarriedVariables::has_positions() const {
  const auto has = [&](CoordinateKind kind) {
    return std::ranges::any_of(
        carried_, [&](const std::string& name) { return coordinate_kind(file_, name) == kind; });
  };
  return has(CoordinateKind::north) && has(CoordinateKind::east);
}

bool CarriedVariables::is_line(const std::string& dimension) const {
  return dimension_kind(file_, dimension) != CoordinateKind::other;
}

std::vector<std::string> CarriedVariables::coordinates() const {
  std::vector<std::string> names;
  for (const std::string& name : carried_)
    if (!is_horizontal(name) && !contains(bounds_, name) && !is_mapping(name))
      names.push_back(name);
  return names;
}

} // namespace glebe
