// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/closure.hpp"

#include "glebe/data/input_average.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <span>

namespace glebe {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);
constexpr double deepest_plate = 0.1; // [m]; below, what is stored above it is no correction

// One flux of the balance: its value at time k of a column, NaN where it is missing.
using Flux = std::function<std::vector<double>(std::size_t)>;

// The stream of a kind that has values, the one of least depth; the same on every rank, whether it
// has columns or not.
std::size_t find_stream(const Observations& observations, ObservationKind kind) {
  std::size_t found = none;
  double least = deepest_plate;
  for (std::size_t s = 0; s < observations.streams.size(); ++s) {
    const Stream& stream = observations.streams[s];
    const double depth = stream.settings.depth.value_or(0.0);
    if (stream.settings.kind != kind || !stream.has_values() || depth > least) continue;
    if (found != none && depth == least) continue;
    found = s;
    least = depth;
  }
  return found;
}

class Balance {
public:
  explicit Balance(const Case& inputs) : inputs_(inputs), observations_(inputs.observations) {
    if (const std::size_t both = find(ObservationKind::turbulent_heat); both != none)
      add_turbulent(both);
    else if (const std::size_t sensible = find(ObservationKind::sensible_heat),
             latent = find(ObservationKind::latent_heat);
             sensible != none && latent != none) {
      add_turbulent(sensible);
      add_turbulent(latent);
    }
    if (turbulent_.empty() || !same_times_) return;
    net_radiation_ = flux_of(find(ObservationKind::net_radiation), Input::net_radiation);
    const std::size_t plate = find(ObservationKind::ground_heat_flux);
    ground_ = flux_of(plate, Input::top_heat_flux);
    const BoundarySettings* top = inputs.settings.boundary_at(End::top);
    plate_depth_ = plate != none ? observations_.streams[plate].settings.depth.value_or(0.0)
                   : top         ? top->depth
                                 : 0.0;
    if (plate == none && plate_depth_ > deepest_plate) ground_ = nullptr;
  }

  bool known() const { return net_radiation_ && ground_; }
  double plate_depth() const { return plate_depth_; }

  void add_to(Closure& closure) const {
    for (std::size_t c = 0; c < inputs_.columns.n_local(); ++c) {
      const std::vector<double> radiation = net_radiation_(c), ground = ground_(c);
      std::vector<double> turbulent(radiation.size(), 0.0);
      for (const Flux& flux : turbulent_) {
        const std::vector<double> one = flux(c);
        for (std::size_t k = 0; k < one.size(); ++k) turbulent[k] += one[k];
      }
      for (std::size_t k = 0; k < radiation.size(); ++k) {
        const Closure::Sums one{1.0, radiation[k], ground[k], turbulent[k]};
        if (!std::isfinite(one.missing())) continue;
        closure.hour[hour_of(k)] += one;
        if (one.net_radiation < 0.0) closure.night += one;
      }
    }
  }

private:
  std::size_t find(ObservationKind kind) const { return find_stream(observations_, kind); }

  const std::vector<TimeInterval>& intervals() const {
    return observations_.streams[first_].intervals;
  }

  std::size_t hour_of(std::size_t k) const {
    constexpr double hour = 3600.0;
    const double middle = 0.5 * (intervals()[k].begin + intervals()[k].end);
    const double of_day = std::fmod(inputs_.time.start.second_of_day + middle, seconds_per_day);
    return static_cast<std::size_t>(of_day / hour) % 24;
  }

  Flux of_stream(std::size_t s) const {
    return [this, s](std::size_t c) {
      const Stream& stream = observations_.streams[s];
      std::vector<double> values(stream.times.size(), std::nan(""));
      for (std::size_t k = 0; k < values.size(); ++k)
        if (const std::size_t i = observations_.position(s, c, k); stream.inverse_sigma[i] > 0.0F)
          values[k] = stream.value[i];
      return values;
    };
  }

  void add_turbulent(std::size_t s) {
    if (turbulent_.empty()) first_ = s;
    same_times_ = same_times_ && observations_.streams[s].intervals == intervals();
    turbulent_.push_back(of_stream(s));
  }

  // That of the stream where it has the same times, or else of the input.
  Flux flux_of(std::size_t s, Input input) const {
    if (s != none) return observations_.streams[s].intervals == intervals() ? of_stream(s) : Flux{};
    const InputTrack* track = find_track(inputs_.forcing, input);
    if (!track) return {};
    return [average = InputAverage(*track, input, intervals())](std::size_t c) {
      return average.of(c);
    };
  }

  const Case& inputs_;
  const Observations& observations_;
  std::size_t first_ = none; ///< the stream whose times all have
  bool same_times_ = true;
  std::vector<Flux> turbulent_;
  Flux net_radiation_, ground_;
  double plate_depth_ = 0.0;
};

