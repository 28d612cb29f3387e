// SPDX-License-Identifier: BSD-3-Clause
#include "record_axis.hpp"

#include "glebe/base/error.hpp"
#include "glebe/data/regular_times.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

constexpr double rounding = 5e-3; ///< [s], not worth a word

// The part of an interval after its begin at which its stamp lies.
double place_of(Stamp stamp) {
  return stamp == Stamp::start ? 0.0 : stamp == Stamp::middle ? 0.5 : 1.0;
}

/// The first stamp of a variable and the interval that the bounds of its time give it.
struct BoundedStamp {
  std::string time_variable;
  double stamp;
  TimeInterval interval;

  bool stands_at(Stamp place) const {
    const double part = (stamp - interval.begin) / (interval.end - interval.begin);
    return std::abs(part - place_of(place)) <= 0.1;
  }
};

std::optional<BoundedStamp> first_bounds(const NetcdfFile& file, const std::string& variable,
                                         const ModelTime& time) {
  const std::string name = time_variable_of(file, variable);
  const auto bounds = file.text_attribute(name, "bounds");
  if (!bounds || !file.has_variable(*bounds)) return {};
  const auto intervals = read_time_bounds(file, name, time.start);
  if (!intervals || intervals->empty()) return {};
  return BoundedStamp{name, read_times(file, name, time.start).front(), intervals->front()};
}

// Whether the cell methods of a variable say that its values are instants.
bool is_instantaneous(const NetcdfFile& file, const std::string& variable) {
  const std::string methods = file.text_attribute(variable, "cell_methods").value_or("");
  return methods.find(time_variable_of(file, variable) + ": point") != std::string::npos ||
         methods.find("time: point") != std::string::npos;
}

// The file says itself which interval a stamp stands for, if its times have bounds.
void check_bounds(const FileSeries& files, const std::string& variable, Stamp stamp,
                  const ModelTime& time) {
  const NetcdfFile& file = files.first_file();
  if (stamp == Stamp::instant || is_instantaneous(file, variable)) return;
  const auto first = first_bounds(file, variable, time);
  if (!first || first->stands_at(stamp)) return;
  throw InputError(fmt::format("{}: the bounds of '{}' say that its first stamp, {}, stands for {} "
                               "to {}; with stamp = '{}' it would not",
                               file.where(variable), first->time_variable, time.text(first->stamp),
                               time.text(first->interval.begin), time.text(first->interval.end),
                               name_of(stamp, stamp_names)));
}

} // namespace

Stamp stamp_of_file(const FileSeries& files, const std::string& variable, const ModelTime& time) {
  const NetcdfFile& file = files.first_file();
  if (is_instantaneous(file, variable)) return Stamp::instant;
  if (const auto first = first_bounds(file, variable, time))
    for (const Stamp stamp : {Stamp::start, Stamp::middle, Stamp::end})
      if (first->stands_at(stamp)) return stamp;
  throw InputError(
      fmt::format("{}: neither its cell_methods nor bounds of its time say whether its "
                  "values are instants or means of which interval; give its stamp",
                  file.where(variable)));
}

Records select_records(const FileSeries& files, const std::string& variable,
                       const StampMeaning& meaning, const ModelTime& time, double margin,
                       bool may_be_irregular) {
  check_bounds(files, variable, meaning.stamp, time);
  const std::vector<double>& all = files.times(variable);
  // A stamp that moves by a part of its interval may move into the window.
  const double typical = all.size() > 1 ? regular_interval(all) : 0.0;
  auto begin = std::lower_bound(all.begin(), all.end(), -margin - typical);
  auto end = std::upper_bound(begin, all.end(), time.length() + margin + typical);
  if (end - begin < 2) {
    begin = all.begin();
    end = all.end();
  }
  Records records{static_cast<std::size_t>(begin - all.begin()), {begin, end}, 0.0};
  const auto regular =
      regular_times(records.times, time.start.second_of_day, files.time_resolution(variable));
  if (regular) {
    if (regular->moved > rounding)
      files.remark(fmt::format("{}: its times are moved by up to {:.3g} s, onto a regular axis of "
                               "{:.6g} s",
                               files.name(), regular->moved, regular->interval));
    records.times = regular->times;
    records.interval = regular->interval;
  } else if (records.times.size() > 1) {
    records.interval = regular_interval(records.times);
    const bool allowed = meaning.stamp == Stamp::instant || (may_be_irregular && meaning.interval);
    if (!allowed)
      throw InputError(
          fmt::format("{}: its times are irregular ({}): these cannot be means with stamp = '{}'{}",
                      files.first_file().where(variable), irregularity(records.times),
                      name_of(meaning.stamp, stamp_names),
                      may_be_irregular ? ", unless interval gives their length" : ""));
  }
  if (meaning.interval) records.interval = *meaning.interval;
  if (records.interval == 0.0 && meaning.stamp != Stamp::instant)
    throw InputError(fmt::format("{}: has a single time, the interval of its mean is unknown; set "
                                 "interval",
                                 files.first_file().where(variable)));
  return records;
}

} // namespace glebe
