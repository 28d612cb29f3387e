// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/netcdf_file.hpp"
#include "glebe/grid/columns.hpp"

#include <string>
#include <vector>

namespace glebe {

/// What an output carries over from the file of its grid, by the CF conventions: the coordinates of
/// the cells with their bounds, the map projection (grid_mapping), and the identifiers (cf_role)
/// and names of stations. They have the dimensions of the grid, or none; bounds and texts have one
/// more. What does not fit in is left out, and the results come first: a name that they use is not
/// carried over.
class CarriedVariables {
public:
  /// Of `variable` in `file`, which must outlive the object. Not collective.
  CarriedVariables(const NetcdfFile& file, const std::string& variable, const HorizontalGrid& grid);

  /// Defines them in `output`, in which all results are defined. Collective. Throws InputError or
  /// RunError.
  void define(NetcdfFile& output);
  /// Copies their values after end_definitions() of `output`. Collective. Throws InputError or
  /// RunError.
  void copy_values(NetcdfFile& output) const;

  /// After define(): those that a result on the grid names in its attribute `coordinates`.
  std::vector<std::string> coordinates() const;
  /// After define(): the attribute `grid_mapping` of a result on the grid; empty if it has none.
  std::string grid_mapping() const;
  /// After define(): whether latitude and longitude are among them.
  bool has_positions() const;
  /// Whether the elements of a dimension have coordinates along a line, such as degrees or lengths.
  bool is_line(const std::string& dimension) const;
  /// After define(): a message for everything of the grid that is not carried over.
  const std::vector<std::string>& left_out() const { return left_out_; }

private:
  bool is_carried(const std::string& name) const;
  bool is_horizontal(const std::string& dimension) const;
  bool is_mapping(const std::string& name) const;
  bool fits(const std::string& name, bool one_more);
  bool leave_out(const std::string& name, const std::string& reason);
  void define(NetcdfFile& output, const std::string& name, bool one_more);
  bool is_text_of_cells(const std::string& name) const;
  void complete(NetcdfFile& output, const std::string& name) const;

  const NetcdfFile& file_;
  std::string variable_;
  std::vector<std::string> grid_; ///< names of its dimensions
  std::vector<std::string> carried_;
  std::vector<std::string> bounds_; ///< those among `carried_`
  std::vector<std::string> left_out_;
};

} // namespace glebe