void sum_over_ranks(const Ranks& ranks, Closure& closure) {
  std::vector<double> all;
  const auto for_each = [&](auto action) {
    for (Closure::Sums& one : closure.hour) action(one);
    action(closure.night);
  };
  for_each([&](const Closure::Sums& one) {
    all.insert(all.end(), {one.count, one.net_radiation, one.ground, one.turbulent});
  });
  ranks.sum(std::span(all));
  std::size_t i = 0;
  for_each([&](Closure::Sums& one) {
    one = {all[i], all[i + 1], all[i + 2], all[i + 3]};
    i += 4;
  });
}

// What loses or stores the missing heat, the more likely first.
std::string causes_of(const Closure& closure) {
  const std::string lost = "turbulent flux that the tower does not see";
  const std::string stored =
      closure.plate_depth > 0.0
          ? fmt::format("heat stored in the {:g} cm of soil above the plate, in canopy and air, or "
                        "time stamps that differ",
                        100.0 * closure.plate_depth)
          : "heat stored in canopy and air, or time stamps that differ";
  const auto phase = closure.phase();
  if (!phase) return fmt::format("likely {}, or {}", lost, stored);
  const auto [in_step, in_change] = *phase;
  if (std::abs(in_change) > std::abs(in_step))
    return fmt::format("it goes with the change of the net radiation, most in the {}: likely {}",
                       in_change > 0.0 ? "morning" : "afternoon", stored);
  return fmt::format("it goes with the net radiation: likely {}, then {}", lost, stored);
}

} // namespace

Closure::Sums& Closure::Sums::operator+=(const Sums& other) {
  count += other.count;
  net_radiation += other.net_radiation;
  ground += other.ground;
  turbulent += other.turbulent;
  return *this;
}

Closure::Sums Closure::Sums::operator-(const Sums& other) const {
  return {count - other.count, net_radiation - other.net_radiation, ground - other.ground,
          turbulent - other.turbulent};
}

double Closure::Sums::ratio() const {
  constexpr double least = 5.0;
  const double available = net_radiation - ground;
  return available > least * count ? turbulent / available : std::nan("");
}

Closure::Sums Closure::all() const {
  Sums sum;
  for (const Sums& one : hour) sum += one;
  return sum;
}

bool Closure::closes() const {
  const auto is_small = [](const Sums& sums) {
    return sums.count == 0.0 || std::abs(sums.mean_missing()) < small;
  };
  return is_small(all()) && is_small(night) && is_small(day());
}

std::optional<std::array<double, 2>> Closure::phase() const {
  double missing_c = 0, missing_s = 0, radiation_c = 0, radiation_s = 0;
  for (std::size_t h = 0; h < hour.size(); ++h) {
    if (hour[h].count == 0.0) return {};
    const double angle = 2.0 * std::numbers::pi * (double(h) + 0.5) / double(hour.size());
    const double missing = hour[h].mean_missing();
    const double radiation = hour[h].net_radiation / hour[h].count;
    missing_c += missing * std::cos(angle);
    missing_s += missing * std::sin(angle);
    radiation_c += radiation * std::cos(angle);
    radiation_s += radiation * std::sin(angle);
  }
  const double square = radiation_c * radiation_c + radiation_s * radiation_s;
  if (square == 0.0) return {};
  // The change of c cos + s sin is s cos - c sin.
  return std::array{(missing_c * radiation_c + missing_s * radiation_s) / square,
                    (missing_c * radiation_s - missing_s * radiation_c) / square};
}

std::optional<Closure> closure_of(const Case& inputs) {
  const Balance balance(inputs);
  if (!balance.known()) return {};
  Closure closure;
  closure.plate_depth = balance.plate_depth();
  balance.add_to(closure);
  sum_over_ranks(inputs.ranks, closure);
  if (closure.all().count == 0.0) return {};
  return closure;
}

std::string in_words(const Closure& closure) {
  if (closure.closes()) return "";
  const Closure::Sums all = closure.all(), day = closure.day();
  std::string text = "energy balance of the tower:";
  if (!std::isnan(all.ratio())) text += fmt::format(" H + LE is {:.2f} of Rn - G", all.ratio());
  if (!std::isnan(day.ratio())) text += fmt::format(" ({:.2f} by day)", day.ratio());
  text += std::isnan(all.ratio()) ? " " : "; ";
  if (day.count > 0.0) text += fmt::format("{:.0f} W m-2 missing by day", day.mean_missing());
  if (closure.night.count > 0.0)
    text += fmt::format("{}{:.0f} W m-2 by night", day.count > 0.0 ? ", " : "missing ",
                        closure.night.mean_missing());
  return fmt::format("{}; the observed fluxes do not close: the model, which does, cannot meet net "
                     "radiation, ground heat flux and H + LE at once; closed by the Bowen ratio, "
                     "H + LE is {:.2f} times what was measured; {}",
                     text, (all.net_radiation - all.ground) / all.turbulent, causes_of(closure));
}

} // namespace glebe
