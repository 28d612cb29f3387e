// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/input_checks.hpp"

#include "glebe/data/series_checks.hpp"
#include "glebe/data/sign_checks.hpp"
#include "glebe/data/solar_time.hpp"
#include "glebe/physics/constants.hpp"
#include "glebe/physics/laws/saturation.hpp"

#include <algorithm>
#include <cmath>

#include "input_records.hpp"

namespace glebe {

namespace {

using Values = std::vector<double>;

double emitted(double T) { return stefan_boltzmann * T * T * T * T; }

class InputChecks {
public:
  InputChecks(const Reading& reading, const Forcing& forcing, const Observations& observations,
              const std::vector<Position>& positions)
      : reading_(reading), observations_(observations), positions_(positions),
        n_column_(reading.columns.n_local()) {
    for (std::size_t i = 0; i < input_count; ++i)
      records_.value[i] = input_records(reading, forcing, static_cast<Input>(i));
    if (const auto& shortwave = records_[Input::shortwave])
      sun_.emplace(reading.time, shortwave->intervals);
    early_or_late_.assign(n_column_, 0);
    // The sun's place is computed for a thousand columns at most, evenly among all.
    constexpr std::size_t most = 1000;
    const std::size_t step = (reading.columns.n_active() + most - 1) / most;
    for (std::size_t c = 0; c < n_column_; ++c)
      with_sun_.push_back((reading.columns.first() + c) % step == 0 && positions[c].known());
  }

  std::vector<std::string> run() {
    check_times();
    check_series();
    check_observations();
    check_signs();
    return std::move(warnings_);
  }

private:
  const auto& measured(Input input) const {
    static const std::optional<InputRecords> none;
    const auto& records = records_[input];
    return records && records->measured ? records : none;
  }

  std::string name_of_input(Input input) const {
    for (const BoundarySettings& boundary : reading_.settings.boundaries)
      if (boundary.input() == input) return fmt::format("boundary {}", boundary.variable);
    const std::string& variable = reading_.settings.forcing.variable[input];
    return fmt::format("forcing {}{}", info(input).name,
                       variable.empty() ? "" : fmt::format(" ({})", variable));
  }

  // Of how many columns a warning speaks, where there are several.
  std::string of_columns(std::int64_t n, std::int64_t n_checked) const {
    if (reading_.columns.n_active() == 1) return "";
    return fmt::format(" in {} of {} columns", n, n_checked);
  }

  void check_times() {
    const auto& shortwave = measured(Input::shortwave);
    if (!shortwave) return;
    if (!reading_.ranks.any(std::ranges::any_of(positions_, &Position::known)))
      return reading_.log.info(
          "latitude and longitude are not known, from coordinates in the file or from &site: the "
          "times of the shortwave radiation are not compared with the sun");
    Values wrong;
    std::int64_t n_checked = 0, fewest_days = 1 << 30;
    for (std::size_t c = 0; c < n_column_; ++c) {
      if (!with_sun_[c]) continue;
      const auto error =
          solar_time_error(shortwave->values(c), *sun_, shortwave->interval, positions_[c]);
      if (!error) continue;
      ++n_checked;
      if (std::abs(error->hours) <= solar_time_tolerance) continue;
      early_or_late_[c] = 1;
      wrong.push_back(error->hours);
      fewest_days = std::min<std::int64_t>(fewest_days, error->days);
    }
    const std::int64_t n_wrong = reading_.ranks.sum(static_cast<std::int64_t>(wrong.size()));
    n_checked = reading_.ranks.sum(n_checked);
    fewest_days = -reading_.ranks.max(-fewest_days);
    const double hours = median(reading_.ranks, wrong);
    if (n_wrong == 0) return;
    const bool single = reading_.columns.n_active() == 1;
    const double longitude = single ? common_longitude() : std::nan("");
    warnings_.push_back(fmt::format(
        "{}{}: clear days are centred {:.2f} h {} solar noon ({}{} clear days): {}?",
        name_of_input(Input::shortwave), of_columns(n_wrong, n_checked), std::abs(hours),
        hours > 0 ? "after" : "before", single ? "" : "median; from at least ", fewest_days,
        likely_cause(hours, shortwave->stamp, shortwave->interval / 3600.0, longitude)));
  }

