// SPDX-License-Identifier: BSD-3-Clause
// One soil column with its forcing and observation streams, run in any number type: what the
// tests of the kernel are written in.
#pragma once

#include "glebe/grid/soil_grid.hpp"
#include "glebe/physics/input_series.hpp"
#include "glebe/physics/run/observer_ad.hpp"
#include "glebe/physics/run/simulate_ad.hpp"
#include "glebe/simulation/directions.hpp"

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
};

/// A model with its memory.
template <class Real>
struct OwnedModel {
  OwnedModel(const ModelForm& form, const Soil& soil_view, ParameterSchedule given)
      : soil(soil_view), schedule(std::move(given)),
        memory(ColumnModel<Real>::memory_size(soil, schedule.layout)),
        model(form, soil, schedule, memory.data()) {}
  OwnedModel(const ModelForm& form, const Soil& soil_view, const ParameterLayout& layout)
      : OwnedModel(form, soil_view, ParameterSchedule{layout, {}}) {}
  OwnedModel(const OwnedModel&) = delete;
  Soil soil;
  ParameterSchedule schedule;
  std::vector<Real> memory;
  ColumnModel<Real> model;
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
  std::size_t n_step = 0;
  std::vector<StreamSchedule> streams;
  SpinUp spin_up;

  ParameterSchedule schedule() const { return {grid.layout(), varying}; }

  /// Runs the case with these values [n_value] and directions, whose knots are those of `varying`.
  template <class Real>
  Equivalents<Real> run(const std::vector<Real>& values,
                        const std::vector<Direction>& directions = {}) const {
    OwnedModel<Real> owned(form, grid.view(), schedule());
    Directions<Real> groups(owned.model, directions);
    return run(owned, groups, directions.size(), values);
  }

  /// Runs the case with these values, all of which change at once [n_value].
  template <class Real>
  Equivalents<Real> run(const std::vector<Real>& values, const std::vector<Real>& change) const {
    OwnedModel<Real> owned(form, grid.view(), schedule());
    Directions<Real> groups(owned.model, change.data());
    return run(owned, groups, 1, values);
  }

  /// S^T w: the gradient [n_value] of the sum of w times the equivalents, by the adjoint, of which
  /// `bytes` may keep steps.
  template <class Real>
  std::vector<Real> run_ad(const std::vector<Real>& values, const std::vector<Real>& w,
                           double bytes) const {
    OwnedModel<Real> owned(form, grid.view(), schedule());
    ColumnModel<Real>& model = owned.model;
    const std::vector<float> in_lanes = records_in_lanes<Real>();
    const InputSeries<Real> forcing{in_lanes.data(), inputs, points};
    const RecordShape shape(form, owned.soil, streams);
    const auto segments = Segments::within<Real>(bytes, shape, n_step);
    std::vector<Real> kept(Trajectory<Real>::memory_size(shape, segments));
    Trajectory<Real> trajectory(model, shape, segments, kept.data());
    std::vector<Real> memory(ColumnModelAd<Real>::memory_size(owned.soil, owned.schedule));
    ColumnModelAd<Real> model_ad(model, memory.data());

    model.set_parameters(values.data());
    model.start();
    SpinUpCycles<Real> cycles;
    std::vector<Real> profile(owned.soil.n_node());
    if (form.initial == Initial::spinup)
      glebe::spin_up(model, {}, forcing, n_step, spin_up, profile.data(),
                     [&](const Mask<Real>& settled) { cycles.keep(model, settled); });
    simulate(model, {}, forcing, n_step, trajectory);

    std::vector<const Real*> equivalent_ad;
    for (const std::size_t first : first_equivalents()) equivalent_ad.push_back(w.data() + first);
    equivalent_ad.pop_back();
    std::vector<StreamReturn<Real>> returns(streams.size());
    model_ad.clear();
    simulate_ad(model_ad, trajectory, model.scheme(), forcing,
                ObserverAd<Real>(model, model_ad, streams, equivalent_ad, returns));
    spin_up_ad(model, model_ad, trajectory, cycles, forcing, profile.data());
    model_ad.start();
    return {model_ad.values(), model_ad.values() + owned.schedule.n_value()};
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
  std::vector<float> records_in_lanes() const {
    std::vector<float> lanes;
    for (const float value : records) lanes.insert(lanes.end(), lane_count<Real>, value);
    return lanes;
  }

  template <class Real>
  Equivalents<Real> run(OwnedModel<Real>& owned, Directions<Real>& groups, std::size_t n_direction,
                        const std::vector<Real>& values) const {
    owned.model.set_parameters(values.data());
    owned.model.start();
    groups.start();
    const std::vector<float> in_lanes = records_in_lanes<Real>();
    const InputSeries<Real> forcing{in_lanes.data(), inputs, points};
    if (form.initial == Initial::spinup) {
      std::vector<Real> saved((1 + n_direction) * owned.soil.n_node());
      glebe::spin_up(owned.model, groups.tangents(), forcing, n_step, spin_up, saved.data());
    }
    const std::vector<std::size_t> first = first_equivalents();
    Equivalents<Real> result;
    result.value.resize(first.back());
    result.derivative.resize(first.back());
    const auto sink = [&](std::size_t s, std::size_t k, std::span<const Real> equivalent) {
      result.value[first[s] + k] = equivalent[0];
      std::vector<Real>& derivative = result.derivative[first[s] + k];
      derivative.assign(n_direction, Real(0.0));
      for (std::size_t d = 0; d + 1 < equivalent.size(); ++d)
        derivative[groups.order()[d]] = equivalent[1 + d];
    };
    std::vector<std::size_t> next(streams.size());
    std::vector<Real> memory(
        Observer<Real, decltype(sink)>::memory_size(streams.size(), n_direction));
    Observer<Real, decltype(sink)> observer(owned.model, groups.tangents(), streams, next,
                                            memory.data(), sink);
    simulate(owned.model, groups.tangents(), forcing, n_step, observer);
    return result;
  }
};

/// The parameters of a column in the order of `layout`, from a value for each.
inline std::vector<double>
parameter_values(const ParameterLayout& layout,
                 const std::vector<std::pair<ParameterSlot, double>>& given) {
  std::vector<double> values(layout.size(), 0.0);
  for (const auto& [slot, value] : given)
    values[layout.position(slot.parameter, slot.index)] = value;
  return values;
}

} // namespace glebe::test
