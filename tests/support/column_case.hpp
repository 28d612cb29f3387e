// SPDX-License-Identifier: BSD-3-Clause
// One soil column with its forcing and observation streams, run in any number type: what the
// tests of the kernel are written in.
#pragma once

#include "glebe/grid/soil_grid.hpp"
#include "glebe/physics/columns/linear_column.hpp"
#include "glebe/physics/input_series.hpp"
#include "glebe/physics/run/spin_up.hpp"
#include "glebe/physics/stream_schedule.hpp"

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

struct ColumnCase;

/// Runs cases in one kind of column. What they do is in column_run.hpp, compiled once for each kind
/// (support/*_runs.cpp): all widths of groups of directions in all number types take minutes.
template <Column C>
struct ColumnRun {
  using Real = typename C::Real;
  static Equivalents<Real> along(const ColumnCase& run, const std::vector<Real>& values,
                                 const std::vector<Direction>& directions);
  static Equivalents<Real> along(const ColumnCase& run, const std::vector<Real>& values,
                                 const std::vector<Real>& change);
};
template <Column C>
struct ColumnRunAd {
  using Real = typename C::Real;
  static std::vector<Real> gradient(const ColumnCase& run, const std::vector<Real>& values,
                                    const std::vector<Real>& w, double bytes);
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
    return ColumnRun<C>::along(*this, values, directions);
  }

  /// Runs the case with these values, all of which change at once [n_value].
  template <class Real, Column C = LinearColumn<Real>>
  Equivalents<Real> run(const std::vector<Real>& values, const std::vector<Real>& change) const {
    return ColumnRun<C>::along(*this, values, change);
  }

  /// S^T w: the gradient [n_value] of the sum of w times the equivalents, by the adjoint, of which
  /// `bytes` may keep steps.
  template <class Real, Column C = LinearColumn<Real>>
  std::vector<Real> run_ad(const std::vector<Real>& values, const std::vector<Real>& w,
                           double bytes) const {
    return ColumnRunAd<C>::gradient(*this, values, w, bytes);
  }

  /// Where the equivalents of each stream begin, and where all end.
  std::vector<std::size_t> first_equivalents() const {
    std::vector<std::size_t> first{0};
    for (const StreamSchedule& stream : streams)
      first.push_back(first.back() + stream.n_observation);
    return first;
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
