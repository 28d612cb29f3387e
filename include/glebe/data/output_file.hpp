// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/config/result_names.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/carried_variables.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/data/netcdf_file.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/grid/columns.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace glebe {

/// The source of the grid: a variable of an input file; empty: a single column without coordinates.
struct GridSource {
  std::filesystem::path file;
  std::string variable;
};

/// The definition of a variable on the grid of the input, with further dimensions before it.
struct GridVariable {
  std::string name;
  std::string unit;
  std::string long_name;
  std::string standard_name = {};
  std::vector<std::string> leading = {};
  std::string coordinate = {}; ///< one of its own: the variable of define_depth()
  NetcdfFile::Type type = NetcdfFile::Type::float64;
};

/// Where an output is made: as a file, by all ranks or by the root for all, or in memory as a trial
/// of its definitions.
enum class Storage { file, file_of_root, memory };

/// An output in NetCDF-4 by the CF-1.10 conventions, on the grid and with the coordinates of the
/// input; the namelist is an attribute. Define all variables first, call end_definitions(),
/// write the values, and call commit(), which gives the file its name. A trial ends after
/// end_definitions(). All functions are collective. Throws InputError when the file cannot be
/// created or a dimension of the grid has a name that the result uses, RunError when writing fails,
/// or would leave ranks waiting because the disk may not have the space: then the root alone can
/// still write the file.
class OutputFile {
public:
  /// `grid_file`: the open file of `grid`, if it has one; it must outlive the object.
  OutputFile(const Ranks& ranks, const Columns& columns, const std::filesystem::path& path,
             const GridSource& grid, const NetcdfFile* grid_file, const Settings& settings,
             Storage storage = Storage::file);

  void define_dimension(const std::string& name, std::size_t length);
  /// A coordinate variable of its own dimension.
  void define_axis(Result axis, std::size_t length);
  void define_axis(const std::string& name, std::size_t length, const std::string& unit,
                   const std::string& long_name);
  /// An axis of depths [m].
  void define_depths(Result axis, std::size_t length);
  /// The variable of the lower and upper ends of the cells of an axis, or of depths.
  void define_bounds(const std::string& axis);
  /// One depth [m], as a coordinate of variables that name it.
  void define_depth(const std::string& name, double depth, const std::string& long_name);
  /// A variable with one axis as its only dimension.
  void define_on_axis(Result result, Result axis);
  void define_on_axis(const std::string& name, const std::string& unit,
                      const std::string& long_name, Result axis);
  void define(const GridVariable& variable);
  /// A result on the grid, with `leading` dimensions before it.
  void define(Result result, const std::vector<Result>& leading = {});
  /// An axis of instants, whose values are seconds since the start of the window.
  void define_instants(const std::string& name, std::size_t length, const std::string& long_name,
                       const ModelTime& time);
  /// Instants on another axis, whose values are seconds since the start of the window.
  void define_instants_on_axis(Result result, Result axis, const ModelTime& time);
  /// A time axis, of records, with the stamps and, for means, the bounds of a stream.
  void define_time(const std::string& name, const Stream& stream, const ModelTime& time);
  template <class Value>
  void attribute(const std::string& variable, const std::string& name, const Value& value) {
    file_.put_attribute(variable, name, value);
  }
  /// Says that all on the grid are series in time, and values that belong to their places (CF,
  /// chapter 9): where the columns are places with known coordinates, not a grid.
  void describe_as_series() { is_series_ = true; }
  bool has_variable(const std::string& name) const { return file_.has_variable(name); }
  /// An int8 variable whose values 0, 1, ... have these meanings, without blanks.
  void define_flags(const GridVariable& variable, std::span<const char* const> meanings);
  /// Carries over the coordinates of the grid and ends the definitions.
  void end_definitions();
  /// Messages about what is not carried over. Not collective.
  std::vector<std::string> left_out() const;
  /// The bytes of the values that end_definitions() has seen defined, without those of cells that
  /// are no column: of the file, if it were not compressed. Not collective.
  double size() const;

  /// Writes values of a define_axis(), define_on_axis() or define_time() variable.
  void write_axis(const std::string& name, std::span<const double> values);
  void write_axis(Result axis, std::span<const double> values) {
    write_axis(name_of(axis), values);
  }
  /// Writes 0, 1, ... count - 1.
  void write_numbers(Result axis, std::size_t count);
  /// Writes the ends of each element of an axis, one after the other.
  void write_bounds(const std::string& axis, std::span<const double> limits);
  void write_time(const std::string& name, const Stream& stream);
  /// Writes values [leading][column] of the local columns; cells without a column are missing.
  void write(const std::string& name, std::span<const double> values);
  void write(const std::string& name, const DenseMatrix& values) {
    write(name, std::span(values.data(), static_cast<std::size_t>(values.size())));
  }
  template <class Values>
  void write(Result result, const Values& values) {
    write(name_of(result), values);
  }
  void commit() { file_.commit(); }

private:
  void check_space() const;
  void write_rows(const std::string& name, std::span<const double> values, std::size_t first,
                  std::size_t count);

  void define_coordinate(const std::string& name, const std::string& unit,
                         const std::string& long_name);
  void describe_instants(const std::string& name, const ModelTime& time);
  void describe_depth(const std::string& name);
  bool has_positions_of_grid() const;
  bool define_positions();
  bool are_places() const;
  void refer_to_coordinates();
  void write_coordinates();
  /// Throws InputError if a dimension of the grid has the name of something in the result.
  const std::string& checked(const std::string& name) const;

  const Columns& columns_;
  NetcdfFile file_;
  Storage storage_;
  std::optional<CarriedVariables> carried_;
  std::vector<std::string> on_grid_;                   ///< names of the variables on the grid
  std::map<std::string, std::string> own_coordinates_; ///< [variable]
  std::vector<std::pair<std::string, double>> depths_; ///< of define_depth()
  std::optional<double> site_latitude_, site_longitude_;
  bool has_own_positions_ = false; ///< latitude and longitude are of the output
  bool is_series_ = false;
  std::string grid_where_; ///< of the grid's variable, for messages
  const Ranks& ranks_;
};

/// The name of the time axis of each stream. Streams with the same times share one. The first is
/// called `time`, any other `time_<stream>`.
std::vector<std::string> time_axis_names(std::span<const Stream> streams);

} // namespace glebe
