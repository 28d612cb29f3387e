// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/output_file.hpp"

#include "glebe/base/error.hpp"
#include "glebe/config/needed_inputs.hpp"
#include "glebe/config/parameter_use.hpp"
#include "glebe/data/destination.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "netcdf_call.hpp"

namespace glebe {

namespace {

std::string seconds_since_start(const ModelTime& time) {
  std::string since = time.text(0.0);
  std::replace(since.begin(), since.end(), 'T', ' ');
  return "seconds since " + since;
}

NetcdfFile create(const Ranks& ranks, const std::filesystem::path& path, Storage storage) {
  switch (storage) {
  case Storage::file_of_root:
    return NetcdfFile::create_on_root(ranks, path);
  case Storage::memory:
    return NetcdfFile::create_in_memory(ranks, path);
  default:
    return NetcdfFile::create(ranks, path);
  }
}

} // namespace

OutputFile::OutputFile(const Ranks& ranks, const Columns& columns,
                       const std::filesystem::path& path, const GridSource& grid,
                       const NetcdfFile* grid_file, const Settings& settings, Storage storage)
    : columns_(columns), file_(create(ranks, path, storage)), storage_(storage),
      site_latitude_(settings.site.latitude), site_longitude_(settings.site.longitude),
      ranks_(ranks) {
  for (const HorizontalDimension& dimension : columns.grid().dimensions)
    file_.define_dimension(dimension.name, dimension.length);
  if (grid_file) {
    carried_.emplace(*grid_file, grid.variable, columns.grid());
    grid_where_ = grid_file->where(grid.variable);
  }
  file_.put_attribute("", "Conventions", "CF-1.10");
  if (!settings.run.title.empty()) file_.put_attribute("", "title", settings.run.title);
  file_.put_attribute("", "mode", name_of(settings.run.mode, mode_names));
  file_.put_attribute("", "namelist", settings.text);
  const std::string defaults = parameters_by_default(settings);
  if (!defaults.empty()) file_.put_attribute("", "parameters_by_default", defaults);
  const std::string modelled = modelled_inputs(settings);
  if (!modelled.empty()) file_.put_attribute("", "modelled_inputs", modelled);
}

const std::string& OutputFile::checked(const std::string& name) const {
  const std::vector<std::string> grid = columns_.grid().names();
  if (std::find(grid.begin(), grid.end(), name) != grid.end())
    throw InputError(fmt::format("{}: its dimension '{}' has the name of a variable or dimension "
                                 "of the result {}; rename it, for example with ncrename -d",
                                 grid_where_, name, file_.path().string()));
  return name;
}

void OutputFile::define_dimension(const std::string& name, std::size_t length) {
  file_.define_dimension(checked(name), length);
}

void OutputFile::define_coordinate(const std::string& name, const std::string& unit,
                                   const std::string& long_name) {
  file_.define_variable(name, NetcdfFile::Type::float64, {name});
  file_.put_attribute(name, "units", unit);
  file_.put_attribute(name, "long_name", long_name);
}

void OutputFile::define_axis(const std::string& name, std::size_t length, const std::string& unit,
                             const std::string& long_name) {
  define_dimension(name, length);
  define_coordinate(name, unit, long_name);
}

void OutputFile::define_axis(Result axis, std::size_t length) {
  define_axis(name_of(axis), length, info(axis).unit, info(axis).long_name);
}

void OutputFile::define_depths(Result axis, std::size_t length) {
  define_axis(axis, length);
  describe_depth(name_of(axis));
  file_.put_attribute(name_of(axis), "axis", std::string_view("Z"));
}

void OutputFile::define_bounds(const std::string& axis) {
  const std::string name = axis + std::string(bounds_suffix);
  file_.put_attribute(axis, "bounds", name);
  define_dimension(name_of(Result::interval_end), 2);
  file_.define_variable(checked(name), NetcdfFile::Type::float64,
                        {axis, name_of(Result::interval_end)});
}

void OutputFile::define_depth(const std::string& name, double depth, const std::string& long_name) {
  file_.define_variable(checked(name), NetcdfFile::Type::float64, {});
  file_.put_attribute(name, "units", std::string_view("m"));
  file_.put_attribute(name, "long_name", long_name);
  describe_depth(name);
  depths_.emplace_back(name, depth);
}

void OutputFile::describe_depth(const std::string& name) {
  file_.put_attribute(name, "standard_name", std::string_view("depth"));
  file_.put_attribute(name, "positive", std::string_view("down"));
}

void OutputFile::define_on_axis(Result result, Result axis) {
  define_on_axis(name_of(result), info(result).unit, info(result).long_name, axis);
}

void OutputFile::define_on_axis(const std::string& name, const std::string& unit,
                                const std::string& long_name, Result axis) {
  file_.define_variable(checked(name), NetcdfFile::Type::float64, {name_of(axis)},
                        NetcdfFile::default_fill);
  file_.put_attribute(name, "long_name", long_name);
  if (!unit.empty()) file_.put_attribute(name, "units", unit);
}

void OutputFile::define(Result result, const std::vector<Result>& leading) {
  GridVariable variable{name_of(result), info(result).unit, info(result).long_name};
  for (const Result dimension : leading) variable.leading.push_back(name_of(dimension));
  define(variable);
}

void OutputFile::define(const GridVariable& variable) {
  std::vector<std::string> dimensions = variable.leading;
  for (const std::string& name : columns_.grid().names()) dimensions.push_back(name);
  const bool real = variable.type == NetcdfFile::Type::float64;
  file_.define_variable(checked(variable.name), variable.type, dimensions,
                        real ? NetcdfFile::default_fill : -127.0);
  if (!variable.unit.empty()) file_.put_attribute(variable.name, "units", variable.unit);
  file_.put_attribute(variable.name, "long_name", variable.long_name);
  if (!variable.standard_name.empty())
    file_.put_attribute(variable.name, "standard_name", variable.standard_name);
  on_grid_.push_back(variable.name);
  own_coordinates_[variable.name] = variable.coordinate;
}

void OutputFile::define_flags(const GridVariable& variable, std::span<const char* const> meanings) {
  GridVariable flags = variable;
  flags.type = NetcdfFile::Type::byte;
  define(flags);
  std::vector<double> values(meanings.size());
  std::iota(values.begin(), values.end(), 0.0);
  file_.put_attribute(variable.name, "flag_values", values, NetcdfFile::Type::byte);
  file_.put_attribute(variable.name, "flag_meanings", fmt::format("{}", fmt::join(meanings, " ")));
}

void OutputFile::define_instants(const std::string& name, std::size_t length,
                                 const std::string& long_name, const ModelTime& time) {
  define_axis(name, length, seconds_since_start(time), long_name);
  describe_instants(name, time);
  file_.put_attribute(name, "axis", std::string_view("T"));
}

void OutputFile::define_instants_on_axis(Result result, Result axis, const ModelTime& time) {
  // Without a fill value: none is missing, and ncdump -t would take it for a time.
  file_.define_variable(checked(name_of(result)), NetcdfFile::Type::float64, {name_of(axis)});
  file_.put_attribute(name_of(result), "units", seconds_since_start(time));
  file_.put_attribute(name_of(result), "long_name", std::string_view(info(result).long_name));
  describe_instants(name_of(result), time);
}

void OutputFile::describe_instants(const std::string& name, const ModelTime& time) {
  file_.put_attribute(name, "standard_name", "time");
  file_.put_attribute(name, "calendar", calendar_name(time.calendar));
}

void OutputFile::define_time(const std::string& name, const Stream& stream, const ModelTime& time) {
  // One record dimension: some programs skip what is on a second one.
  if (name == name_of(Result::time))
    file_.define_record_dimension(checked(name), stream.times.size());
  else
    define_dimension(name, stream.times.size());
  define_coordinate(name, seconds_since_start(time), info(Result::time).long_name);
  describe_instants(name, time);
  file_.put_attribute(name, "axis", std::string_view("T"));
  if (stream.interval > 0.0) define_bounds(name);
}

// An error of writing in the middle of a collective call reaches one rank; the others would wait.
void OutputFile::check_space() const {
  double bytes = 1 << 20; // of attributes and of the file's own structure
  for (const std::string& name : file_.variable_names()) {
    const NetcdfFile::VariableInfo info = file_.variable(name);
    bytes += static_cast<double>(volume(info.shape()) * bytes_of(info.type));
  }
  agree_on_failure(ranks_, [&] {
    if (ranks_.is_root()) try_space(file_.path(), bytes);
  });
}

std::vector<std::string> OutputFile::left_out() const {
  return carried_ ? carried_->left_out() : std::vector<std::string>{};
}

double OutputFile::size() const {
  const HorizontalGrid& grid = columns_.grid();
  const double active = static_cast<double>(columns_.n_active()) / double(grid.n_cell());
  double bytes = 0.0;
  for (const std::string& name : file_.variable_names()) {
    const NetcdfFile::VariableInfo info = file_.variable(name);
    const bool on_grid = std::find(on_grid_.begin(), on_grid_.end(), name) != on_grid_.end();
    bytes +=
        static_cast<double>(volume(info.shape()) * bytes_of(info.type)) * (on_grid ? active : 1.0);
  }
  return bytes;
}

void OutputFile::write_axis(const std::string& name, std::span<const double> values) {
  const std::size_t count = ranks_.is_root() ? values.size() : 0;
  file_.write(name, {0}, {count}, values.first(count));
}

void OutputFile::write_numbers(Result axis, std::size_t count) {
  std::vector<double> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  write_axis(axis, numbers);
}

void OutputFile::write_bounds(const std::string& axis, std::span<const double> limits) {
  const std::size_t count = ranks_.is_root() ? limits.size() : 0;
  file_.write(axis + std::string(bounds_suffix), {0, 0}, {count / 2, 2}, limits.first(count));
}

void OutputFile::write_time(const std::string& name, const Stream& stream) {
  write_axis(name, stream.times);
  if (stream.interval == 0.0) return;
  std::vector<double> limits;
  for (const TimeInterval& interval : stream.intervals) {
    limits.push_back(interval.begin);
    limits.push_back(interval.end);
  }
  write_bounds(name, limits);
}

void OutputFile::write(const std::string& name, std::span<const double> values) {
  // In parts, to limit the memory of the copy in the order of the grid.
  constexpr std::size_t values_per_write = std::size_t{1} << 18;
  const std::size_t n_column = columns_.n_local();
  const auto info = file_.variable(name);
  std::size_t n_row = 1;
  for (std::size_t i = 0; i + columns_.grid().dimensions.size() < info.dimensions.size(); ++i)
    n_row *= info.dimensions[i].length;
  if (values.size() != n_row * n_column)
    throw RunError(
        fmt::format("variable '{}': {} values for {} x {}", name, values.size(), n_row, n_column));
  std::size_t per_write = std::max<std::size_t>(1, values_per_write / columns_.grid().n_cell());
  const bool one_leading = info.dimensions.size() == columns_.grid().dimensions.size() + 1;
  if (!one_leading) return write_rows(name, values, 0, n_row);
  // Whole chunks: one that is written twice is compressed twice.
  if (const NetcdfFile::Extent chunk = file_.chunk_lengths(name);
      !chunk.empty() && per_write > chunk.front())
    per_write -= per_write % chunk.front();
  for (std::size_t first = 0; first < n_row; first += per_write)
    write_rows(name, values, first, std::min(per_write, n_row - first));
}

void OutputFile::write_rows(const std::string& name, std::span<const double> values,
                            std::size_t first, std::size_t count) {
  const std::size_t n_column = columns_.n_local();
  const std::size_t first_cell = columns_.first_cell();
  const std::size_t n_cell = columns_.last_cell() - first_cell;
  const auto dimensions = file_.variable(name).dimensions;
  const std::size_t n_leading = dimensions.size() - columns_.grid().dimensions.size();

  if (dimensions.empty()) { // every rank writes the one value, which the root has
    const std::vector<double> all = ranks_.all_gather({values.begin(), values.end()});
    return file_.write(name, {}, {}, all);
  }
  std::vector<double> cells(count * n_cell, std::nan(""));
  for (std::size_t row = 0; row < count; ++row)
    for (std::size_t c = 0; c < n_column; ++c)
      cells[row * n_cell + columns_.cells()[c] - first_cell] = values[(first + row) * n_column + c];

  std::size_t offset = 0;
  for (const Hyperslab& slab : columns_.owned_slabs()) {
    const std::size_t size = n_column > 0 ? slab.size() : 0;
    NetcdfFile::Extent start, extent;
    for (std::size_t i = 0; i < n_leading; ++i) {
      start.push_back(n_leading == 1 ? first : 0);
      extent.push_back(n_leading == 1 ? count : dimensions[i].length);
    }
    if (size == 0 && !extent.empty()) extent[0] = 0;
    start.insert(start.end(), slab.start.begin(), slab.start.end());
    extent.insert(extent.end(), slab.count.begin(), slab.count.end());
    std::vector<double> part;
    for (std::size_t row = 0; row < count; ++row)
      part.insert(part.end(), cells.begin() + std::ptrdiff_t(row * n_cell + offset),
                  cells.begin() + std::ptrdiff_t(row * n_cell + offset + size));
    file_.write(name, start, extent, part);
    offset += size;
  }
}

std::vector<std::string> time_axis_names(std::span<const Stream> streams) {
  std::vector<std::string> names;
  for (std::size_t s = 0; s < streams.size(); ++s) {
    names.push_back(s == 0 ? name_of(Result::time)
                           : name_of(StreamResult::time, streams[s].settings.name));
    for (std::size_t earlier = 0; earlier < s; ++earlier)
      if (streams[earlier].times == streams[s].times &&
          streams[earlier].intervals == streams[s].intervals) {
        names.back() = names[earlier];
        break;
      }
  }
  return names;
}

} // namespace glebe
