// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/verdict/causes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

constexpr std::array all_shapes{Shape::offset, Shape::drift,     Shape::lag,
                                Shape::depth,  Shape::amplitude, Shape::exchange};
// A misfit of a hundredth of sigma has no cause worth a word.
constexpr double least_per_value = 1e-4;

bool in_soil(const ObservationSettings& stream) {
  return stream.kind == ObservationKind::soil_temperature ||
         stream.kind == ObservationKind::ground_heat_flux;
}

std::string percent(double part) { return fmt::format("{:.0f} %", 100.0 * part); }

// What an error of this shape is an error of; exchange and drift are not of one stream alone.
std::string what_of(Shape shape, const ObservationSettings& stream) {
  switch (shape) {
  case Shape::offset:
    return fmt::format("a constant error of {} or of the energy balance", stream.name);
  case Shape::drift:
    return "a drift (water in the soil, plants, the initial or deep temperature)";
  case Shape::lag:
    return "the time stamps of " + stream.name;
  case Shape::depth:
    return "the depth of " + stream.name;
  case Shape::amplitude:
    return fmt::format("the amplitude of {} ({})", stream.name,
                       stream.kind == ObservationKind::ground_heat_flux
                           ? "the plate's calibration, heat stored above it"
                       : stream.kind == ObservationKind::net_radiation ? "albedo, shading"
                       : stream.kind == ObservationKind::sensible_heat ||
                               stream.kind == ObservationKind::latent_heat ||
                               stream.kind == ObservationKind::turbulent_heat
                           ? "a tower that does not close"
                           : "calibration, shading, absorbed radiation");
  case Shape::exchange:
    break;
  }
  return "the exchange with the air";
}

bool tells(const StreamMisfit& one) {
  return one.fitted && one.per_value > least_per_value &&
         !std::isnan(one.shape.part[Shape::offset]);
}

// The shape that explains most of the mean day, with those that explain nearly as much, had they
// been taken instead of it.
std::vector<Shape> first_of_day(const ResidualShape& found) {
  constexpr std::array daily{Shape::lag, Shape::depth, Shape::amplitude, Shape::exchange};
  constexpr double nearly = 0.9;
  const auto part = [&](Shape shape) {
    return std::isnan(found.part[shape]) ? 0.0 : found.part[shape];
  };
  std::vector<Shape> first{*std::ranges::max_element(daily, {}, part)};
  if (!(part(first[0]) > 0.0)) return {};
  for (const Shape shape : daily)
    if (shape != first[0] && found.alone[shape] > nearly * found.alone[first[0]])
      first.push_back(shape);
  return first;
}

struct Cause {
  std::string what;
  double part;
  bool phase; ///< a depth or a time, and no other error looks like it
};

bool is_phase(Shape shape) { return shape == Shape::lag || shape == Shape::depth; }

Cause cause_of(const StreamMisfit& misfit, Shape shape) {
  Cause cause{what_of(shape, *misfit.stream), misfit.shape.part[shape] * misfit.squares,
              is_phase(shape)};
  const std::vector<Shape> first = first_of_day(misfit.shape);
  if (first.size() < 2 || shape != first[0]) return cause;
  for (std::size_t i = 1; i < first.size(); ++i) {
    cause.what += " or " + what_of(first[i], *misfit.stream);
    cause.phase = cause.phase && is_phase(first[i]);
  }
  cause.what += ", which look alike here";
  return cause;
}

// Those of the fitted streams, the largest first; each part is one of their whole misfit.
std::vector<Cause> causes_of(std::span<const StreamMisfit> misfits, Sight sight) {
  const bool only_soil = sight == Sight::soil && std::ranges::any_of(misfits, [&](auto& one) {
                           return tells(one) && in_soil(*one.stream);
                         });
  std::vector<Cause> causes;
  double all = 0.0;
  for (const StreamMisfit& one : misfits) {
    if (!tells(one) || (only_soil && !in_soil(*one.stream))) continue;
    all += one.squares;
    for (const Shape shape : all_shapes) {
      Cause cause = cause_of(one, shape);
      if (std::isnan(cause.part)) continue;
      const auto same = std::ranges::find(causes, cause.what, &Cause::what);
      if (same != causes.end())
        same->part += cause.part;
      else
        causes.push_back(std::move(cause));
    }
  }
  for (Cause& cause : causes) cause.part /= all;
  std::erase_if(causes, [](const Cause& cause) { return cause.part < least_part; });
  std::ranges::stable_sort(causes, std::ranges::greater(), &Cause::part);
  constexpr std::size_t most = 3;
  if (causes.size() > most) causes.resize(most);
  return causes;
}

bool any_misfit(std::span<const StreamMisfit> misfits) {
  return std::ranges::any_of(misfits, tells);
}

std::string unit_of(const StreamMisfit& misfit) { return info(misfit.stream->kind).unit; }

