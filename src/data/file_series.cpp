// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/file_series.hpp"

#include "glebe/base/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "coordinate_kind.hpp"
#include "dimension_roles.hpp"
#include "field_reader.hpp"
#include "grid_coordinates.hpp"

namespace glebe {

namespace {

// Of more files than these one is open at a time, beside the first: opening a second time what lies
// in the caches is cheaper than what many open files take of them.
constexpr std::size_t files_kept_open = 8;
constexpr std::size_t values_per_read = std::size_t{1}
                                        << 16; ///< which stay in the cache of level 2

// What a match has to say about a file, if anything.
std::string remark_on(const GridMatch& match, const std::string& file,
                      const std::string& grid_file) {
  if (match.everywhere && !match.changes.empty())
    return fmt::format("warning: {} {}", file, match.changes);
  if (!match.changes.empty()) return fmt::format("{} {}: read accordingly", file, match.changes);
  if (!match.by_size_alone) return {};
  return fmt::format(
      "warning: {} or {} has no coordinates of its cells: they are taken in the order "
      "of the file",
      file, grid_file.empty() ? "the grid of the run" : grid_file);
}

std::string file_of(const HorizontalGrid& grid) {
  return grid.coordinates ? grid.coordinates->file.string() : std::string();
}

} // namespace

FileSeries::FileSeries(const Ranks& ranks, const std::vector<std::filesystem::path>& paths,
                       const std::string& variable, const DateTime& start, const Log& log,
                       const std::set<std::string>& others)
    : ranks_(ranks), start_(start), log_(&log), n_named_(paths.size()),
      last_part_(std::make_unique<LastPart>()) {
  std::vector<FileTimes> times;
  for (const std::filesystem::path& path : paths) {
    files_.push_back(NetcdfFile::open(ranks, path));
    const NetcdfFile& file = files_.back();
    const Storage& found = storage_[variable].emplace_back(storage_of(file, variable));
    check_calendar(file, found.time_variable);
    times.push_back(times_of(file, found.time_variable));
    describe(file, others);
    leave(files_.size() - 1);
  }
  std::erase_if(storage_, [&](const auto& one) { return one.second.size() < files_.size(); });
  if (files_.size() > 1) sort_by_time(variable, times);
  std::vector<std::string> names;
  for (const Storage& one : storage_.at(variable)) names.push_back(one.time_variable);
  axis_of_[variable] = &axes_.emplace(names, joined(times)).first->second;
  if (axis(variable).times.empty()) throw InputError(fmt::format("{}: has no records", name()));
}

FileSeries::FileSeries(FileSeries&&) noexcept = default;
FileSeries::~FileSeries() = default;

FileSeries::Storage FileSeries::storage_of(const NetcdfFile& file, const std::string& variable) {
  const std::string time = time_variable_of(file, variable);
  const std::size_t position = time_position(file, variable);
  const auto chunks = file.chunk_lengths(variable);
  return {time, position, chunks.empty() ? 1 : chunks[position]};
}

// What is wrong with a variable is said when it is read.
void FileSeries::describe(const NetcdfFile& file, const std::set<std::string>& variables) {
  for (const std::string& variable : variables) try {
      if (storage_[variable].size() < files_.size())
        storage_[variable].push_back(storage_of(file, variable));
    } catch (const InputError&) {
    }
}

const std::vector<FileSeries::Storage>& FileSeries::storage(const std::string& variable) const {
  const auto known = storage_.find(variable);
  if (known != storage_.end()) return known->second;
  std::vector<Storage> found;
  for (const NetcdfFile& file : files_) found.push_back(storage_of(file, variable));
  return storage_.emplace(variable, std::move(found)).first->second;
}

void FileSeries::check_calendar(const NetcdfFile& file, const std::string& time_variable) {
  const Calendar calendar = time_calendar(file, time_variable);
  if (&file == &files_.front()) calendar_ = calendar;
  if (!same_dates(calendar, calendar_, start_))
    throw InputError(fmt::format("{}: calendar '{}' differs from '{}' of {}",
                                 file.where(time_variable), calendar_name(calendar),
                                 calendar_name(calendar_), first_file().path().string()));
}

FileSeries::FileTimes FileSeries::times_of(const NetcdfFile& file,
                                           const std::string& time_variable) const {
  return {read_times(file, time_variable, start_), time_rounding(file, time_variable)};
}

// The order in which files are named says nothing about that of their times.
void FileSeries::sort_by_time(const std::string& variable, std::vector<FileTimes>& times) {
  for (std::size_t f = 0; f < files_.size(); ++f)
    if (times[f].times.empty())
      throw InputError(fmt::format("{}: has no records", files_[f].where(variable)));
  std::vector<std::size_t> order(files_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t f) { return times[f].times.front(); });
  const auto sort = [&]<class One>(std::vector<One>& unsorted) {
    std::vector<One> sorted;
    for (const std::size_t f : order) sorted.push_back(std::move(unsorted[f]));
    unsorted = std::move(sorted);
  };
  sort(files_);
  sort(times);
  for (auto& [name, of_files] : storage_) sort(of_files);
}

