// SPDX-License-Identifier: BSD-3-Clause
#include "synthetic_region.hpp"

#include "glebe/base/random.hpp"
#include "glebe/data/time_points.hpp"
#include "glebe/simulation/lane_width.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace glebe {

namespace {

constexpr double sigma = 0.1; ///< of the observations [K]

double random_in(double lower, double upper, std::uint64_t what, std::size_t column) {
  return lower + (upper - lower) * random_uniform({what, column});
}

// Clear and cloudy days, warm and cold spells, and seasons, as strong as the column's number says.
class Weather {
public:
  explicit Weather(std::size_t column)
      : column_(column), mean_(random_in(279, 291, 1, column)),
        season_(random_in(4, 14, 2, column)), day_(random_in(3, 9, 3, column)),
        sun_(random_in(600, 900, 4, column)) {}

  Inputs<double> at(std::size_t hour) const {
    const double t = double(hour) / 24.0; // [d]
    const double summer = -std::cos(2.0 * std::numbers::pi * t / 365.0);
    const double noon = -std::cos(2.0 * std::numbers::pi * t);
    const double cloud = spell(5, t), warmth = 6.0 * (spell(6, t) - 0.5);
    const double height = std::max(0.0, noon + 0.3 * summer) / 1.3;
    const double air = mean_ + season_ * summer + day_ * (1.0 - 0.6 * cloud) * noon + warmth;
    return {sun_ * (1.0 - 0.7 * cloud) * (0.75 + 0.25 * summer) * height,
            230.0 + 90.0 * cloud + 4.0 * (air - 280.0),
            air,
            0.0,
            1e5,
            3.0};
  }

private:
  // In (0, 1), linear between the days.
  double spell(std::uint64_t what, double t) const {
    const auto day = static_cast<std::uint64_t>(t);
    const double w = t - double(day);
    return (1.0 - w) * random_uniform({what, column_, day}) +
           w * random_uniform({what, column_, day + 1});
  }

  std::size_t column_;
  double mean_, season_, day_, sun_;
};

struct EstimatedParameter {
  Parameter parameter;
  double lower, upper;
};
// Conductivity and heat capacity, or the parameters of wet soil that they depend on most.
constexpr std::array<EstimatedParameter, 5> estimated_of(const SoilForm& form) {
  const bool wet = form.properties != Properties::constant;
  return {{wet ? EstimatedParameter{Parameter::solid_conductivity, 1.5, 6.0}
               : EstimatedParameter{Parameter::thermal_conductivity, 0.2, 3.0},
           wet ? EstimatedParameter{Parameter::water_content, 0.08, 0.4}
               : EstimatedParameter{Parameter::heat_capacity, 0.8e6, 4e6},
           {Parameter::albedo, 0.05, 0.5},
           {Parameter::heat_transfer, 4.0, 40.0},
           {Parameter::deep_temperature, 270.0, 300.0}}};
}

ModelTime hours_from_new_year(std::size_t n_hour) {
  return {Calendar::noleap, {.year = 2001}, 3600.0, n_hour, Scheme::sdirk2};
}

} // namespace

SyntheticRegion::SyntheticRegion(const Ranks& ranks, const HorizontalGrid& grid, std::size_t n_hour,
                                 std::size_t n_node, SoilForm soil_form)
    : form(soil_form), columns(ranks, grid), time(hours_from_new_year(n_hour)),
      soil(stretched_nodes(2.0, n_node, 1.03)), forcing(make_forcing()),
      first_guess(make_parameters(false)), truth(make_parameters(true)),
      observations(observe(truth)) {}

