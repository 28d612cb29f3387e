// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/conflicts.hpp"

#include "glebe/app/case/frost.hpp"
#include "glebe/app/case/thermometers.hpp"
#include "glebe/data/column_positions.hpp"
#include "glebe/data/input_average.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>

namespace glebe {

namespace {

using Values = std::vector<double>;

constexpr std::array exchange_parameters{Parameter::heat_transfer, Parameter::heat_transfer_wind,
                                         Parameter::latent_transfer, Parameter::roughness_length,
                                         Parameter::canopy_transfer};

// What is compared with the model: the streams of the run, and after them temperatures at a few
// nodes below the uppermost thermometer, at every step.
class Watch {
public:
  explicit Watch(const Case& inputs) {
    Settings of_nodes = inputs.settings;
    of_nodes.observations.clear();
    for (const double depth : depths(inputs)) {
      ObservationSettings node;
      node.kind = ObservationKind::soil_temperature;
      node.depth = depth;
      node.stamp = Stamp::instant;
      of_nodes.observations.push_back(node);
    }
    of_run_.lanes = inputs.observations.lanes;
    of_run_.schedules = inputs.observations.schedules;
    for (const Stream& stream : inputs.observations.streams)
      of_run_.streams.push_back(stream.without_values());
    all_ = of_run_;
    Observations nodes = model_streams(of_nodes, inputs.time, inputs.soil.view());
    std::ranges::move(nodes.streams, std::back_inserter(all_.streams));
    std::ranges::move(nodes.schedules, std::back_inserter(all_.schedules));
  }

  const Observations& of_run() const { return of_run_; }
  const Observations& all() const { return all_; }

private:
  static Values depths(const Case& inputs) {
    double uppermost = inputs.soil.depths().back();
    for (const Thermometer& one : thermometers_of(inputs))
      if (one.in_soil) uppermost = std::min(uppermost, one.depth);
    Values below;
    for (const double depth : inputs.soil.depths())
      if (depth > uppermost) below.push_back(depth);
    // A profile between so many of them would be a rare one.
    constexpr std::size_t most = 6;
    if (below.size() <= most) return below;
    Values some;
    for (std::size_t i = 0; i < most; ++i)
      some.push_back(below[i * (below.size() - 1) / (most - 1)]);
    return some;
  }

  Observations of_run_, all_;
};

class ConflictSearch {
public:
  ConflictSearch(const Case& inputs, const SolvedPoint& solved)
      : inputs_(inputs), solved_(solved), observations_(inputs.observations),
        columns_(solved.objective.columns_with_data()), given_(solved.values()),
        values_(tied_values(solved.problem().schedule, given_)),
        thermometers_(thermometers_of(inputs)),
        positions_(read_positions(inputs.settings.site, inputs.columns)), watch_(inputs),
        shapes_(inputs.observations.streams.size()) {
    found_.shape = Table<ResidualShape>(inputs.columns.n_local(), n_stream());
    found_.estimates.resize(inputs.columns.n_local());
    squares_ = Table<double>(inputs.columns.n_local(), n_stream(), std::nan(""));
    per_value_ = squares_;
    for (const Stream& stream : observations_.streams) {
      Values middles;
      for (const TimeInterval& interval : stream.intervals)
        middles.push_back(inputs.time.start.second_of_day + 0.5 * (interval.begin + interval.end));
      middles_.push_back(std::move(middles));
    }
  }

  Conflicts run() {
    agree_on_failure(inputs_.ranks, [&] { run_columns_twice(); });
    for (std::size_t s = 0; s < n_stream(); ++s)
      if (observations_.streams[s].has_values()) found_.misfits.push_back(misfit_of(s));
    found_.closure = closure_of(inputs_);
    return std::move(found_);
  }

private:
  std::size_t n_stream() const { return observations_.streams.size(); }

  // The second run has a stronger exchange, all knots of it in time, by a factor small enough for a
  // derivative and large beside what Newton's method leaves. Without exchange it is the same.
  void run_columns_twice() {
    const DenseMatrix given = given_(columns_, Eigen::all);
    DenseMatrix stronger = given;
    for (Eigen::Index run = 0; run < stronger.rows(); ++run) strengthen(stronger.row(run));
    const ColumnProblem& problem = solved_.problem();
    view_two_series({problem.with(inputs_.forcing, watch_.all()), given},
                    {problem.with(inputs_.forcing, watch_.of_run()), stronger}, columns_,
                    [&](std::size_t run, const RunSeries& model, const RunSeries& exchanging) {
                      look_at(columns_[run], model, exchanging);
                    });
  }

