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
  OwnedModel(const ModelForm& form, const Soil& soil_view, const ParameterLayout& layout)
      : soil(soil_view), memory(ColumnModel<Real>::memory_size(soil.n_node())),
        model(form, soil, layout, memory.data()) {}
  OwnedModel(const OwnedModel&) = delete;
  Soil soil;
  std::vector<Real> memory;
  ColumnModel<Real> model;
};

/// Model equivalents of all streams, in turn, and their derivatives [equivalent][direction].
template <class Real>
struct Equivalents {
  std::vector<Real> value;
  std::vector<std::vector<Real>> derivative;
};

struct ColumnCase {
  ModelForm form;
  SoilGrid grid{std::vector<double>{0, 1}};
  std::vector<float> records; ///< [record][variable]
  std::vector<ForcingPoint> points;
  std::size_t n_step = 0;
  std::vector<StreamSchedule> streams;
  SpinUp spin_up;

  template <class Real>
  Equivalents<Real> run(const std::vector<Real>& parameters,
                        const std::vector<ParameterSlot>& slots = {}) const {
    OwnedModel<Real> owned(form, grid.view(), grid.layout());
    owned.model.set_parameters(parameters.data());
    owned.model.start();
    Directions<Real> directions(owned.model, slots);
    directions.start();
    // Every lane sees the same forcing.
    std::vector<float> lanes;
    for (const float value : records) lanes.insert(lanes.end(), lane_count<Real>, value);
    const ForcingSeries<Real> forcing{lanes.data(), points};
    if (form.initial == Initial::spinup) {
      std::vector<Real> saved((1 + slots.size()) * owned.soil.n_node());
      glebe::spin_up(owned.model, directions.tangents(), forcing, n_step, spin_up, saved.data());
    }
    Equivalents<Real> result;
    const auto sink = [&](std::size_t, std::size_t, const Real* equivalent) {
      result.value.push_back(equivalent[0]);
      result.derivative.emplace_back(equivalent + 1, equivalent + 1 + slots.size());
    };
    std::vector<std::size_t> next(streams.size());
    std::vector<Real> memory(
        Observer<Real, decltype(sink)>::memory_size(streams.size(), slots.size()));
    Observer<Real, decltype(sink)> observer(owned.model, directions.tangents(), streams, next,
                                            memory.data(), sink);
    simulate(owned.model, directions.tangents(), forcing, n_step, observer);
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
