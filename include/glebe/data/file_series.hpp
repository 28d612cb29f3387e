// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/level_choice.hpp"
#include "glebe/data/netcdf_file.hpp"
#include "glebe/data/time_axis.hpp"
#include "glebe/grid/columns.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace glebe {

struct FieldLayout;
class LastPart;

/// Input files that follow each other in time and are read as one series. Every file is taken as it
/// describes itself: its units and packing, its reference time, the order of its dimensions and of
/// their coordinates. What had to be turned is said in the log once. Construction and every
/// function with a variable are collective.
class FileSeries {
public:
  /// Opens the files, one after the other, and puts them in the order of the times of `variable`;
  /// times count from `start`. What is asked of `others`, variables that will be read too, is found
  /// while a file is open, so that it need not be opened for that again. Throws InputError when a
  /// file cannot be read, lacks the variable, has another calendar, or does not begin after the one
  /// before it ends.
  FileSeries(const Ranks& ranks, const std::vector<std::filesystem::path>& paths,
             const std::string& variable, const DateTime& start, const Log& log,
             const std::set<std::string>& others = {});
  FileSeries(FileSeries&&) noexcept;
  ~FileSeries();

  /// Time stamps of all records of a variable [s], increasing. Throws InputError as the
  /// constructor.
  const std::vector<double>& times(const std::string& variable) const;
  /// The largest rounding error of one of them [s].
  double time_resolution(const std::string& variable) const;
  Calendar calendar() const { return calendar_; }
  const NetcdfFile& first_file() const { return files_.front(); }
  const std::vector<NetcdfFile>& files() const { return files_; }
  /// "a.nc" or "a.nc ... z.nc", for messages.
  std::string name() const;

  /// `count` records from `first`, divided into ranges for reading: they lie in one file, end at
  /// the boundaries of its chunks and fit into a buffer of limited size. The same on all ranks.
  struct RecordRange {
    std::size_t file;
    std::size_t first;
    std::size_t count;
  };
  std::vector<RecordRange> ranges(const std::string& variable, std::size_t first, std::size_t count,
                                  const Columns& columns) const;

  /// Values [record][column] of the local columns, for the records of a range, as float or double;
  /// NaN where missing, otherwise converted by `convert` unless it is null. A variable without
  /// horizontal dimensions applies to every column. Of other dimensions that are longer than one,
  /// `levels` choose an index each. Throws InputError when they do not, and when the horizontal
  /// coordinates are not those of the grid.
  template <class Value>
  std::vector<Value> read(const std::string& variable, const RecordRange& range,
                          const Columns& columns, const std::vector<LevelChoice>& levels = {},
                          const UnitConverter* convert = nullptr) const;

  /// Says something about these files in the log, once.
  void remark(const std::string& text) const;

private:
  /// How a file stores the times of a variable.
  struct Storage {
    std::string time_variable;
    std::size_t time_position; ///< of the dimension of records
    std::size_t chunk;         ///< records in a chunk
  };
  struct FileTimes {
    std::vector<double> times;
    double resolution;
  };
  struct Axis {
    std::vector<double> times;
    std::vector<std::size_t> first_record; ///< of each file, then the number of records
    double resolution = 0.0;
  };
  void leave(std::size_t file) const;
  static Storage storage_of(const NetcdfFile& file, const std::string& variable);
  void describe(const NetcdfFile& file, const std::set<std::string>& variables);
  const std::vector<Storage>& storage(const std::string& variable) const;
  void check_calendar(const NetcdfFile& file, const std::string& time_variable);
  FileTimes times_of(const NetcdfFile& file, const std::string& time_variable) const;
  const Axis& axis(const std::string& variable) const;
  Axis joined(const std::vector<FileTimes>& of_files) const;
  void sort_by_time(const std::string& variable, std::vector<FileTimes>& times);
  const FieldLayout& layout(const std::string& variable, std::size_t file, const Columns& columns,
                            const std::vector<LevelChoice>& levels) const;

  Ranks ranks_;
  DateTime start_;
  const Log* log_;
  std::size_t n_named_; ///< files
  std::vector<NetcdfFile> files_;
  Calendar calendar_ = Calendar::standard;
  mutable std::map<std::string, std::vector<Storage>> storage_; ///< [file], by variable
  // Variables mostly share their times and dimensions; each kind is read once.
  mutable std::map<std::vector<std::string>, Axis> axes_; ///< by the time variable of every file
  mutable std::map<std::string, const Axis*> axis_of_;    ///< by variable
  mutable std::map<std::pair<std::size_t, std::string>, std::unique_ptr<FieldLayout>>
      layouts_; ///< by file and dimensions
  std::unique_ptr<LastPart> last_part_;
  mutable std::size_t last_read_ = 0; ///< file
  mutable std::set<std::string> said_;
};

/// The time variable of a variable: the coordinate variable of one of its dimensions, or the only
/// variable of times along it. Throws InputError when there is none.
std::string time_variable_of(const NetcdfFile& file, const std::string& variable);

/// Throws InputError when the records of two variables have different times.
void check_same_times(const FileSeries& files, const std::string& variable,
                      const std::string& reference);

/// The horizontal grid of a variable, with its coordinates: its dimensions without time, levels and
/// others of length one. Collective. Throws InputError when more than two are left.
HorizontalGrid horizontal_grid(const NetcdfFile& file, const std::string& variable,
                               const std::vector<LevelChoice>& levels = {});

/// Those of some levels whose dimension a variable has.
std::vector<LevelChoice> levels_in(const NetcdfFile& file, const std::string& variable,
                                   std::vector<LevelChoice> levels);

/// The dimension of versions of a variable of ERA5, of which each time has one, preliminary or
/// final; empty where it has none, or where a level of it is chosen.
std::string versions_in(const NetcdfFile& file, const std::string& variable,
                        const std::vector<LevelChoice>& levels);

/// The dimension of places in the soil of a variable: the only one of length `n` that is neither
/// the grid's nor one of times or members; nothing where there is none.
std::optional<std::size_t> place_position(const NetcdfFile& file, const std::string& variable,
                                          std::size_t n, const HorizontalGrid& grid);

/// Values [column] of a variable without time for the local columns, as FileSeries::read. With a
/// dimension of `places`, the result is [place][column]. Collective.
std::vector<double> read_field(const NetcdfFile& file, const std::string& variable,
                               const Columns& columns, const Log& log,
                               std::optional<std::size_t> places = {},
                               const std::vector<LevelChoice>& levels = {});

/// Values [cell] of a variable without time for the whole grid, on every rank. Collective.
std::vector<double> read_whole_field(const Ranks& ranks, const NetcdfFile& file,
                                     const std::string& variable, const HorizontalGrid& grid,
                                     const Log& log);

} // namespace glebe
