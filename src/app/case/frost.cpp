// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/frost.hpp"

#include "glebe/app/case/thermometers.hpp"
#include "glebe/data/input_average.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace glebe {

namespace {

constexpr double freezing_point = 273.15;
constexpr double hour = 3600.0;
constexpr double upper_soil = 0.1; // [m] that freezes where the air is below 0 degC for days

bool uses(const Settings& settings, Parameter parameter) {
  return std::ranges::any_of(settings.parameters, [&](const ParameterSettings& given) {
    return given.name == parameter &&
           (given.estimate || !given.file.empty() ||
            std::ranges::any_of(given.value, [](double value) { return value != 0.0; }));
  });
}

bool has_snow(const Settings& settings) {
  return settings.forcing.has(Input::snow_depth) ||
         std::ranges::any_of(settings.inputs,
                             [](const InputSettings& input) { return input.name == "snow_depth"; });
}

// The largest of all columns on all ranks.
class FrostOfColumns {
public:
  explicit FrostOfColumns(const Case& inputs)
      : inputs_(inputs), ranks_(inputs.ranks), thermometers_(thermometers_of(inputs)) {
    for (const Thermometer& one : thermometers_) frost_.push_back(largest(one));
    if (const InputTrack* air = find_track(inputs.forcing, Input::air_temperature)) find_days(*air);
  }

  std::vector<std::string> warnings() const {
    std::vector<std::string> lines;
    if (inputs_.settings.soil.properties != Properties::freezing)
      if (const std::string signs = signs_of_frost(); !signs.empty())
        lines.push_back(fmt::format(
            "frost in the soil is possible, and the model has none (&soil properties = '{}'): {}; "
            "the heat of freezing would be taken for heat capacity: set properties = 'freezing', "
            "or "
            "take a window without frost",
            name_of(inputs_.settings.soil.properties, properties_names), signs));
    if (inputs_.settings.has_surface() && !has_snow(inputs_.settings))
      if (const std::string signs = signs_of_snow(); !signs.empty())
        lines.push_back(fmt::format(
            "snow is possible, and the model has none (no &forcing snow_depth{}): {}; it would "
            "insulate the soil and reflect the sun",
            uses(inputs_.settings, Parameter::cover_resistance) ? "" : ", no cover_resistance",
            signs));
    return lines;
  }

private:
  Frost largest(const Thermometer& thermometer) const {
    Frost all;
    for (std::size_t c = 0; c < inputs_.columns.n_local(); ++c) {
      const Frost one = frost_of(thermometer.times, thermometer.values(c));
      all.below = std::max(all.below, one.below);
      all.plateau = std::max(all.plateau, one.plateau);
    }
    return {ranks_.max(all.below), ranks_.max(all.plateau)};
  }

  void find_days(const InputTrack& air) {
    const std::size_t row = air.row_of(Input::air_temperature);
    ColdDays here;
    for (std::size_t c = 0; c < air.n_column(); ++c) {
      const float* series = air.series_of(row, c);
      std::vector<double> times, values;
      for (std::size_t i = 0; i < air.n_record(); ++i) {
        const double time = air.record_times()[i];
        if (time < 0.0 || time > inputs_.time.length()) continue;
        times.push_back(inputs_.time.start.second_of_day + time);
        values.push_back(double(series[i * air.stride()]));
      }
      const ColdDays one = cold_days_of(times, values);
      here.all = std::max(here.all, one.all);
      here.cold = std::max(here.cold, one.cold);
    }
    days_ = {ranks_.max(here.cold), ranks_.max(here.all)};
  }

  std::string most() const { return inputs_.columns.n_active() > 1 ? "up to " : ""; }

  std::string cold_air() const {
    return fmt::format(
        "the daily mean of the air temperature is below 0 degC on {}{:.0f} of {:.0f} "
        "days",
        most(), days_.cold, days_.all);
  }

  static void append(std::string& text, const std::string& part) {
    text += (text.empty() ? "" : "; ") + part;
  }

  std::string of_thermometers() const {
    std::string text;
    for (std::size_t i = 0; i < frost_.size(); ++i) {
      if (!thermometers_[i].in_soil) continue; // a surface freezes in many a clear night
      if (frost_[i].below > 0.0)
        append(text, fmt::format("{} is below 0 degC in {}{:.2g} % of its values",
                                 thermometers_[i].name, most(), 100.0 * frost_[i].below));
      else if (frost_[i].any())
        append(text, fmt::format("{} stays at 0 degC for {}{:.0f} h", thermometers_[i].name, most(),
                                 frost_[i].plateau));
    }
    return text;
  }

  // Where nothing is measured in the upper soil, it may freeze unseen.
  std::string signs_of_frost() const {
    std::string text = of_thermometers();
    const bool seen = std::ranges::any_of(thermometers_, [](const Thermometer& one) {
      return one.in_soil && one.depth <= upper_soil;
    });
    if (days_.cold > 0.0 && (!text.empty() || !seen))
      append(text, cold_air() + (seen ? "" : ", and nothing is measured in the upper 10 cm"));
    return text;
  }

  std::string signs_of_snow() const { return days_.cold > 0.0 ? cold_air() : ""; }

  const Case& inputs_;
  const Ranks& ranks_;
  std::vector<Thermometer> thermometers_;
  std::vector<Frost> frost_; ///< [thermometer]
  ColdDays days_;
};

} // namespace

bool Frost::any() const {
  constexpr double long_time = 48.0; // longer than a passing daily wave stays so near
  return below > 0.0 || plateau >= long_time;
}

Frost frost_of(std::span<const double> time, std::span<const double> value) {
  constexpr double clearly = 0.2, near = 0.25, longest_gap = 6.0 * hour;
  Frost result;
  double n = 0.0, since = 0.0, last = 0.0;
  bool at_zero = false;
  for (std::size_t k = 0; k < value.size(); ++k) {
    if (std::isnan(value[k])) continue;
    n += 1.0;
    result.below += value[k] < freezing_point - clearly;
    const bool goes_on = at_zero && time[k] - last <= longest_gap;
    at_zero = std::abs(value[k] - freezing_point) <= near;
    if (at_zero && !goes_on) since = time[k];
    if (at_zero) result.plateau = std::max(result.plateau, (time[k] - since) / hour);
    last = time[k];
  }
  if (n > 0.0) result.below /= n;
  return result;
}

ColdDays cold_days_of(std::span<const double> time, std::span<const double> value) {
  struct Day {
    double sum = 0.0, count = 0.0;
  };
  std::map<long, Day> days;
  double fullest = 0.0;
  for (std::size_t k = 0; k < value.size(); ++k) {
    if (std::isnan(value[k])) continue;
    Day& day = days[static_cast<long>(std::floor(time[k] / (24.0 * hour)))];
    day.sum += value[k];
    day.count += 1.0;
    fullest = std::max(fullest, day.count);
  }
  ColdDays result;
  for (const auto& [number, day] : days) {
    if (day.count < 0.5 * fullest) continue;
    result.all += 1.0;
    result.cold += day.sum / day.count < freezing_point;
  }
  return result;
}

std::vector<std::string> frost_warnings(const Case& inputs) {
  return FrostOfColumns(inputs).warnings();
}

} // namespace glebe
