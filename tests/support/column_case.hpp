// SPDX-License-Identifier: BSD-3-Clause
// One soil column with its forcing and observation streams, run in any number type: what the
// tests of the kernel are written in.
#pragma once

#include "glebe/grid/soil_grid.hpp"
#include "glebe/physics/columns/linear_column_ad.hpp"
#include "glebe/physics/columns/linear_column_tl.hpp"
#include "glebe/physics/input_series.hpp"
#include "glebe/physics/run/observer.hpp"
#include "glebe/physics/run/observer_ad.hpp"
#include "glebe/physics/run/simulate_ad.hpp"
#include "glebe/physics/run/spin_up.hpp"
#include "glebe/simulation/directions.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace glebe::test {

/// Forcing given as a function of time [s], evaluated at the times of the stages.
struct AnalyticForcing {
  std::function<Inputs<double>(double)> at_time;
  const ModelForm& form;

  Inputs<double> at(std::size_t point) const {
    const SchemeTable scheme = table(form.scheme);
    if (point == 0) return at_time(0.0);
    const std::size_t step = (point - 1) / scheme.n_stage;
    const double stage = scheme.abscissa[(point - 1) % scheme.n_stage];
    return at_time((static_cast<double>(step) + stage) * form.dt);
  }
  void read(std::size_t point, Inputs<double>& F) const { F = at(point); }
};

/// A column with what it views.
template <Column C>
struct OwnedColumn {
  OwnedColumn(const ModelForm& form, const Soil& soil_view, ParameterSchedule given)
      : soil(soil_view), schedule(std::move(given)), column(form, soil, schedule) {}
  OwnedColumn(const ModelForm& form, const Soil& soil_view, const ParameterLayout& layout)
      : OwnedColumn(form, soil_view, ParameterSchedule{layout, {}}) {}
  Soil soil;
  ParameterSchedule schedule;
  C column;
};

/// Unit changes of parameters that are constant in time.
inline std::vector<Direction> constant(const std::vector<ParameterSlot>& slots) {
  std::vector<Direction> directions;
  for (const ParameterSlot& slot : slots) directions.push_back({slot});
  return directions;
}

/// Model equivalents of all streams, one stream after the other, and their derivatives
/// [equivalent][direction].
template <class Real>
struct Equivalents {
  std::vector<Real> value;
  std::vector<std::vector<Real>> derivative;
};

struct ColumnCase {
  ModelForm form;
  SoilGrid grid{std::vector<double>{0, 1}};
  std::vector<VaryingSlot> varying;
  std::vector<Input> inputs;
  std::vector<float> records; ///< [record][input]
  std::vector<InputPoint> points;
  std::vector<double> water_depths;
  std::vector<float> water; ///< [record][depth], where the form has it measured
  std::vector<InputPoint> water_points;
  std::size_t n_step = 0;
  std::vector<StreamSchedule> streams;
  std::size_t n_sensor = 0; ///< streams with places for the parameters of a sensor
  SpinUp spin_up;

  ParameterLayout layout() const {
    ParameterLayout layout = grid.layout();
    layout.n_stream = n_sensor;
    return layout;
  }
  ParameterSchedule schedule() const { return {layout(), varying}; }

  /// Runs the case with these values [n_value] and directions, whose knots are those of `varying`.
  template <class Real, Column C = LinearColumn<Real>>
  Equivalents<Real> run(const std::vector<Real>& values,
                        const std::vector<Direction>& directions = {}) const {
    OwnedColumn<C> owned(form, grid.view_with_modes(form.top, form.bottom), schedule());
    Directions<C> groups(owned.column, directions);
    return run(owned.column, groups, directions.size(), values);
  }

  /// Runs the case with these values, all of which change at once [n_value].
  template <class Real, Column C = LinearColumn<Real>>
  Equivalents<Real> run(const std::vector<Real>& values, const std::vector<Real>& change) const {
    OwnedColumn<C> owned(form, grid.view_with_modes(form.top, form.bottom), schedule());
    Directions<C> groups(owned.column, change.data());
    return run(owned.column, groups, 1, values);
  }