  // The longitude of a single column, on every rank.
  double common_longitude() const {
    double longitude = -1e3;
    for (const Position& position : positions_) longitude = position.longitude;
    return reading_.ranks.max(longitude);
  }

  WeatherFacts weather(std::size_t c) const {
    WeatherFacts facts;
    for (std::size_t i = 0; i < input_count; ++i)
      if (const auto& records = measured(static_cast<Input>(i)))
        facts.of.value[i] = facts_of(records->values(c), records->interval);
    add_sun(c, facts);
    const auto& air = measured(Input::air_temperature);
    if (!air) return facts;
    const Values T = air->values(c);
    if (measured(Input::longwave)) {
      double sum = 0.0;
      for (const double one : T) sum += emitted(one);
      facts.longwave_ratio = facts.of[Input::longwave].mean / (sum / static_cast<double>(T.size()));
    }
    const auto& humidity = measured(Input::humidity);
    const auto& pressure = records_[Input::pressure];
    if (!humidity || !pressure) return facts;
    const Values q = humidity->values(c), p = pressure->values(c);
    if (q.size() != T.size() || p.size() != T.size()) return facts;
    double held = 0.0, possible = 0.0;
    for (std::size_t i = 0; i < T.size(); ++i) {
      held += q[i];
      possible += saturation_humidity(T[i], p[i]).value;
    }
    facts.humidity_ratio = held / possible;
    return facts;
  }

  void add_sun(std::size_t c, WeatherFacts& facts) const {
    const auto& shortwave = measured(Input::shortwave);
    if (!shortwave || !with_sun_[c]) return;
    constexpr double well_below = -0.15; // cosine: nine degrees
    const Values values = shortwave->values(c);
    double sum = 0.0, light = 0.0, night = 0.0;
    std::size_t n_night = 0;
    facts.most_light = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double above = sun_->extraterrestrial(i, positions_[c]);
      sum += values[i];
      light += above;
      facts.most_light = std::max(facts.most_light, above);
      if (sun_->cos_zenith(i, positions_[c]) > well_below) continue;
      night += values[i];
      ++n_night;
    }
    if (light > 0.0) facts.clearness = sum / light;
    // Where the times are wrong, the night is not where the sun is down.
    constexpr std::size_t fewest = 6;
    if (n_night >= fewest && !early_or_late_[c])
      facts.night_shortwave = night / static_cast<double>(n_night);
  }

  void check_series() {
    const auto checks = input_checks();
    std::vector<std::int64_t> wrong(checks.size(), 0);
    for (std::size_t c = 0; c < n_column_; ++c) {
      const WeatherFacts facts = weather(c);
      for (std::size_t k = 0; k < checks.size(); ++k) {
        const SeriesFacts& own = facts.of[checks[k].input];
        wrong[k] += own.n > 0 && checks[k].wrong(own, facts);
      }
    }
    for (std::size_t k = 0; k < checks.size(); ++k)
      warn(name_of_input(checks[k].input), wrong[k], checks[k].what);
  }

  void warn(const std::string& name, std::int64_t n_here, const std::string& what) {
    const std::int64_t n = reading_.ranks.sum(n_here);
    if (n == 0) return;
    const auto n_active = static_cast<std::int64_t>(reading_.columns.n_active());
    warnings_.push_back(fmt::format("{}{}: {}", name, of_columns(n, n_active), what));
  }

  Values observed(std::size_t s, std::size_t c) const {
    const Stream& stream = observations_.streams[s];
    Values values(stream.times.size(), std::nan(""));
    for (std::size_t k = 0; k < values.size(); ++k)
      if (const std::size_t at = observations_.position(s, c, k); stream.inverse_sigma[at] > 0.0F)
        values[k] = stream.value[at];
    return values;
  }

  ObservationFacts observation_facts(std::size_t s, std::size_t c) const {
    const Stream& stream = observations_.streams[s];
    const Values values = observed(s, c);
    ObservationFacts facts;
    facts.of = facts_of(values, stream.times.size() < 2 ? 0.0 : regular_interval(stream.times));
    facts.depth = stream.settings.depth.value_or(0.0);
    const auto& air = measured(Input::air_temperature);
    if (!air || facts.of.n == 0) return facts;
    const Values T = air->values(c);
    facts.air = facts.air_longwave = 0.0;
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (std::isnan(values[k])) continue;
      const auto& [begin, end] = stream.intervals[k];
      const double now = value_at(air->intervals, T, 0.5 * (begin + end));
      facts.air += now / static_cast<double>(facts.of.n);
      facts.air_longwave += emitted(now) / static_cast<double>(facts.of.n);
    }
    return facts;
  }

