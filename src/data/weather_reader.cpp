// SPDX-License-Identifier: BSD-3-Clause
#include "weather_reader.hpp"

#include "glebe/base/collect.hpp"
#include "glebe/config/input_sources.hpp"
#include "glebe/data/modelled_longwave.hpp"
#include "glebe/physics/laws/humidity.hpp"
#include "glebe/physics/laws/saturation.hpp"
#include "glebe/physics/laws/snow.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "input_reader.hpp"

namespace glebe {

namespace {

/// Inputs that have the same records, and how these are read.
struct Group {
  InputReader reader;
  std::vector<Input> rows;
  std::optional<InputTrack> track = {};
};

/// A series that is read before its turn, and how.
struct Ahead {
  InputReader reader;
  SeriesOnItsWay series;
  bool good = true;
};

class WeatherReader {
public:
  WeatherReader(const Reading& reading, InputFiles& files)
      : reading_(reading), settings_(reading.settings), forcing_(settings_.forcing), files_(files) {
  }

  std::vector<InputTrack> read(const std::vector<Input>& rows) {
    Problems problems;
    for (const Input input : rows)
      if (!forcing_.constant[input]) collect(problems, [&] { add_to_group(input); });
    collect(problems, [&] { check_levels(); });
    problems.throw_if_any();
    if (groups_.empty()) // only its times are needed
      group_of(source_of(settings_, info(Input::shortwave).name));
    for (const Input input : rows)
      if (forcing_.constant[input]) groups_.front().rows.push_back(input);
    claim_memory();
    for (Group& group : groups_) group.track = group.reader.empty(group.rows, reading_.lanes);
    read_ahead(rows);
    const bool modelled = forcing_.models_longwave();
    for (const Input input : rows)
      if (input != Input::humidity && !(input == Input::longwave && modelled))
        collect(problems, [&] { read_input(input); });
    problems.throw_if_any();
    // It may be made of temperature and pressure, and the longwave radiation of it.
    if (std::ranges::find(rows, Input::humidity) != rows.end()) read_input(Input::humidity);
    if (std::ranges::find(rows, Input::longwave) != rows.end() && modelled) make_longwave();
    if (settings_.surface.snow_by_density()) resist_by_density();
    std::vector<InputTrack> tracks;
    for (Group& group : groups_) {
      group.track->pad_lanes();
      tracks.push_back(std::move(*group.track));
    }
    return tracks;
  }

private:
  // Where the records of an input come from; modelled longwave radiation has those of the air.
  InputSource first_source(Input input) const {
    if (input == Input::longwave && forcing_.models_longwave()) input = Input::air_temperature;
    const bool parts = input == Input::wind && forcing_.has_wind_components();
    return source_of(settings_, parts ? "wind_east" : info(input).name);
  }

  // A level of &forcing must be one of some variable.
  void check_levels() {
    for (const std::string& text : forcing_.level) {
      const std::vector<LevelChoice> level = parse_levels({text});
      const bool found = std::ranges::any_of(sources_of(settings_), [&](const InputSource& source) {
        const NetcdfFile& file = files_.series(source.file, source.variable).first_file();
        return !levels_in(file, source.variable, level).empty();
      });
      if (!found)
        throw InputError(fmt::format("{} = '{}': no variable of the forcing has the dimension '{}'",
                                     forcing_.where("level"), text, level.front().dimension));
    }
  }

  void add_to_group(Input input) {
    const InputSource source = first_source(input);
    if (input == Input::longwave && !forcing_.models_longwave())
      require_longwave(reading_.ranks, source);
    group_of(source).rows.push_back(input);
  }

  InputReader reader_of(const InputSource& source) {
    return {reading_,
            files_.series(source.file, source.variable),
            {"forcing", {source.stamp, source.interval}, forcing_.max_gap},
            source.variable};
  }

  Group& group_of(const InputSource& source) {
    InputReader reader = reader_of(source);
    for (Group& group : groups_)
      if (group.reader.has_records_of(reader)) return group;
    groups_.push_back({std::move(reader), {}});
    return groups_.back();
  }

  Group& group_with(Input input) {
    return *std::ranges::find_if(groups_, [&](const Group& group) {
      return std::ranges::find(group.rows, input) != group.rows.end();
    });
  }

  void claim_memory() const {
    double bytes = 0.0;
    for (const Group& group : groups_)
      bytes += InputTrack::bytes(group.rows.size() + 1, group.reader.n_record(),
                                 reading_.columns.n_local(), reading_.lanes);
    reading_.memory.claim("the forcing", bytes);
  }