  /// S^T w: the gradient [n_value] of the sum of w times the equivalents, by the adjoint, of which
  /// `bytes` may keep steps.
  template <class Real, Column C = LinearColumn<Real>>
  std::vector<Real> run_ad(const std::vector<Real>& values, const std::vector<Real>& w,
                           double bytes) const {
    OwnedColumn<C> owned(form, grid.view(), schedule());
    C& column = owned.column;
    const std::vector<float> in_lanes = in_all_lanes<Real>(records);
    const std::vector<float> water_in_lanes = in_all_lanes<Real>(water);
    const InputSeries<Real> series{{{in_lanes.data(), inputs, points}},
                                   {water_in_lanes.data(), water_depths, water_points}};
    if constexpr (requires { column.set_water(series.water); })
      if (form.soil.water_measured) column.set_water(series.water);
    const typename C::CheckpointLayout layout(form, owned.soil, streams);
    Trajectory<C> trajectory(column, layout, Segments::within<C>(bytes, layout, n_step));
    typename C::Adjoint column_ad(column);

    column.set_parameters(values.data());
    column.start(series.at(0));
    SpinUpAd<C> spin_up_ad;
    if (form.initial == Initial::spinup)
      SpinUpRun<C>(column, {}, spin_up).run(series, n_step, [&](const Mask<Real>& settled) {
        spin_up_ad.keep(column, settled);
      });
    simulate(column, {}, series, n_step, trajectory);

    std::vector<const Real*> equivalent_ad;
    for (const std::size_t first : first_equivalents()) equivalent_ad.push_back(w.data() + first);
    equivalent_ad.pop_back();
    ObserverAd<C> observer_ad(column, column_ad, streams);
    column_ad.clear();
    observer_ad.begin(equivalent_ad);
    simulate_ad(column, column_ad, trajectory, series, observer_ad);
    spin_up_ad.run(column, column_ad, trajectory, series);
    column_ad.start();
    return {column_ad.values(), column_ad.values() + owned.schedule.n_value()};
  }

  /// Where the equivalents of each stream begin, and where all end.
  std::vector<std::size_t> first_equivalents() const {
    std::vector<std::size_t> first{0};
    for (const StreamSchedule& stream : streams)
      first.push_back(first.back() + stream.n_observation);
    return first;
  }

private:
  // Every lane sees the same forcing.
  template <class Real>
  static std::vector<float> in_all_lanes(const std::vector<float>& values) {
    std::vector<float> lanes;
    for (const float value : values) lanes.insert(lanes.end(), lane_count<Real>, value);
    return lanes;
  }

  template <Column C, class Real = typename C::Real>
  Equivalents<Real> run(C& column, Directions<C>& groups, std::size_t n_direction,
                        const std::vector<Real>& values) const {
    const std::vector<float> in_lanes = in_all_lanes<Real>(records);
    const std::vector<float> water_in_lanes = in_all_lanes<Real>(water);
    const InputSeries<Real> series{{{in_lanes.data(), inputs, points}},
                                   {water_in_lanes.data(), water_depths, water_points}};
    if constexpr (requires { column.set_water(series.water); })
      if (form.soil.water_measured) column.set_water(series.water);
    column.set_parameters(values.data());
    column.start(series.at(0));
    groups.start();
    if (form.initial == Initial::spinup)
      SpinUpRun<C>(column, groups.tangents(), spin_up).run(series, n_step, [](const Mask<Real>&) {
      });
    const std::vector<std::size_t> first = first_equivalents();
    Equivalents<Real> result;
    result.value.resize(first.back());
    result.derivative.resize(first.back());
    auto sink =
        make_sink<Real>([&](std::size_t s, std::size_t k, std::span<const Real> equivalent) {
          result.value[first[s] + k] = equivalent[0];
          std::vector<Real>& derivative = result.derivative[first[s] + k];
          derivative.assign(n_direction, Real(0.0));
          for (std::size_t d = 0; d + 1 < equivalent.size(); ++d)
            derivative[groups.order()[d]] = equivalent[1 + d];
        });
    Observer<C> observer(column, groups.tangents(), streams);
    observer.begin(sink);
    simulate(column, groups.tangents(), series, n_step, observer);
    return result;
  }
};

/// The parameters of a column in the order of `layout`: the values given, for the others their
/// default, or zero where they have none.
inline std::vector<double>
parameter_values(const ParameterLayout& layout,
                 const std::vector<std::pair<ParameterSlot, double>>& given) {
  std::vector<double> values(layout.size(), 0.0);
  for (std::size_t p = 0; p < parameter_count; ++p)
    if (const double value = default_value(Parameter(p), {}, {}); !std::isnan(value))
      std::fill_n(values.begin() + std::ptrdiff_t(layout.position(Parameter(p))),
                  layout.count(Parameter(p)), value);
  for (const auto& [slot, value] : given)
    values[layout.position(slot.parameter, slot.index)] = value;
  return values;
}

} // namespace glebe::test
