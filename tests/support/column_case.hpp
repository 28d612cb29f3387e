// SPDX-License-Identifier: BSD-3-Clause
// One soil column with its forcing and observation streams, run in any number type: what the
// tests of the kernel are written in.
#pragma once

#include "glebe/estimation/directions.hpp"
#include "glebe/grid/soil_grid.hpp"
#include "glebe/physics/observer.hpp"

#include <functional>
#include <vector>

namespace glebe::test {

/// Forcing given as a function of time [s], evaluated at the times of the stages.
struct AnalyticForcing {
  std::function<SurfaceForcing<double>(double)> at_time;
  const ModelForm& form;

  SurfaceForcing<double> at(std::size_t point) const {
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
  std::vector<float> records; ///< [record][variable]
  std::vector<ForcingPoint> points;
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

private:
  template <class Real>
  Equivalents<Real> run(OwnedModel<Real>& owned, Directions<Real>& groups, std::size_t n_direction,
                        const std::vector<Real>& values) const {
    owned.model.set_parameters(values.data());
    owned.model.start();
    groups.start();
    // Every lane sees the same forcing.
    std::vector<float> lanes;
    for (const float value : records) lanes.insert(lanes.end(), lane_count<Real>, value);
    const ForcingSeries<Real> forcing{lanes.data(), points};
    if (form.initial == Initial::spinup) {
      std::vector<Real> saved((1 + n_direction) * owned.soil.n_node());
      glebe::spin_up(owned.model, groups.tangents(), forcing, n_step, spin_up, saved.data());
    }
    std::vector<std::size_t> first{0};
    for (const StreamSchedule& stream : streams)
      first.push_back(first.back() + stream.n_observation);
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
  for (const auto& [slot, value] : given) values[layout.slot(slot.parameter, slot.index)] = value;
  return values;
}

} // namespace glebe::test
