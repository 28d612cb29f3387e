// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/file_series.hpp"

#include "glebe/base/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace glebe {

namespace {

constexpr std::size_t values_per_read = std::size_t{1} << 22; ///< limits the memory of one read

bool is_time(const NetcdfFile& file, const std::string& name) {
  if (!file.has_variable(name)) return false;
  const auto units = file.text_attribute(name, "units");
  return units && units->find(" since ") != std::string::npos;
}

// The dimensions of a variable besides the first.
struct Shape {
  bool everywhere = false;               ///< one value for all columns
  std::size_t n_dimension = 0;           ///< of the horizontal ones
  std::optional<std::size_t> level = {}; ///< position of that of levels among all
};

// Compares the dimensions after the first `skipped`, without that of levels, with the grid. Throws
// InputError.
Shape match_shape(const NetcdfFile& file, const std::string& variable, std::size_t skipped,
                  const HorizontalGrid& grid, const std::optional<Level>& level = {}) {
  const auto dimensions = file.variable(variable).dimensions;
  std::optional<std::size_t> position;
  if (level) position = level_position(file, variable, level->dimension);
  std::vector<std::size_t> found;
  std::size_t n_value = 1;
  for (std::size_t i = std::min(skipped, dimensions.size()); i < dimensions.size(); ++i) {
    if (i == position) continue;
    found.push_back(dimensions[i].length);
    n_value *= dimensions[i].length;
  }
  std::vector<std::size_t> expected;
  for (const HorizontalDimension& dimension : grid.dimensions) expected.push_back(dimension.length);
  if (found == expected) return {false, found.size(), position};
  if (n_value == 1) return {true, found.size(), position};
  throw InputError(fmt::format("{}: horizontal dimensions have the lengths ({}), the grid of the "
                               "run has ({})",
                               file.where(variable), fmt::join(found, ", "),
                               fmt::join(expected, ", ")));
}

// Reads `count` entries of the leading dimension for the local columns: [entry][column].
std::vector<double> read_columns(const NetcdfFile& file, const std::string& variable,
                                 const Shape& shape, bool has_leading, std::size_t first,
                                 std::size_t count, const Columns& columns, std::size_t level = 0) {
  NetcdfFile::Extent start, extent;
  if (has_leading) {
    start.push_back(first);
    extent.push_back(columns.n_local() > 0 ? count : 0);
  }
  const Hyperslab& box = columns.bounding_box();
  for (std::size_t i = 0; i < shape.n_dimension; ++i) {
    start.push_back(shape.everywhere ? 0 : box.start[i]);
    extent.push_back(shape.everywhere ? 1 : box.count[i]);
  }
  if (shape.level) {
    start.insert(start.begin() + std::ptrdiff_t(*shape.level), level);
    extent.insert(extent.begin() + std::ptrdiff_t(*shape.level), 1);
  }
  const std::vector<double> slab = file.read(variable, start, extent);
  const std::size_t slab_width = shape.everywhere ? 1 : box.size();
  std::vector<std::size_t> position(columns.n_local(), 0);
  for (std::size_t c = 0; c < position.size() && !shape.everywhere; ++c)
    position[c] = columns.position_in_box(c);
  std::vector<double> values(count * columns.n_local());
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < position.size(); ++c)
      values[i * position.size() + c] = slab[i * slab_width + position[c]];
  return values;
}

} // namespace

std::string time_variable_of(const NetcdfFile& file, const std::string& variable) {
  const auto dimensions = file.variable(variable).dimensions;
  if (!dimensions.empty() && is_time(file, dimensions.front().name)) return dimensions.front().name;
  throw InputError(fmt::format("{}: its first dimension must be a time with a coordinate variable "
                               "whose units read '... since ...'",
                               file.where(variable)));
}

std::size_t level_position(const NetcdfFile& file, const std::string& variable,
                           const std::string& dimension) {
  std::vector<std::string> names;
  for (const auto& one : file.variable(variable).dimensions) names.push_back(one.name);
  const auto found = std::find(names.begin(), names.end(), dimension);
  if (found != names.end() && found != names.begin())
    return static_cast<std::size_t>(found - names.begin());
  if (found != names.end())
    throw InputError(fmt::format("{}: its dimension '{}' is time, not one of levels",
                                 file.where(variable), dimension));
  throw InputError(fmt::format("{}: has no dimension '{}'{}; it has: {}", file.where(variable),
                               dimension, did_you_mean(dimension, names), fmt::join(names, ", ")));
}

