// SPDX-License-Identifier: BSD-3-Clause
#include "paper_case.hpp"

#include "glebe/base/random.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/data/time_points.hpp"
#include "glebe/simulation/lane_width.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace glebe::bench {

namespace {

constexpr std::size_t n_node = 101, n_hour = 100;
constexpr double depth = 1.0, soil_depth = 0.05, sigma = 0.1, emissivity = 0.95, initial = 293.0;
constexpr std::array parameters{
    Parameter::thermal_conductivity, Parameter::heat_capacity, Parameter::albedo,
    Parameter::heat_transfer,        Parameter::bowen_ratio,   Parameter::deep_temperature};
constexpr Sought truth{0.8, 2.2e6, 0.2, 15.0, 1.5, 293.0};
constexpr Sought least{0.45, 2.0e6, 0.05, 5.0, 0.5, 290.0};
constexpr Sought greatest{0.8, 2.5e6, 0.5, 20.0, 5.0, 303.0};

// Of a clear day [W m-2]: half a sine from 7 to 21 h.
double shortwave_at(std::size_t hour) {
  const double of_day = static_cast<double>(hour % 24);
  if (of_day <= 7.0 || of_day >= 21.0) return 0.0;
  return 800.0 * std::sin(std::numbers::pi * (of_day - 7.0) / 14.0);
}

Forcing make_forcing(const ModelTime& time, std::size_t n_column) {
  std::vector<double> times;
  for (std::size_t hour = 0; hour <= n_hour; ++hour) times.push_back(3600.0 * double(hour));
  InputTrack track({Input::shortwave, Input::longwave, Input::air_temperature}, times,
                   input_points(time, times, Stamp::instant, 3600.0, "weather"), n_column,
                   lane_width());
  for (std::size_t column = 0; column < n_column; ++column)
    for (std::size_t hour = 0; hour <= n_hour; ++hour) {
      const std::size_t at = hour * track.stride();
      track.series_of(Input::shortwave, column)[at] = static_cast<float>(shortwave_at(hour));
      track.series_of(Input::longwave, column)[at] = 100.0F;
      track.series_of(Input::air_temperature, column)[at] = 296.0F;
    }
  track.pad_lanes();
  return Forcing({std::move(track)});
}

SoilGrid make_soil() {
  SoilGrid soil(stretched_nodes(depth, n_node, 1.0));
  soil.set_knots({0.0});
  return soil;
}

std::vector<Sought> first_guesses(std::size_t n_column) {
  std::vector<Sought> guesses(n_column);
  for (std::size_t c = 0; c < n_column; ++c)
    for (std::size_t k = 0; k < n_sought; ++k)
      guesses[c][k] = least[k] + (greatest[k] - least[k]) * random_uniform({11, k, c});
  return guesses;
}

} // namespace

PaperCase::PaperCase(std::size_t n_column)
    : n_column_(n_column), time_{Calendar::standard,
                                 {.year = 2000},
                                 3600.0,
                                 n_hour,
                                 Scheme::backward_euler},
      soil_(make_soil()), schedule_{soil_.layout(), {}}, forcing_(make_forcing(time_, n_column)),
      values_(Eigen::Index(n_column), Eigen::Index(schedule_.n_value())), observations_(observe()) {
  const std::vector<Sought> guesses = first_guesses(n_column);
  for (std::size_t c = 0; c < n_column; ++c) {
    const std::vector<double> values = values_of(guesses[c]);
    std::copy(values.begin(), values.end(), values_.row(Eigen::Index(c)).begin());
  }
}

std::vector<double> PaperCase::values_of(const Sought& of_sought) const {
  std::vector<double> values(schedule_.n_value(), 0.0);
  values[schedule_.layout.position(Parameter::emissivity)] = emissivity;
  values[schedule_.layout.position(Parameter::initial_temperature)] = initial;
  for (std::size_t k = 0; k < n_sought; ++k) values[positions()[k]] = of_sought[k];
  return values;
}

std::vector<std::size_t> PaperCase::positions() const {
  std::vector<std::size_t> positions;
  for (const Parameter parameter : parameters)
    positions.push_back(schedule_.layout.position(parameter));
  return positions;
}

std::vector<Direction> PaperCase::directions() const {
  std::vector<Direction> directions;
  for (const Parameter parameter : parameters) directions.push_back({{parameter}});
  return directions;
}

// What both thermometers would read of the truth, in all columns.
Observations PaperCase::observe() const {
  Settings settings;
  for (const double at : {0.0, soil_depth}) {
    ObservationSettings stream;
    stream.kind =
        at > 0.0 ? ObservationKind::soil_temperature : ObservationKind::surface_temperature;
    if (at > 0.0) stream.depth = at;
    settings.observations.push_back(stream);
  }
  Observations observed = model_streams(settings, time_, soil_.view());
  DenseMatrix true_values(Eigen::Index(n_column_), Eigen::Index(schedule_.n_value()));
  const std::vector<double> of_truth = values_of(truth);
  for (auto row : true_values.rowwise()) std::copy(of_truth.begin(), of_truth.end(), row.begin());
  const Series series = simulate_series(problem_with(observed), true_values);
  observed.lanes = lane_width();
  for (std::size_t s = 0; s < series.size(); ++s) {
    Stream& stream = observed.streams[s];
    stream.allocate(n_column_, observed.lanes);
    for (std::size_t k = 0; k < stream.times.size(); ++k)
      for (std::size_t c = 0; c < n_column_; ++c) {
        const std::size_t i = observed.position(s, c, k);
        stream.value[i] = series[s](Eigen::Index(k), Eigen::Index(c));
        stream.inverse_sigma[i] = static_cast<float>(1.0 / sigma);
      }
  }
  return observed;
}

ColumnProblem PaperCase::problem_with(const Observations& observations) const {
  ModelForm form;
  form.scheme = Scheme::backward_euler;
  form.bottom = Bottom::temperature;
  form.initial = Initial::profile;
  form.surface.longwave = Longwave::full;
  form.surface.turbulence = Turbulence::bowen;
  form.dt = time_.step;
  return {form, {}, soil_, schedule_, time_, forcing_, observations};
}

PlainCase PaperCase::plain() const {
  PlainCase plain;
  plain.n_node = n_node;
  plain.dz = depth / double(n_node - 1);
  plain.soil_node = static_cast<std::size_t>(std::lround(soil_depth / plain.dz));
  plain.dt = time_.step;
  plain.emissivity = emissivity;
  plain.initial = initial;
  // As Glebe keeps it, in single precision.
  plain.sigma = 1.0 / double(static_cast<float>(1.0 / sigma));
  for (std::size_t hour = 1; hour <= n_hour; ++hour) {
    plain.shortwave.push_back(double(static_cast<float>(shortwave_at(hour))));
    plain.longwave.push_back(100.0);
    plain.air_temperature.push_back(296.0);
    plain.surface.push_back(observations_.streams[0].value[observations_.position(0, 0, hour)]);
    plain.soil.push_back(observations_.streams[1].value[observations_.position(1, 0, hour)]);
  }
  plain.columns = first_guesses(n_column_);
  return plain;
}

} // namespace glebe::bench
