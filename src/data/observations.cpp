// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/observations.hpp"

#include "glebe/base/collect.hpp"
#include "glebe/config/forms.hpp"
#include "glebe/config/sensors.hpp"
#include "glebe/data/input_files.hpp"
#include "glebe/data/time_points.hpp"
#include "glebe/data/units.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lane_blocks.hpp"
#include "record_axis.hpp"

namespace glebe {

namespace {

constexpr double same_time = 1e-3; ///< [s]

// The contributions of the steps to each observation.
StreamSchedule make_schedule(const Stream& stream, const ModelTime& time, const Soil& soil,
                             Top top) {
  StreamSchedule schedule;
  schedule.op = ObservationOperator::make(stream.settings.kind, stream.settings.depth.value_or(0.0),
                                          soil, top);
  schedule.n_observation = stream.intervals.size();
  const auto last_step = static_cast<std::int32_t>(time.n_step) - 1;
  for (std::size_t k = 0; k < stream.intervals.size(); ++k) {
    const auto [begin, end] = stream.intervals[k];
    const auto observation = static_cast<std::int32_t>(k);
    // The step within or at the end of which the observation ends.
    const auto ends_in = static_cast<std::int32_t>(
        std::clamp(std::ceil((end - same_time) / time.step) - 1.0, 0.0, double(last_step)));
    if (end - begin < same_time) {
      const double inside = std::clamp(end / time.step - ends_in, 0.0, 1.0);
      const double weight = std::abs(inside - 1.0) < 1e-9 ? 1.0 : inside;
      schedule.pieces.push_back({ends_in, observation, 1.0 - weight, weight, 0.0, true});
      continue;
    }
    const auto begins_in = static_cast<std::int32_t>(std::floor((begin + same_time) / time.step));
    for (std::int32_t step = begins_in; step <= ends_in; ++step) {
      const double overlap =
          std::min(end, (step + 1) * time.step) - std::max(begin, step * time.step);
      schedule.pieces.push_back(
          {step, observation, 0.0, 0.0, overlap / (end - begin), step == ends_in});
    }
  }
  return schedule;
}

class StreamReader {
public:
  StreamReader(const Reading& reading, const ObservationSettings& settings, InputFiles& files)
      : ranks_(reading.ranks), settings_(settings), time_(reading.time), columns_(reading.columns),
        lanes_(reading.lanes), files_(files.series(settings.file, settings.variable)),
        levels_(parse_levels(settings.level)) {
    if (!same_dates(files_.calendar(), time_.calendar, time_.start))
      throw InputError(fmt::format("{}: calendar '{}' differs from '{}' of the forcing",
                                   files_.name(), calendar_name(files_.calendar()),
                                   calendar_name(time_.calendar)));
    for (const std::string& beside : {settings.sigma_variable, settings.qc_variable})
      if (!beside.empty()) check_same_times(files_, beside, settings.variable);
  }

  Stream read(MemoryBudget& memory) {
    Stream stream;
    stream.settings = settings_;
    select_records(stream);
    const std::size_t n_value = columns_.n_block(lanes_) * stream.times.size() * lanes_;
    memory.claim("the observations " + settings_.name,
                 static_cast<double>(n_value * (sizeof(double) + sizeof(float))));
    stream.value = LargeArray<double>(n_value);
    stream.inverse_sigma = LargeArray<float>(n_value);
    Converters converters;
    bool good = true;
    for (const auto& range :
         files_.ranges(settings_.variable, first_, stream.times.size(), columns_))
      good = read_values(stream, range, converters) && good;
    mark_unused_lanes(stream);
    check_range(stream, good);
    return stream;
  }

private:
  struct Converters {
    LastConverter of_values, of_sigma;
  };

  void select_records(Stream& stream) {
    const Records records = glebe::select_records(files_, settings_.variable,
                                                  {settings_.stamp, settings_.interval}, time_, 0.0,
                                                  /* may_be_irregular */ true);
    if (settings_.stamp != Stamp::instant) stream.interval = records.interval;
    for (std::size_t i = 0; i < records.times.size(); ++i) {
      const double t = records.times[i];
      const TimeInterval interval = stamped_interval(t, settings_.stamp, stream.interval);
      if (interval.begin < -same_time || interval.end > time_.length() + same_time) continue;
      if (!stream.intervals.empty() && interval.begin < stream.intervals.back().end - same_time)
        throw InputError(
            fmt::format("{}: the averaging interval of {} s is longer than the spacing "
                        "of the records at {}",
                        settings_.where("interval"), stream.interval, time_.text(t)));
      if (stream.times.empty()) first_ = records.first + i;
      stream.times.push_back(t);
      stream.intervals.push_back(interval);
    }
  }

  const UnitConverter& converter(const std::string& variable, std::size_t file, double interval,
                                 LastConverter& last) const {
    const NetcdfFile& from = files_.files()[file];
    const std::string units = from.units(variable);
    return last.of(units, [&] {
      return with_location(from.where(variable), [&] {
        return make_converter(units, info(settings_.kind).unit, interval);
      });
    });
  }