  void check_observations() {
    const auto checks = observation_checks();
    for (std::size_t s = 0; s < observations_.streams.size(); ++s) {
      const Stream& stream = observations_.streams[s];
      std::vector<std::int64_t> wrong(checks.size(), 0);
      for (std::size_t c = 0; c < n_column_; ++c) {
        const ObservationFacts facts = observation_facts(s, c);
        for (std::size_t k = 0; k < checks.size(); ++k)
          wrong[k] +=
              checks[k].kind == stream.settings.kind && facts.of.n > 0 && checks[k].wrong(facts);
      }
      for (std::size_t k = 0; k < checks.size(); ++k)
        warn("observations " + stream.settings.name, wrong[k], checks[k].what);
    }
  }

  // Where nothing is measured of the sun, it is what stands above the atmosphere.
  SunDrive drive(std::size_t c, const std::vector<TimeInterval>& intervals) const {
    if (early_or_late_[c]) return {};
    if (const auto& shortwave = measured(Input::shortwave))
      return {shortwave->intervals, shortwave->values(c)};
    if (!with_sun_[c]) return {};
    const SunSeries sun(reading_.time, intervals);
    SunDrive above{intervals, {}};
    for (std::size_t i = 0; i < intervals.size(); ++i)
      above.values.push_back(sun.extraterrestrial(i, positions_[c]));
    return above;
  }

  // Warns of a flux whose values [column] stand for these intervals.
  template <class ValuesOf>
  void check_sign(const std::string& name, const SignRule& rule,
                  const std::vector<TimeInterval>& intervals, ValuesOf values_of) {
    Values wrong;
    const auto& air = measured(Input::air_temperature);
    for (std::size_t c = 0; c < n_column_; ++c) {
      if (air && facts_of(air->values(c), air->interval).mean < rule.coldest) continue;
      const SunDrive sun = drive(c, intervals);
      if (sun.values.empty()) continue;
      const double r = correlation_with_sun(intervals, values_of(c), sun, rule.largest_lag);
      if (r < rule.limit) wrong.push_back(r);
    }
    const double r = median(reading_.ranks, wrong);
    warn(name, static_cast<std::int64_t>(wrong.size()),
         fmt::format("falls when the sun rises (correlation {:.2f}); is it positive {}, as it must "
                     "be?",
                     r, rule.sign));
  }

  void check_signs() {
    for (std::size_t s = 0; s < observations_.streams.size(); ++s) {
      const Stream& stream = observations_.streams[s];
      const SignRule* rule = sign_rule(stream.settings.kind);
      if (!rule || stream.settings.depth.value_or(0.0) > rule->depth) continue;
      check_sign("observations " + stream.settings.name, *rule, stream.intervals,
                 [&](std::size_t c) { return observed(s, c); });
    }
    const BoundarySettings* top = reading_.settings.boundary_at(End::top);
    const auto& flux = measured(Input::top_heat_flux);
    const SignRule& rule = *sign_rule(ObservationKind::ground_heat_flux);
    if (flux && top && top->depth <= rule.depth)
      check_sign(name_of_input(Input::top_heat_flux), rule, flux->intervals,
                 [&](std::size_t c) { return flux->values(c); });
  }

  const Reading& reading_;
  const Observations& observations_;
  const std::vector<Position>& positions_;
  std::size_t n_column_;
  PerInput<std::optional<InputRecords>> records_;
  std::optional<SunSeries> sun_;    ///< of the shortwave radiation's records
  std::vector<char> with_sun_;      ///< [column]: compared with the sun
  std::vector<char> early_or_late_; ///< [column]: by what check_times found
  std::vector<std::string> warnings_;
};

} // namespace

std::vector<std::string> check_inputs(const Reading& reading, const Forcing& forcing,
                                      const Observations& observations,
                                      const std::vector<Position>& positions) {
  return InputChecks(reading, forcing, observations, positions).run();
}

} // namespace glebe
