// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/netcdf_file.hpp"
#include "glebe/data/time_axis.hpp"
#include "glebe/grid/columns.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// One level of a variable that has a dimension of levels.
struct Level {
  std::string dimension;
  std::size_t number; ///< along the dimension, from 0
};

/// Input files that follow each other in time and are read as one series. Construction and reading
/// are collective.
class FileSeries {
public:
  /// Opens the files and joins the time axes of `variable`; times count from `start`. Throws
  /// InputError when a file cannot be read, lacks the variable, or does not begin after the one
  /// before it ends.
  FileSeries(const Ranks& ranks, const std::vector<std::filesystem::path>& paths,
             const std::string& variable, const DateTime& start);

  /// Time stamps of all records [s], increasing.
  const std::vector<double>& times() const { return times_; }
  Calendar calendar() const { return calendar_; }
  const NetcdfFile& first_file() const { return files_.front(); }
  const std::vector<NetcdfFile>& files() const { return files_; }
  /// The file's units of a variable. Throws InputError when there are none.
  std::string units(const std::string& variable) const;
  bool has_variable(const std::string& variable) const;
  /// "a.nc" or "a.nc ... z.nc", for messages.
  std::string name() const;

  /// `count` records from `first`, divided into ranges for reading: they end at the boundaries of
  /// the file's chunks and fit into a buffer of limited size. The same on all ranks.
  struct RecordRange {
    std::size_t first;
    std::size_t count;
  };
  std::vector<RecordRange> ranges(const std::string& variable, std::size_t first, std::size_t count,
                                  const Columns& columns) const;

  /// Values [record][column] of the local columns, for `count` records from `first`; NaN where
  /// missing. A variable without horizontal dimensions applies to every column. Throws InputError
  /// when its horizontal dimensions are not those of the grid. Of a variable with levels, `level`
  /// is read.
  std::vector<double> read(const std::string& variable, std::size_t first, std::size_t count,
                           const Columns& columns, const std::optional<Level>& level = {}) const;

private:
  std::vector<NetcdfFile> files_;
  std::vector<std::size_t> first_record_; ///< of each file, then the number of records
  std::vector<double> times_;
  Calendar calendar_ = Calendar::standard;
};

/// The coordinate variable of a variable's first dimension, which must be a CF time. Throws
/// InputError when there is none.
std::string time_variable_of(const NetcdfFile& file, const std::string& variable);

/// The position of a dimension of levels among the dimensions of a variable. Throws InputError when
/// the variable does not have it besides time, which is the first one.
std::size_t level_position(const NetcdfFile& file, const std::string& variable,
                           const std::string& dimension);

/// The horizontal grid of a variable: its dimensions without time, which is the first one.
HorizontalGrid horizontal_grid(const NetcdfFile& file, const std::string& variable);

/// Values [column] of a variable without time for the local columns, as FileSeries::read. With
/// `leading` > 1 the variable has a first dimension of this length, and the result is
/// [leading][column]. Collective.
std::vector<double> read_field(const NetcdfFile& file, const std::string& variable,
                               const Columns& columns, std::size_t leading = 1);

} // namespace glebe