Forcing SyntheticRegion::make_forcing() const {
  std::vector<double> times(time.n_step + 1);
  for (std::size_t hour = 0; hour <= time.n_step; ++hour) times[hour] = 3600.0 * double(hour);
  const std::size_t n = columns.n_local();
  InputTrack result({Input::shortwave, Input::longwave, Input::air_temperature}, times,
                    input_points(time, times, Stamp::instant, 3600.0, "weather"), n, lane_width());
  for (std::size_t column = 0; column < n; ++column) {
    const Weather weather(columns.first() + column);
    for (std::size_t hour = 0; hour <= time.n_step; ++hour) {
      const Inputs<double> F = weather.at(hour);
      for (const Input input : result.rows())
        result.series_of(input, column)[hour * result.stride()] = static_cast<float>(F[input]);
    }
  }
  result.pad_lanes();
  return Forcing({std::move(result)});
}

// The truth lies anywhere in the inner three quarters of the bounds, the first guess in their
// middle.
ParameterValues SyntheticRegion::make_parameters(bool true_ones) const {
  const std::array<EstimatedParameter, 5> estimated = estimated_of(form);
  ParameterValues values;
  values.schedule.layout = soil.layout();
  values.cells = columns.cells();
  values.first_guess.setZero(Eigen::Index(columns.n_local()),
                             Eigen::Index(values.schedule.n_value()));
  for (std::size_t column = 0; column < columns.n_local(); ++column) {
    const auto value = [&](Parameter parameter) -> double& {
      const std::size_t position = values.schedule.layout.position(parameter);
      return values.first_guess(Eigen::Index(column), Eigen::Index(position));
    };
    value(Parameter::emissivity) = 0.96;
    if (form.properties != Properties::constant)
      for (std::size_t p = 0; p < parameter_count; ++p)
        if (const double fixed = default_value(Parameter(p), form, {});
            parameter_table[p].place == Place::horizon && std::isfinite(fixed))
          value(Parameter(p)) = fixed;
    for (std::size_t k = 0; k < estimated.size(); ++k) {
      const auto [parameter, lower, upper] = estimated[k];
      const double place =
          true_ones ? random_in(0.125, 0.875, 100 + k, columns.first() + column) : 0.5;
      value(parameter) = lower + place * (upper - lower);
    }
  }
  for (const auto& [parameter, lower, upper] : estimated)
    values.controls.push_back({.slot = {parameter},
                               .value = values.schedule.layout.position(parameter),
                               .lower = lower,
                               .upper = upper});
  return values;
}

Observations SyntheticRegion::observe(const ParameterValues& values) const {
  Settings settings;
  for (const double depth : {0.0, 0.1}) {
    ObservationSettings stream;
    stream.kind = ObservationKind::soil_temperature;
    stream.depth = depth;
    settings.observations.push_back(stream);
  }
  Observations observed = model_streams(settings, time, soil.view());
  const Series series =
      simulate_series(problem_with(values.schedule, observed), values.first_guess);
  observed.lanes = lane_width();
  const std::size_t n = columns.n_local();
  for (std::size_t s = 0; s < series.size(); ++s) {
    Stream& stream = observed.streams[s];
    const std::size_t size = columns.n_block(observed.lanes) * observed.lanes;
    stream.value.assign(size * stream.times.size(), std::nan(""));
    stream.inverse_sigma.assign(stream.value.size(), 0.0F);
    for (std::size_t k = 0; k < stream.times.size(); ++k)
      for (std::size_t c = 0; c < n; ++c) {
        const std::size_t position = observed.position(s, c, k);
        stream.value[position] = series[s](Eigen::Index(k), Eigen::Index(c)) +
                                 sigma * random_normal(7, s, columns.first() + c, k);
        stream.inverse_sigma[position] = static_cast<float>(1.0 / sigma);
      }
  }
  return observed;
}

ColumnProblem SyntheticRegion::problem_with(const ParameterSchedule& schedule,
                                            const Observations& some) const {
  return {{Scheme::sdirk2,
           Bottom::temperature,
           Initial::uniform,
           {Longwave::absorbed, Turbulence::combined},
           time.step,
           Top::balance,
           false,
           form},
          {},
          soil,
          schedule,
          time,
          forcing,
          some};
}

} // namespace glebe