  WantedSeries wanted(const InputSource& source, const char* unit) {
    const NetcdfFile& file = files_.series(source.file, source.variable).first_file();
    std::vector<LevelChoice> levels =
        source.levels_of_its_own ? source.levels : levels_in(file, source.variable, source.levels);
    std::string versions = versions_in(file, source.variable, levels);
    return {source.variable, unit, std::move(levels), std::move(versions),
            source.accumulation == Accumulation::since_midnight};
  }

  // Reads a series that must have the records of a group. Returns whether its range need not be
  // checked any more.
  bool read_beside(const InputSource& source, const char* unit, const Group& group,
                   InputTrack& track, std::size_t row, bool complete = true) {
    const InputReader reader = reader_of(source);
    if (!reader.has_records_of(group.reader))
      throw InputError(fmt::format(
          "{}: its times are not those of the {}",
          files_.series(source.file, source.variable).first_file().where(source.variable),
          info(group.rows.front()).long_name));
    if (Ahead* ahead = ahead_at(track, row)) return reader.complete(ahead->series);
    if (complete) return reader.read(wanted(source, unit), track, row);
    reader.read_records(wanted(source, unit), track, row);
    return false;
  }

  // Reads the series that go straight to the rows of groups side by side, some records of each at a
  // time: rows lie beside one another in memory, and each of many files is opened once for all its
  // variables. Where anything is wrong with one, it is read again in its turn, to say so.
  void read_ahead(const std::vector<Input>& rows) {
    for (const Input input : rows)
      if (!forcing_.constant[input] && !(input == Input::longwave && forcing_.models_longwave()))
        without_failures([&] { begin_ahead(input); });
    std::vector<const FileSeries*> all_files;
    for (const auto& [input, ahead] : ahead_)
      if (std::ranges::find(all_files, &ahead.reader.files()) == all_files.end())
        all_files.push_back(&ahead.reader.files());
    for (const FileSeries* files : all_files)
      for (std::size_t file = 0; file < files->files().size(); ++file)
        while (read_next(*files, file)) {
        }
  }

  // The next records of each series in a file; returns whether there were any.
  bool read_next(const FileSeries& files, std::size_t file) {
    bool any = false;
    for (auto& [input, ahead] : ahead_) {
      const InputReader& reader = ahead.reader;
      if (!ahead.good || &reader.files() != &files || reader.next_file(ahead.series) != file)
        continue;
      ahead.good = without_failures([&] { reader.read_next(ahead.series); });
      any = true;
    }
    return any;
  }

  Ahead* ahead_at(const InputTrack& track, std::size_t row) {
    const auto found = ahead_.find(track.rows()[row]);
    if (found == ahead_.end() || &found->second.series.track != &track) return nullptr;
    return found->second.good ? &found->second : nullptr;
  }

  void begin_ahead(Input input) {
    Group& group = group_with(input);
    const std::size_t row = group.track->row_of(input);
    const bool parts = input == Input::wind && forcing_.has_wind_components();
    const InputSource source = source_of(settings_, parts ? "wind_north" : info(input).name);
    const InputReader reader = reader_of(source);
    if (!reader.has_records_of(group.reader)) return;
    ahead_.emplace(
        input, Ahead{reader, reader.begin(wanted(source, unit_in_file(input)), *group.track, row)});
  }

  // Whether the work, which is collective, found nothing wrong with the input.
  template <class Work>
  static bool without_failures(Work work) {
    try {
      work();
      return true;
    } catch (const InputError&) {
      return false;
    }
  }

  const char* unit_in_file(Input input) const {
    return input == Input::humidity ? unit_of(forcing_.humidity_kind) : info(input).unit;
  }

  void read_input(Input input) {
    Group& group = group_with(input);
    InputTrack& track = *group.track;
    const std::size_t row = track.row_of(input);
    bool good = false;
    if (forcing_.constant[input])
      group.reader.set(track, row, *forcing_.constant[input]);
    else if (input == Input::humidity && forcing_.humidity_kind != HumidityKind::specific)
      read_humidity(group, row);
    else if (input == Input::wind && forcing_.has_wind_components())
      read_wind(group, row);
    else
      good = read_beside(source_of(settings_, info(input).name), unit_in_file(input), group, track,
                         row);
    group.reader.check_range(track, row, good);
  }

  void read_wind(Group& group, std::size_t row) {
    InputTrack eastward = group.reader.empty({Input::wind}, reading_.lanes);
    read_beside(source_of(settings_, "wind_east"), "m s-1", group, eastward, 0);
    read_beside(source_of(settings_, "wind_north"), "m s-1", group, *group.track, row);
    group.reader.for_each(*group.track, row, [&](float& value, std::size_t column, std::size_t i) {
      value = std::hypot(value, eastward.series_of(0, column)[i * eastward.stride()]);
    });
  }

