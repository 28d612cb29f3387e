// SPDX-License-Identifier: BSD-3-Clause
// How cases run in a kind of column: included where that kind is compiled.
#pragma once

#include "glebe/physics/run/observer.hpp"
#include "glebe/physics/run/observer_ad.hpp"
#include "glebe/physics/run/simulate_ad.hpp"
#include "glebe/physics/run/spin_up.hpp"
#include "glebe/simulation/directions.hpp"

#include "column_case.hpp"

namespace glebe::test {

/// The inputs of a case, which outlives it, the same in every lane.
template <class Real>
class CaseInputs {
public:
  explicit CaseInputs(const ColumnCase& run)
      : run_(run), records_(in_all_lanes(run.records)), water_(in_all_lanes(run.water)) {}

  InputSeries<Real> series() const {
    return {{{records_.data(), run_.inputs, run_.points}},
            {water_.data(), run_.water_depths, run_.water_points}};
  }

private:
  static std::vector<float> in_all_lanes(const std::vector<float>& values) {
    std::vector<float> lanes;
    for (const float value : values) lanes.insert(lanes.end(), lane_count<Real>, value);
    return lanes;
  }

  const ColumnCase& run_;
  std::vector<float> records_, water_;
};

/// Sets the column of a case out, at the start.
template <Column C>
void start_column(C& column, const ColumnCase& run, const InputSeries<typename C::Real>& series,
                  const std::vector<typename C::Real>& values) {
  if constexpr (requires { column.set_water(series.water); })
    if (run.form.soil.water_measured) column.set_water(series.water);
  column.set_parameters(values.data());
  column.start(series.at(0));
}

template <Column C, class Real = typename C::Real>
Equivalents<Real> run_with_tangents(const ColumnCase& run, C& column, Directions<C>& groups,
                                    std::size_t n_direction, const std::vector<Real>& values) {
  const CaseInputs<Real> inputs(run);
  const InputSeries<Real> series = inputs.series();
  start_column(column, run, series, values);
  groups.start();
  if (run.form.initial == Initial::spinup)
    SpinUpRun<C>(column, groups.tangents(), run.spin_up)
        .run(series, run.n_step, [](const Mask<Real>&) {});
  const std::vector<std::size_t> first = run.first_equivalents();
  Equivalents<Real> result;
  result.value.resize(first.back());
  result.derivative.resize(first.back());
  auto sink = make_sink<Real>([&](std::size_t s, std::size_t k, std::span<const Real> equivalent) {
    result.value[first[s] + k] = equivalent[0];
    std::vector<Real>& derivative = result.derivative[first[s] + k];
    derivative.assign(n_direction, Real(0.0));
    for (std::size_t d = 0; d + 1 < equivalent.size(); ++d)
      derivative[groups.order()[d]] = equivalent[1 + d];
  });
  Observer<C> observer(column, groups.tangents(), run.streams);
  observer.begin(sink);
  simulate(column, groups.tangents(), series, run.n_step, observer);
  return result;
}

template <Column C>
OwnedColumn<C> column_in_modes(const ColumnCase& run) {
  return {run.form, run.grid.view_with_modes(run.form.top, run.form.bottom), run.schedule()};
}

template <Column C>
Equivalents<typename C::Real> ColumnRun<C>::along(const ColumnCase& run,
                                                  const std::vector<Real>& values,
                                                  const std::vector<Direction>& directions) {
  OwnedColumn<C> owned = column_in_modes<C>(run);
  Directions<C> groups(owned.column, directions);
  return run_with_tangents(run, owned.column, groups, directions.size(), values);
}

template <Column C>
Equivalents<typename C::Real> ColumnRun<C>::along(const ColumnCase& run,
                                                  const std::vector<Real>& values,
                                                  const std::vector<Real>& change) {
  OwnedColumn<C> owned = column_in_modes<C>(run);
  Directions<C> groups(owned.column, change.data());
  return run_with_tangents(run, owned.column, groups, 1, values);
}

template <Column C>
std::vector<typename C::Real> ColumnRunAd<C>::gradient(const ColumnCase& run,
                                                       const std::vector<Real>& values,
                                                       const std::vector<Real>& w, double bytes) {
  OwnedColumn<C> owned(run.form, run.grid.view(), run.schedule());
  C& column = owned.column;
  const CaseInputs<Real> inputs(run);
  const InputSeries<Real> series = inputs.series();
  const typename C::CheckpointLayout layout(run.form, owned.soil, run.streams);
  Trajectory<C> trajectory(column, layout, Segments::within<C>(bytes, layout, run.n_step));
  typename C::Adjoint column_ad(column);

  start_column(column, run, series, values);
  SpinUpAd<C> spin_up_ad;
  if (run.form.initial == Initial::spinup)
    SpinUpRun<C>(column, {}, run.spin_up).run(series, run.n_step, [&](const Mask<Real>& settled) {
      spin_up_ad.keep(column, settled);
    });
  simulate(column, {}, series, run.n_step, trajectory);

  std::vector<const Real*> equivalent_ad;
  for (const std::size_t first : run.first_equivalents()) equivalent_ad.push_back(w.data() + first);
  equivalent_ad.pop_back();
  ObserverAd<C> observer_ad(column, column_ad, run.streams);
  column_ad.clear();
  observer_ad.begin(equivalent_ad);
  simulate_ad(column, column_ad, trajectory, series, observer_ad);
  spin_up_ad.run(column, column_ad, trajectory, series);
  column_ad.start();
  return {column_ad.values(), column_ad.values() + owned.schedule.n_value()};
}

} // namespace glebe::test