HorizontalGrid horizontal_grid(const NetcdfFile& file, const std::string& variable) {
  const auto dimensions = file.variable(variable).dimensions;
  HorizontalGrid grid;
  for (std::size_t i = 0; i < dimensions.size(); ++i)
    if (i > 0 || !is_time(file, dimensions[i].name))
      grid.dimensions.push_back({dimensions[i].name, dimensions[i].length});
  if (grid.dimensions.size() > 2)
    throw InputError(
        fmt::format("{}: has {} dimensions besides time; none (a site), one (stations) "
                    "or two (a grid) are allowed",
                    file.where(variable), grid.dimensions.size()));
  return grid;
}

FileSeries::FileSeries(const Ranks& ranks, const std::vector<std::filesystem::path>& paths,
                       const std::string& variable, const DateTime& start) {
  for (const std::filesystem::path& path : paths) {
    files_.push_back(NetcdfFile::open(ranks, path));
    const NetcdfFile& file = files_.back();
    const std::string time = time_variable_of(file, variable);
    const Calendar calendar = time_calendar(file, time);
    if (files_.size() > 1 && calendar != calendar_)
      throw InputError(fmt::format("{}: calendar '{}' differs from '{}' of the file before it",
                                   file.where(time), calendar_name(calendar),
                                   calendar_name(calendar_)));
    calendar_ = calendar;
    const std::vector<double> times = read_times(file, time, start);
    if (!times_.empty() && !times.empty() && times.front() <= times_.back())
      throw InputError(fmt::format("{}: begins before the file before it ends; files must follow "
                                   "each other in time",
                                   file.path().string()));
    first_record_.push_back(times_.size());
    times_.insert(times_.end(), times.begin(), times.end());
  }
  first_record_.push_back(times_.size());
  if (times_.empty()) throw InputError(fmt::format("{}: has no records", name()));
}

std::string FileSeries::units(const std::string& variable) const {
  return first_file().units(variable);
}

bool FileSeries::has_variable(const std::string& variable) const {
  return first_file().has_variable(variable);
}

std::string FileSeries::name() const {
  if (files_.size() == 1) return files_.front().path().string();
  return fmt::format("{} ... {}", files_.front().path().string(), files_.back().path().string());
}

std::vector<FileSeries::RecordRange> FileSeries::ranges(const std::string& variable,
                                                        std::size_t first, std::size_t count,
                                                        const Columns& columns) const {
  const std::size_t per_record = std::max<std::size_t>(1, columns.grid().n_cell());
  const std::size_t most = std::max<std::size_t>(1, values_per_read / per_record);
  std::vector<RecordRange> ranges;
  for (std::size_t f = 0; f < files_.size(); ++f) {
    const std::size_t begin = std::max(first, first_record_[f]);
    const std::size_t end = std::min(first + count, first_record_[f + 1]);
    const auto chunks = files_[f].chunk_lengths(variable);
    const std::size_t chunk = chunks.empty() ? 1 : chunks.front();
    const std::size_t whole = std::max<std::size_t>(1, most / chunk) * chunk;
    for (std::size_t record = begin; record < end;) {
      const std::size_t in_file = record - first_record_[f];
      const std::size_t stop = std::min(end, first_record_[f] + (in_file / whole + 1) * whole);
      ranges.push_back({record, stop - record});
      record = stop;
    }
  }
  return ranges;
}

std::vector<double> FileSeries::read(const std::string& variable, std::size_t first,
                                     std::size_t count, const Columns& columns,
                                     const std::optional<Level>& level) const {
  std::vector<double> values;
  values.reserve(count * columns.n_local());
  for (std::size_t f = 0; f < files_.size(); ++f) {
    const std::size_t begin = std::max(first, first_record_[f]);
    const std::size_t end = std::min(first + count, first_record_[f + 1]);
    if (begin >= end) continue;
    const Shape shape = match_shape(files_[f], variable, 1, columns.grid(), level);
    const std::vector<double> part =
        read_columns(files_[f], variable, shape, true, begin - first_record_[f], end - begin,
                     columns, level ? level->number : 0);
    values.insert(values.end(), part.begin(), part.end());
  }
  return values;
}

std::vector<double> read_field(const NetcdfFile& file, const std::string& variable,
                               const Columns& columns, std::size_t leading) {
  const auto dimensions = file.variable(variable).dimensions;
  const bool has_leading = leading > 1;
  if (has_leading && (dimensions.empty() || dimensions.front().length != leading))
    throw InputError(
        fmt::format("{}: its first dimension must have length {}", file.where(variable), leading));
  const Shape shape = match_shape(file, variable, has_leading ? 1 : 0, columns.grid());
  return read_columns(file, variable, shape, has_leading, 0, leading, columns);
}

} // namespace glebe