FileSeries::Axis FileSeries::joined(const std::vector<FileTimes>& of_files) const {
  Axis axis;
  for (std::size_t f = 0; f < files_.size(); ++f) {
    const auto& [times, resolution] = of_files[f];
    if (!axis.times.empty() && !times.empty() && times.front() <= axis.times.back())
      throw InputError(
          fmt::format("{}: begins before {} ends; files must follow each other in time",
                      files_[f].path().string(), files_[f - 1].path().string()));
    axis.first_record.push_back(axis.times.size());
    axis.times.insert(axis.times.end(), times.begin(), times.end());
    axis.resolution = std::max(axis.resolution, resolution);
  }
  axis.first_record.push_back(axis.times.size());
  return axis;
}

const FileSeries::Axis& FileSeries::axis(const std::string& variable) const {
  const Axis*& known = axis_of_[variable];
  if (known) return *known;
  std::vector<std::string> names;
  for (const Storage& one : storage(variable)) names.push_back(one.time_variable);
  auto found = axes_.find(names);
  if (found == axes_.end()) {
    std::vector<FileTimes> times;
    for (std::size_t f = 0; f < files_.size(); ++f) times.push_back(times_of(files_[f], names[f]));
    found = axes_.emplace(names, joined(times)).first;
  }
  known = &found->second;
  return *known;
}

const std::vector<double>& FileSeries::times(const std::string& variable) const {
  return axis(variable).times;
}

double FileSeries::time_resolution(const std::string& variable) const {
  return axis(variable).resolution;
}

std::string FileSeries::name() const {
  if (files_.size() == 1) return files_.front().path().string();
  return fmt::format("{} ... {}", files_.front().path().string(), files_.back().path().string());
}

std::vector<FileSeries::RecordRange> FileSeries::ranges(const std::string& variable,
                                                        std::size_t first, std::size_t count,
                                                        const Columns& columns) const {
  const std::int64_t per_record =
      ranks_.max(static_cast<std::int64_t>(columns.bounding_box().size()));
  const std::size_t most =
      values_per_read / std::clamp<std::size_t>(std::size_t(per_record), 1, values_per_read);
  const std::vector<std::size_t>& first_record = axis(variable).first_record;
  std::vector<RecordRange> ranges;
  for (std::size_t f = 0; f < files_.size(); ++f) {
    const std::size_t begin = std::max(first, first_record[f]);
    const std::size_t end = std::min(first + count, first_record[f + 1]);
    if (begin >= end) continue;
    const std::size_t chunk = storage(variable)[f].chunk;
    const std::size_t whole = std::max<std::size_t>(1, most / chunk) * chunk;
    for (std::size_t record = begin; record < end;) {
      const std::size_t in_file = record - first_record[f];
      const std::size_t stop = std::min(end, first_record[f] + (in_file / whole + 1) * whole);
      ranges.push_back({f, record, stop - record});
      record = stop;
    }
  }
  return ranges;
}

void FileSeries::leave(std::size_t file) const {
  if (n_named_ > files_kept_open && file > 0) files_[file].close_until_needed();
}

template <class Value>
std::vector<Value> FileSeries::read(const std::string& variable, const RecordRange& range,
                                    const Columns& columns, const std::vector<LevelChoice>& levels,
                                    const UnitConverter* convert) const {
  if (range.file != last_read_) leave(last_read_);
  last_read_ = range.file;
  const std::size_t first = range.first - axis(variable).first_record[range.file];
  const FieldLayout& where = layout(variable, range.file, columns, levels);
  return read_columns<Value>(files_[range.file], variable,
                             last_part_->of(where, first, range.count, columns), range.count,
                             convert);
}

template std::vector<float> FileSeries::read(const std::string&, const RecordRange&, const Columns&,
                                             const std::vector<LevelChoice>&,
                                             const UnitConverter*) const;