  // What follows another exchange parameter becomes stronger with that one; what follows anything
  // else, by its ratio.
  template <class Row>
  void strengthen(Row given) const {
    constexpr double factor = 1.01;
    const Ties& ties = solved_.problem().schedule.ties;
    const std::vector<std::size_t> exchange = exchange_values();
    for (const std::size_t value : exchange) {
      const Tie* tie = find_tie(ties, value);
      if (!tie || (tie->ratio == value && std::ranges::find(exchange, tie->of) == exchange.end()))
        given[Eigen::Index(value)] *= factor;
    }
  }

  std::vector<std::size_t> exchange_values() const {
    const ParameterSchedule& schedule = solved_.problem().schedule;
    std::vector<std::size_t> positions;
    for (const Parameter parameter : exchange_parameters) {
      positions.push_back(schedule.layout.position(parameter));
      if (const VaryingSlot* varying = schedule.find({parameter, 0}))
        for (std::size_t i = 0; i < varying->n_knot; ++i) positions.push_back(varying->first + i);
    }
    return positions;
  }

  void look_at(std::size_t c, const RunSeries& model, const RunSeries& exchanging) {
    for (std::size_t s = 0; s < n_stream(); ++s)
      if (observations_.streams[s].has_values()) look_at_stream(c, s, model[s], exchanging[s]);
    ColumnEstimates& column = found_.estimates[c];
    const Controls& controls = solved_.controls();
    for (std::size_t k = 0; k < controls.per_column(); ++k) {
      column.estimate.push_back(solved_.estimate(c, k));
      column.prior.push_back(
          controls.first_guess()(Eigen::Index(c), Eigen::Index(controls[k].value)));
      column.bound.push_back(solved_.posterior.at_bound(c, k));
    }
    column.measured = measured(c);
    for (std::size_t node = n_stream(); node < model.size(); ++node)
      for (const double value : model[node]) column.profile.include(value);
  }

  void look_at_stream(std::size_t c, std::size_t s, const Values& model, const Values& exchanging) {
    const Stream& stream = observations_.streams[s];
    const Values observed = observed_of(observations_, s, c);
    Values residual(model.size()), change(model.size());
    double squares = 0.0, count = 0.0;
    for (std::size_t k = 0; k < model.size(); ++k) {
      residual[k] = model[k] - observed[k];
      change[k] = exchanging[k] - model[k];
      if (std::isnan(residual[k])) continue;
      const double scaled =
          residual[k] * double(stream.inverse_sigma[observations_.position(s, c, k)]);
      squares += scaled * scaled;
      count += 1.0;
    }
    if (count == 0.0) return;
    squares_(c, s) = squares;
    per_value_(c, s) = squares / count;
    const bool in_soil = stream.settings.kind == ObservationKind::soil_temperature ||
                         (stream.settings.kind == ObservationKind::ground_heat_flux &&
                          stream.settings.depth.value_or(0.0) > 0.0);
    const double to_local =
        positions_[c].known() ? positions_[c].longitude / 360.0 * seconds_per_day : 0.0;
    found_.shape(c, s) =
        shapes_[s].of({middles_[s], residual, observed, change, in_soil, to_local});
  }

  // In the soil, at the surface and in the air.
  TemperatureRange measured(std::size_t c) const {
    TemperatureRange range;
    for (const Thermometer& one : thermometers_)
      for (const double value : one.values(c)) range.include(value);
    const InputTrack* air = find_track(inputs_.forcing, Input::air_temperature);
    if (!air) return range;
    const float* series = air->series_of(air->row_of(Input::air_temperature), c);
    for (std::size_t i = 0; i < air->n_record(); ++i) {
      const double time = air->record_times()[i];
      if (time >= 0.0 && time <= inputs_.time.length())
        range.include(double(series[i * air->stride()]));
    }
    return range;
  }

  // sqrt(2 lambda / (C omega)) of the horizon that a stream lies in; NaN where the properties are
  // not parameters.
  double damping_depth(std::size_t c, const ObservationSettings& stream) const {
    if (inputs_.settings.soil.properties != Properties::constant || !stream.depth)
      return std::nan("");
    const std::vector<double> bottoms = inputs_.soil.horizon_bottoms();
    const auto horizon = std::min<std::size_t>(
        std::size_t(std::ranges::lower_bound(bottoms, *stream.depth) - bottoms.begin()),
        bottoms.size() - 1);
    const ParameterLayout& layout = solved_.problem().schedule.layout;
    const auto value = [&](Parameter parameter) {
      return values_(Eigen::Index(c), Eigen::Index(layout.position(parameter, horizon)));
    };
    const double omega = 2.0 * std::numbers::pi / seconds_per_day;
    return std::sqrt(2.0 * value(Parameter::thermal_conductivity) /
                     (value(Parameter::heat_capacity) * omega));
  }