std::string depth_in_words(const StreamMisfit& misfit) {
  const double deeper = misfit.shape.depth * misfit.damping_depth;
  const double millimetres = 1000.0 * std::abs(deeper);
  if (!(millimetres >= 0.05)) return "another depth of the sensor"; // or not known
  const std::string distance = millimetres < 10.0 ? fmt::format("{:.1f} mm", millimetres)
                                                  : fmt::format("{:.1f} cm", millimetres / 10.0);
  return fmt::format("another depth of the sensor ({}, by {} that the fit has not taken up)",
                     deeper > 0.0 ? "deeper" : "shallower", distance);
}

std::string shape_in_words(const StreamMisfit& misfit, Shape shape) {
  const ResidualShape& found = misfit.shape;
  switch (shape) {
  case Shape::offset:
    return fmt::format("a constant ({:+.2g} {})", found.offset, unit_of(misfit));
  case Shape::drift:
    return fmt::format("a drift ({:+.2g} {} a day)", found.drift, unit_of(misfit));
  case Shape::lag:
    return "a lag";
  case Shape::depth:
    return depth_in_words(misfit);
  case Shape::amplitude:
    return "an amplitude";
  case Shape::exchange:
    break;
  }
  return "the exchange with the air";
}

// What else looks like the first shape of the mean day.
std::string look_alikes(const StreamMisfit& misfit, Shape shape) {
  const std::vector<Shape> first = first_of_day(misfit.shape);
  if (first.size() < 2 || shape != first[0]) return "";
  std::string text = ", or as well of " + shape_in_words(misfit, first[1]);
  for (std::size_t i = 2; i < first.size(); ++i) text += " or " + shape_in_words(misfit, first[i]);
  return text;
}

std::string clock_time(double hour) {
  const long minutes = std::lround(60.0 * hour);
  return fmt::format("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
}

// "; on its mean day the model is 12 % too large, 25 min late, most wrong at 15:00 UTC (+1.3 K)".
std::string mean_day_in_words(const StreamMisfit& misfit) {
  const ResidualShape& found = misfit.shape;
  std::string text;
  constexpr double least_amplitude = 0.005, least_lag = 30.0;
  if (std::abs(found.amplitude - 1.0) > least_amplitude)
    text += fmt::format("{:.0f} % too {}, ", 100.0 * std::abs(found.amplitude - 1.0),
                        found.amplitude > 1.0 ? "large" : "small");
  if (std::abs(found.lag) > least_lag)
    text += fmt::format("{:.0f} min {}, ", std::abs(found.lag) / 60.0,
                        found.lag > 0.0 ? "late" : "early");
  return fmt::format("; on its mean day the model is {}most wrong at {} {} ({:+.2g} {})", text,
                     clock_time(found.peak_hour), misfit.local_solar ? "local solar time" : "UTC",
                     found.peak, unit_of(misfit));
}

} // namespace

std::string causes_in_words(std::span<const StreamMisfit> misfits, Sight sight) {
  std::string text;
  for (const Cause& cause : causes_of(misfits, sight))
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", cause.what, percent(cause.part));
  return text;
}

bool shows_phase(std::span<const StreamMisfit> misfits, Sight sight) {
  double part = 0.0;
  for (const Cause& cause : causes_of(misfits, sight)) part += cause.phase ? cause.part : 0.0;
  return part >= least_phase;
}

std::string likely_causes(std::span<const StreamMisfit> misfits, Sight sight) {
  if (!any_misfit(misfits)) return "";
  const std::string causes = causes_in_words(misfits, sight);
  if (causes.empty())
    return "; the residuals have none of the shapes of a wrong depth, time, amplitude or exchange";
  return "; likely, in the order of the residuals: " + causes;
}

std::string in_words(const StreamMisfit& misfit) {
  std::vector<Shape> shapes;
  for (const Shape shape : all_shapes)
    if (misfit.shape.part[shape] >= least_part) shapes.push_back(shape);
  std::ranges::stable_sort(shapes, std::ranges::greater(),
                           [&](Shape shape) { return misfit.shape.part[shape]; });
  std::string text;
  for (const Shape shape : shapes) {
    text += fmt::format("{}{} {}{}{}", text.empty() ? "" : ", ", percent(misfit.shape.part[shape]),
                        text.empty() ? "of the squared misfit has the shape of " : "of ",
                        shape_in_words(misfit, shape), look_alikes(misfit, shape));
  }
  if (text.empty())
    text =
        "the misfit has none of the shapes of an offset, a drift, a wrong depth, time, amplitude "
        "or exchange";
  if (misfit.shape.daily() >= least_part) text += mean_day_in_words(misfit);
  return fmt::format("residuals of {}, rmse {:.3g} {}: {}", misfit.stream->name, misfit.rmse,
                     unit_of(misfit), text);
}

} // namespace glebe
