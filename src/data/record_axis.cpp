// SPDX-License-Identifier: BSD-3-Clause
#include "record_axis.hpp"

#include "glebe/base/error.hpp"
#include "glebe/data/regular_times.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace glebe {

namespace {

constexpr double rounding = 5e-3; ///< [s], not worth a word

// The part of an interval after its begin at which its stamp lies.
double place_of(Stamp stamp) {
  return stamp == Stamp::start ? 0.0 : stamp == Stamp::middle ? 0.5 : 1.0;
}

/// What the bounds of a variable's times say of all its stamps.
struct Bounded {
  std::string time_variable;
  double stamp;          ///< the first [s]
  TimeInterval interval; ///< of the first
  double place;          ///< the part of its interval after which a stamp stands

  bool stands_at(Stamp at) const { return std::abs(place - place_of(at)) <= 0.1; }
  bool contains_stamp() const { return place >= -0.1 && place <= 1.1; }
};

std::optional<Bounded> bounds_of(const NetcdfFile& file, const std::string& variable,
                                 const ModelTime& time) {
  const std::string name = time_variable_of(file, variable);
  const auto attribute = file.text_attribute(name, "bounds");
  if (!attribute || !file.has_variable(*attribute)) return {};
  const auto intervals = read_time_bounds(file, name, time.start);
  if (!intervals || intervals->empty()) return {};
  const std::vector<double> stamps = read_times(file, name, time.start);
  const auto place = [&](std::size_t i) {
    const auto& [begin, end] = (*intervals)[i];
    return (stamps[i] - begin) / (end - begin);
  };
  const auto length = [&](std::size_t i) { return (*intervals)[i].end - (*intervals)[i].begin; };
  for (std::size_t i = 1; i < stamps.size(); ++i)
    if (std::abs(place(i) - place(0)) > 0.1 || std::abs(length(i) / length(0) - 1.0) > 0.1)
      throw InputError(fmt::format("{}: the intervals at index {} and 0 differ: means must be over "
                                   "the same interval, with the stamp at the same place in it",
                                   file.where(*attribute), i));
  return Bounded{name, stamps.front(), intervals->front(), place(0)};
}

// The method by which values stand for an interval of time, such as "mean" or "point"; empty where
// the file does not say it.
std::string method_over_time(const NetcdfFile& file, const std::string& variable) {
  const std::string own = time_variable_of(file, variable) + ':';
  std::istringstream words(file.text_attribute(variable, "cell_methods").value_or(""));
  bool of_time = false;
  for (std::string word; words >> word;) {
    const bool names = word.back() == ':';
    if (!names && of_time) return word;
    of_time = names && (of_time || word == "time:" || word == own);
  }
  return {};
}

bool is_instantaneous(const NetcdfFile& file, const std::string& variable) {
  return method_over_time(file, variable) == "point";
}

// Extremes of an interval are neither its mean nor instants.
void check_method(const NetcdfFile& file, const std::string& variable) {
  const std::string method = method_over_time(file, variable);
  if (!method.empty() && method != "mean" && method != "point" && method != "sum")
    throw InputError(fmt::format("{}: its cell_methods say that it holds the {} over time; needed "
                                 "are means, instants or sums",
                                 file.where(variable), method));
}

// The length that the bounds of the file's times give a mean [s], if it has any. They must not
// contradict the settings.
std::optional<double> bounded_interval(const FileSeries& files, const std::string& variable,
                                       const StampMeaning& meaning, const ModelTime& time) {
  const NetcdfFile& file = files.first_file();
  if (meaning.stamp == Stamp::instant || is_instantaneous(file, variable)) return {};
  const auto bounds = bounds_of(file, variable, time);
  if (!bounds) return {};
  const auto [begin, end] = bounds->interval;
  if (!bounds->contains_stamp()) {
    files.remark(
        fmt::format("warning: {}: the bounds of '{}' are not used: its first stamp, {}, is "
                    "outside {} to {}; one of them is shifted",
                    files.name(), bounds->time_variable, time.text(bounds->stamp), time.text(begin),
                    time.text(end)));
    return {};
  }
  const bool same_length =
      !meaning.interval || std::abs(*meaning.interval / (end - begin) - 1.0) <= 0.1;
  if (bounds->stands_at(meaning.stamp) && same_length) return end - begin;
  throw InputError(
      fmt::format("{}: the bounds of '{}' say that its first stamp, {}, stands for {} to {}; with "
                  "stamp = '{}'{} "
                  "it would not",
                  file.where(variable), bounds->time_variable, time.text(bounds->stamp),
                  time.text(begin), time.text(end), name_of(meaning.stamp, stamp_names),
                  same_length ? "" : fmt::format(" and interval = {:g}", *meaning.interval)));
}

// Where records begin to be equally spaced with another interval than before, if anywhere.
std::optional<std::size_t> change_of_interval(const std::vector<double>& times, double interval) {
  constexpr std::size_t for_good = 4; // spacings in a row, which no gaps have by chance
  std::size_t equal = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double spacing = times[i] - times[i - 1];
    const bool longer = spacing > 1.5 * interval;
    const bool as_before = i > 1 && std::abs(spacing - (times[i - 1] - times[i - 2])) < 1.0;
    equal = longer ? (as_before && equal > 0 ? equal + 1 : 1) : 0;
    if (equal == for_good) return i + 1 - for_good;
  }
  return {};
}

// Means that follow each other at intervals of another length than before, or overlap.
void check_spacing(const Records& records, double spacing, const StampMeaning& meaning,
                   const std::string& where, const ModelTime& time) {
  if (meaning.stamp == Stamp::instant) return;
  if (meaning.interval && *meaning.interval > 1.01 * spacing)
    throw InputError(fmt::format("{}: means over interval = {:g} s overlap, their times are {:g} s "
                                 "apart",
                                 where, *meaning.interval, spacing));
  const auto change = change_of_interval(records.times, spacing);
  if (change && !meaning.interval)
    throw InputError(
        fmt::format("{}: its times are {:g} s apart, but {:g} s from {} on: means over "
                    "intervals of two lengths are not one series; interval says which "
                    "is meant",
                    where, spacing, records.times[*change] - records.times[*change - 1],
                    time.text(records.times[*change])));
}

} // namespace

Stamp stamp_of_file(const FileSeries& files, const std::string& variable, const ModelTime& time) {
  const NetcdfFile& file = files.first_file();
  if (is_instantaneous(file, variable)) return Stamp::instant;
  if (const auto bounds = bounds_of(file, variable, time))
    for (const Stamp stamp : {Stamp::start, Stamp::middle, Stamp::end})
      if (bounds->stands_at(stamp)) return stamp;
  throw InputError(
      fmt::format("{}: neither its cell_methods nor bounds of its time say whether its "
                  "values are instants or means of which interval; give its stamp",
                  file.where(variable)));
}

Records select_records(const FileSeries& files, const std::string& variable,
                       const StampMeaning& meaning, const ModelTime& time, double margin,
                       bool may_be_irregular) {
  check_method(files.first_file(), variable);
  const auto bounded = bounded_interval(files, variable, meaning, time);
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
  if (!may_be_irregular)
    check_spacing(records, records.interval, meaning, files.first_file().where(variable), time);
  if (bounded) records.interval = *bounded;
  if (meaning.interval) records.interval = *meaning.interval;
  if (records.interval == 0.0 && meaning.stamp != Stamp::instant)
    throw InputError(fmt::format("{}: has a single time, the interval of its mean is unknown; set "
                                 "interval",
                                 files.first_file().where(variable)));
  return records;
}

} // namespace glebe