template std::vector<double> FileSeries::read(const std::string&, const RecordRange&,
                                              const Columns&, const std::vector<LevelChoice>&,
                                              const UnitConverter*) const;

const FieldLayout& FileSeries::layout(const std::string& variable, std::size_t file,
                                      const Columns& columns,
                                      const std::vector<LevelChoice>& levels) const {
  std::string kind;
  for (const auto& dimension : files_[file].variable(variable).dimensions)
    kind += dimension.name + ' ';
  for (const LevelChoice& level : levels)
    kind += fmt::format("{}({}){} ", level.dimension, level.number, level.value.value_or(0.0));
  std::unique_ptr<FieldLayout>& known = layouts_[{file, kind}];
  if (!known) {
    known = std::make_unique<FieldLayout>(layout_of(
        files_[file], variable, storage(variable)[file].time_position, levels, columns.grid()));
    remark(remark_on(known->match, name(), file_of(columns.grid())));
  }
  return *known;
}

void FileSeries::remark(const std::string& text) const {
  if (!text.empty() && said_.insert(text).second) log_->info("{}", text);
}

void check_same_times(const FileSeries& files, const std::string& variable,
                      const std::string& reference) {
  if (files.times(variable) != files.times(reference))
    throw InputError(fmt::format("{}: its times are not those of '{}'",
                                 files.first_file().where(variable), reference));
}

HorizontalGrid horizontal_grid(const NetcdfFile& file, const std::string& variable,
                               const std::vector<LevelChoice>& levels) {
  const auto dimensions = file.variable(variable).dimensions;
  std::optional<std::size_t> entry;
  try {
    entry = time_position(file, variable);
  } catch (const InputError&) { // a field without time
  }
  std::vector<NetcdfFile::Dimension> horizontal;
  for (const std::size_t position : roles_of(file, variable, entry, levels, {}).horizontal)
    horizontal.push_back(dimensions[position]);
  HorizontalGrid grid;
  for (const auto& dimension : horizontal)
    grid.dimensions.push_back({dimension.name, dimension.length});
  grid.coordinates =
      std::make_shared<const GridCoordinates>(read_grid_coordinates(file, variable, horizontal));
  return grid;
}

namespace {

bool has_dimension(const NetcdfFile& file, const std::string& variable, const std::string& name) {
  const auto dimensions = file.variable(variable).dimensions;
  return std::ranges::find(dimensions, name, &NetcdfFile::Dimension::name) != dimensions.end();
}

} // namespace

std::vector<LevelChoice> levels_in(const NetcdfFile& file, const std::string& variable,
                                   std::vector<LevelChoice> levels) {
  std::erase_if(levels, [&](const LevelChoice& level) {
    return !has_dimension(file, variable, level.dimension);
  });
  return levels;
}

std::string versions_in(const NetcdfFile& file, const std::string& variable,
                        const std::vector<LevelChoice>& levels) {
  constexpr const char* versions = "expver";
  const bool chosen = std::ranges::find(levels, versions, &LevelChoice::dimension) != levels.end();
  return chosen || !has_dimension(file, variable, versions) ? "" : versions;
}

std::optional<std::size_t> place_position(const NetcdfFile& file, const std::string& variable,
                                          std::size_t n, const HorizontalGrid& grid) {
  const auto dimensions = file.variable(variable).dimensions;
  const std::vector<std::string> names = grid.names();
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const std::string& name = dimensions[i].name;
    if (dimensions[i].length != n || std::ranges::find(names, name) != names.end() ||
        is_repetition(file, name))
      continue;
    if (found) return {};
    found = i;
  }
  return found;
}

std::vector<double> read_field(const NetcdfFile& file, const std::string& variable,
                               const Columns& columns, const Log& log,
                               std::optional<std::size_t> places,
                               const std::vector<LevelChoice>& levels) {
  const std::size_t count = places ? file.variable(variable).dimensions[*places].length : 1;
  const FieldLayout layout = layout_of(file, variable, places, levels, columns.grid());
  const std::string remark = remark_on(layout.match, file.where(variable), file_of(columns.grid()));
  if (!remark.empty()) log.info("{}", remark);
  return read_columns<double>(file, variable, part_of(layout, 0, count, columns), count);
}

std::vector<double> read_whole_field(const Ranks& ranks, const NetcdfFile& file,
                                     const std::string& variable, const HorizontalGrid& grid,
                                     const Log& log) {
  return ranks.all_gather(read_field(file, variable, Columns(ranks, grid), log));
}

} // namespace glebe