  // From what the file has of the humidity, with temperature and pressure at the same
  // time.
  void read_humidity(Group& group, std::size_t row) {
    const HumidityKind kind = forcing_.humidity_kind;
    read_beside(source_of(settings_, info(Input::humidity).name), unit_in_file(Input::humidity),
                group, *group.track, row);
    group.reader.for_each(*group.track, row, [&](float& value, std::size_t column, std::size_t i) {
      const auto saturated = [&] {
        return saturation_pressure_over_water(at(Input::air_temperature, group, column, i)).value;
      };
      const auto of_pressure = [&](double e) {
        return specific_humidity(e, at(Input::pressure, group, column, i));
      };
      double q = value;
      if (kind == HumidityKind::mixing_ratio) q /= 1.0 + q;
      if (kind == HumidityKind::relative) q = of_pressure(q * saturated());
      if (kind == HumidityKind::vapour_pressure) q = of_pressure(q);
      if (kind == HumidityKind::vapour_pressure_deficit) q = of_pressure(saturated() - q);
      if (kind == HumidityKind::dewpoint) q = of_pressure(saturation_pressure_over_water(q).value);
      value = static_cast<float>(q);
    });
  }

  static const char* unit_of(HumidityKind kind) {
    switch (kind) {
    case HumidityKind::dewpoint:
      return "K";
    case HumidityKind::relative:
      return "1";
    case HumidityKind::vapour_pressure:
    case HumidityKind::vapour_pressure_deficit:
      return "Pa";
    default:
      return "kg kg-1";
    }
  }

  void make_longwave() {
    Group& sun = group_with(forcing_.cloud == Cloud::none ? Input::longwave : Input::shortwave);
    Group& air = group_with(Input::longwave);
    const auto records = [&](Group& group) {
      return SkyRecords{group.reader.intervals(),
                        [&](Input input, std::size_t column, std::size_t i) {
                          return at(input, group, column, i);
                        }};
    };
    InputTrack& track = *air.track;
    const std::size_t row = track.row_of(Input::longwave);
    model_longwave(reading_, records(sun), records(air),
                   [&](std::size_t column, std::size_t i, float value) {
                     track.series_of(row, column)[i * track.stride()] = value;
                   });
    air.reader.check_range(track, row);
  }

  // Another input at the middle of a record of a group.
  double at(Input input, Group& group, std::size_t column, std::size_t record) {
    Group& other = group_with(input);
    const float* series = other.track->series_of(input, column);
    const std::size_t stride = other.track->stride();
    if (&other == &group) return series[record * stride];
    const TimeInterval interval = stamped_interval(group.reader.times()[record],
                                                   group.reader.stamp(), group.reader.interval());
    const auto [before, weight] =
        record_at(other.reader.times(), other.reader.stamp(), other.reader.interval(),
                  0.5 * (interval.begin + interval.end));
    const auto i = static_cast<std::size_t>(before);
    const double value = series[i * stride];
    return weight > 0.0F ? value + weight * (series[(i + 1) * stride] - value) : value;
  }

  // Turns the depth of the snow in its row into a resistance by the density. Where no snow lies, no
  // density is needed; elsewhere gaps of it are filled like those of other inputs.
  void resist_by_density() {
    Group& group = group_with(Input::snow_depth);
    InputTrack& track = *group.track;
    const auto& constant = forcing_.constant[Input::snow_density];
    const InputSource source = source_of(settings_, info(Input::snow_density).name);
    const char* unit = info(Input::snow_density).unit;
    InputTrack density = group.reader.empty({Input::snow_density}, reading_.lanes);
    if (constant)
      group.reader.set(density, 0, *constant);
    else
      read_beside(source, unit, group, density, 0, /* complete */ false);

    const std::size_t snow = track.row_of(Input::snow_depth);
    group.reader.for_each(track, snow, [&](float& value, std::size_t column, std::size_t i) {
      float& rho = density.series_of(0, column)[i * density.stride()];
      value = static_cast<float>(snow_resistance(settings_.surface.snow_conductivity, value, rho));
      const bool judged = value != 0.0F && !std::isnan(rho);
      if (!judged) rho = static_cast<float>(info(Input::snow_density).lower);
    });
    group.reader.check_range(density, 0);
    if (!constant) group.reader.fill(wanted(source, unit), track, snow);
  }

  const Reading& reading_;
  const Settings& settings_;
  const ForcingSettings& forcing_;
  InputFiles& files_;
  std::vector<Group> groups_;
  std::map<Input, Ahead> ahead_; ///< in an order that is the same on all ranks
};

} // namespace

std::vector<InputTrack> read_weather(const Reading& reading, const std::vector<Input>& rows,
                                     InputFiles& files) {
  return WeatherReader(reading, files).read(rows);
}

} // namespace glebe