  // Reads the records of a range straight into the lanes of the stream. Returns whether all values
  // and weights can be believed.
  bool read_values(Stream& stream, const FileSeries::RecordRange& range,
                   Converters& converters) const {
    const std::size_t n_time = stream.times.size(), first = range.first - first_;
    const UnitConverter& convert =
        converter(settings_.variable, range.file, stream.interval, converters.of_values);
    std::vector<double> values =
        files_.read<double>(settings_.variable, range, columns_, levels_, &convert);
    reject(range, values);
    const std::vector<float> inverse_sigma = weigh(stream, range, converters.of_sigma, values);
    std::vector<std::size_t> place;
    for (std::size_t i = first; i < first + range.count; ++i) place.push_back(i * lanes_);
    const auto put = [&]<class Value>(const std::vector<Value>& from, LargeArray<Value>& to) {
      scatter_lanes(
          std::span<const Value>(from), columns_.n_local(), lanes_,
          [&](std::size_t block) { return to.data() + block * n_time * lanes_; }, place);
    };
    put(values, stream.value);
    put(inverse_sigma, stream.inverse_sigma);
    return !any_of(values, is_wrong()) && !any_of(inverse_sigma, is_too_heavy);
  }

  // The weights of values; a value without a standard deviation is missing.
  std::vector<float> weigh(const Stream& stream, const FileSeries::RecordRange& range,
                           LastConverter& last, std::vector<double>& values) const {
    std::vector<float> inverse_sigma(values.size());
    if (settings_.sigma_variable.empty()) {
      const auto inverse = static_cast<float>(1.0 / settings_.sigma.value_or(1.0));
      for (std::size_t i = 0; i < values.size(); ++i)
        inverse_sigma[i] = std::isnan(values[i]) ? 0.0F : inverse;
      return inverse_sigma;
    }
    const std::vector<double> sigma = read_sigma(stream, range, last);
    for (std::size_t i = 0; i < values.size(); ++i) { // without branches: in vectors
      const bool is_number = !std::isnan(values[i]), is_weighed = sigma[i] > 0.0;
      const bool there = is_number & is_weighed;
      const auto inverse = static_cast<float>(1.0 / sigma[i]);
      values[i] = there ? values[i] : std::numeric_limits<double>::quiet_NaN();
      inverse_sigma[i] = there ? inverse : 0.0F;
    }
    return inverse_sigma;
  }

  // Marks values as missing whose flag is not one of those to be accepted, if there are flags.
  void reject(const FileSeries::RecordRange& range, std::vector<double>& values) const {
    const std::string& variable = settings_.qc_variable;
    if (variable.empty()) return;
    const auto quality = files_.read<double>(variable, range, columns_, levels_of(variable));
    const auto& flags = settings_.qc_accept;
    for (std::size_t i = 0; i < quality.size(); ++i)
      if (std::ranges::none_of(flags, [&](int flag) { return quality[i] == flag; }))
        values[i] = std::nan("");
  }

  // Of a variable beside the observed one.
  std::vector<LevelChoice> levels_of(const std::string& variable) const {
    return levels_in(files_.first_file(), variable, levels_);
  }

  // A standard deviation is a difference: the offset of its unit does not apply (1 degC is 1 K).
  std::vector<double> read_sigma(const Stream& stream, const FileSeries::RecordRange& range,
                                 LastConverter& last) const {
    const std::string& variable = settings_.sigma_variable;
    const UnitConverter& convert = converter(variable, range.file, stream.interval, last);
    std::vector<double> sigma =
        files_.read<double>(variable, range, columns_, levels_of(variable), &convert);
    const double offset = convert(0.0);
    for (double& value : sigma) value -= offset;
    return sigma;
  }

  // All others have been written.
  void mark_unused_lanes(Stream& stream) const {
    const std::size_t n_column = columns_.n_local(), n_used = n_column % lanes_;
    if (n_used == 0) return;
    double* const last = stream.value.data() + n_column / lanes_ * stream.times.size() * lanes_;
    for (std::size_t k = 0; k < stream.times.size(); ++k)
      std::fill_n(last + k * lanes_ + n_used, lanes_ - n_used, std::nan(""));
  }

  struct IsOutside {
    double lower, upper;
    bool operator()(double value) const { return value < lower || value > upper; }
  };
  IsOutside is_wrong() const { return {info(settings_.kind).lower, info(settings_.kind).upper}; }
  static bool is_too_heavy(float inverse_sigma) {
    constexpr float most_inverse = 1.001e9F; // as sigma of the namelist is 1e-9 or more
    return inverse_sigma > most_inverse;
  }

  // Says what is wrong with the values of this rank, unless they are `good`.
  void check_range(const Stream& stream, bool good) const {
    const ObservationKindInfo& kind = info(settings_.kind);
    agree_on_failure(ranks_, [&] {
      if (good) return;
      if (any_of(stream.inverse_sigma, is_too_heavy))
        throw InputError(
            fmt::format("{}: has a standard deviation below 1e-9 {}: must be 1e-9 or more",
                        files_.first_file().where(settings_.sigma_variable), kind.unit));
      const auto wrong = std::ranges::find_if(stream.value, is_wrong());
      if (wrong == stream.value.end()) return;
      const auto i = static_cast<std::size_t>(wrong - stream.value.begin());
      throw InputError(fmt::format(
          "{}: {:.6g} {} at {}: outside {} to {}; check the units",
          files_.first_file().where(settings_.variable), stream.value[i], kind.unit,
          time_.text(stream.times[i / lanes_ % stream.times.size()]), kind.lower, kind.upper));
    });
  }