  // Medians over the columns, which of a single column are its own values.
  StreamMisfit misfit_of(std::size_t s) const {
    const Stream& stream = observations_.streams[s];
    const auto median_of = [&](auto of_column) {
      Values values;
      for (const std::size_t c : columns_) values.push_back(of_column(c));
      return median(inputs_.ranks, values);
    };
    const auto of_shape = [&](double ResidualShape::*member) {
      return median_of([&](std::size_t c) { return found_.shape(c, s).*member; });
    };
    StreamMisfit misfit{.stream = &stream.settings, .fitted = stream.fitted(), .shape = {}};
    for (std::size_t i = 0; i < shape_count; ++i) {
      misfit.shape.part.value[i] =
          median_of([&](std::size_t c) { return found_.shape(c, s).part.value[i]; });
      misfit.shape.alone.value[i] =
          median_of([&](std::size_t c) { return found_.shape(c, s).alone.value[i]; });
    }
    for (double ResidualShape::*member :
         {&ResidualShape::mean_square, &ResidualShape::offset, &ResidualShape::drift,
          &ResidualShape::lag, &ResidualShape::amplitude, &ResidualShape::depth,
          &ResidualShape::peak, &ResidualShape::peak_hour})
      misfit.shape.*member = of_shape(member);
    misfit.rmse = std::sqrt(misfit.shape.mean_square);
    misfit.squares = median_of([&](std::size_t c) { return squares_(c, s); });
    misfit.per_value = median_of([&](std::size_t c) { return per_value_(c, s); });
    misfit.damping_depth =
        median_of([&](std::size_t c) { return damping_depth(c, stream.settings); });
    misfit.local_solar = inputs_.ranks.any(std::ranges::any_of(positions_, &Position::known));
    return misfit;
  }

  const Case& inputs_;
  const SolvedPoint& solved_;
  const Observations& observations_;
  std::vector<std::size_t> columns_;
  DenseMatrix given_;  ///< [column][n_value], as runs take it
  DenseMatrix values_; ///< the same, with the values of what is tied
  std::vector<Thermometer> thermometers_;
  std::vector<Position> positions_;
  Watch watch_;
  std::vector<ShapeFinder> shapes_; ///< [stream]
  std::vector<Values> middles_; ///< [stream] of the intervals, since the midnight before the start
  Table<double> squares_, per_value_; ///< [column][stream] of (model - observation) / sigma
  Conflicts found_;
};

// A misfit twice as large as sigma has a reason, and its shape may tell it.
bool is_large(const StreamMisfit& misfit) {
  constexpr double far = 4.0, shaped = 0.2;
  double part = 0.0;
  for (const double one : misfit.shape.part.value) part += std::isnan(one) ? 0.0 : one;
  return misfit.fitted && misfit.per_value > far && part > shaped;
}

} // namespace

Conflicts look_for_conflicts(const Case& inputs, const SolvedPoint& solved) {
  return ConflictSearch(inputs, solved).run();
}

void name_conflicts(const Case& inputs, const SolvedPoint& solved, const VerdictContext& context,
                    Conflicts& conflicts) {
  std::vector<std::string> frost = frost_warnings(inputs);
  ConflictSummary summary(inputs.ranks, context, conflicts.misfits, !frost.empty());
  for (const std::size_t c : solved.objective.columns_with_data())
    if (!conflicts.estimates[c].estimate.empty()) summary.add(conflicts.estimates[c]);
  conflicts.lines = summary.lines(static_cast<std::int64_t>(inputs.columns.n_active()));
  const bool of_estimates = !conflicts.lines.empty();
  for (const StreamMisfit& misfit : conflicts.misfits)
    if (!std::isnan(misfit.rmse) && ((of_estimates && misfit.fitted) || is_large(misfit)))
      conflicts.lines.push_back(in_words(misfit));
  if (conflicts.closure)
    if (std::string line = in_words(*conflicts.closure); !line.empty())
      conflicts.lines.push_back(std::move(line));
  for (std::string& line : frost) conflicts.lines.push_back(std::move(line));
}

} // namespace glebe