  // Looks at all values, without leaving early: in vectors.
  template <class Values, class Test>
  static bool any_of(const Values& values, Test test) {
    unsigned found = 0;
    for (const auto value : values) found |= static_cast<unsigned>(test(value));
    return found != 0;
  }

  const Ranks& ranks_;
  const ObservationSettings& settings_;
  const ModelTime& time_;
  const Columns& columns_;
  std::size_t lanes_;
  const FileSeries& files_;
  std::vector<LevelChoice> levels_;
  std::size_t first_ = 0;
};

// Unused lanes have none.
std::int64_t count_values(const Stream& stream) {
  return std::ranges::count_if(stream.inverse_sigma, [](float inverse) { return inverse > 0.0F; });
}

} // namespace

void Stream::allocate(std::size_t n_column, std::size_t lanes) {
  const std::size_t size = (n_column + lanes - 1) / lanes * lanes * times.size();
  value.assign(size, std::nan(""));
  inverse_sigma.assign(size, 0.0F);
}

std::vector<char> columns_with_observations(const Observations& observations,
                                            std::size_t n_column) {
  std::vector<char> observed(n_column, 0);
  for (std::size_t s = 0; s < observations.streams.size(); ++s) {
    const Stream& stream = observations.streams[s];
    if (!stream.fitted()) continue;
    for (std::size_t c = 0; c < n_column; ++c)
      for (std::size_t k = 0; k < stream.times.size() && !observed[c]; ++k)
        observed[c] = stream.inverse_sigma[observations.position(s, c, k)] > 0.0F;
  }
  return observed;
}

Observations read_observations(const Reading& reading, const Soil& soil, InputFiles& files) {
  const Ranks& ranks = reading.ranks;
  const Settings& settings = reading.settings;
  const ModelTime& time = reading.time;
  const std::size_t lanes = reading.lanes;
  const Log& log = reading.log;
  Observations observations;
  observations.lanes = lanes;
  std::int64_t n_fitted = 0;
  bool any_fitted = false;
  const auto read_stream = [&](const ObservationSettings& stream_settings) {
    StreamReader reader(reading, stream_settings, files);
    Stream stream = reader.read(reading.memory);
    const std::int64_t n = ranks.sum(count_values(stream));
    log.info("observations {}: {} values{}", stream_settings.name, n,
             stream_settings.withhold ? ", withheld" : "");
    if (stream.fitted()) {
      any_fitted = true;
      n_fitted += n;
    }
    observations.schedules.push_back(make_schedule(stream, time, soil, top_of(settings)));
    observations.schedules.back().sensor = sensor_form(settings, stream_settings);
    observations.streams.push_back(std::move(stream));
  };
  Problems problems;
  for (const ObservationSettings& stream_settings : settings.observations)
    if (!stream_settings.file.empty()) collect(problems, [&] { read_stream(stream_settings); });
  problems.throw_if_any();
  if (any_fitted && n_fitted == 0)
    throw InputError(fmt::format("{}: no observation to be fitted lies in the window {} to {}",
                                 settings.file, time.text(0.0), time.text(time.length())));
  return observations;
}

Observations model_streams(const Settings& settings, const ModelTime& time, const Soil& soil) {
  Observations observations;
  for (const ObservationSettings& stream_settings : settings.observations) {
    Stream stream;
    stream.settings = stream_settings;
    if (stream_settings.stamp == Stamp::instant) {
      for (std::size_t n = 0; n <= time.n_step; ++n) {
        const double t = time.step * static_cast<double>(n);
        stream.times.push_back(t);
        stream.intervals.push_back({t, t});
      }
    } else {
      stream.interval = stream_settings.interval.value_or(time.step);
      const double steps = stream.interval / time.step;
      if (std::abs(steps - std::round(steps)) > 1e-6 || steps < 0.5)
        throw InputError(fmt::format("{} = {} s: must be a whole number of time steps of {} s",
                                     stream_settings.where("interval"), stream.interval,
                                     time.step));
      for (double begin = 0; begin + stream.interval <= time.length() + same_time;
           begin += stream.interval) {
        const TimeInterval interval{begin, begin + stream.interval};
        stream.intervals.push_back(interval);
        stream.times.push_back(stream_settings.stamp == Stamp::start ? interval.begin
                               : stream_settings.stamp == Stamp::end
                                   ? interval.end
                                   : 0.5 * (interval.begin + interval.end));
      }
    }
    observations.schedules.push_back(make_schedule(stream, time, soil, top_of(settings)));
    observations.schedules.back().sensor = sensor_form(settings, stream_settings);
    observations.streams.push_back(std::move(stream));
  }
  return observations;
}

} // namespace glebe
