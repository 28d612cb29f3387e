// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/input_series.hpp"
#include "glebe/physics/run/observer.hpp"
#include "glebe/physics/run/spin_up.hpp"
#include "glebe/simulation/directions.hpp"
#include "glebe/simulation/runners.hpp"

namespace glebe {

/// The inputs of some columns side by side, as many as Real has lanes or fewer; they may lie in
/// `buffers`, one for each track and one for the water.
template <class Real>
InputSeries<Real> input_series(const Forcing& forcing, std::span<const std::size_t> columns,
                               std::vector<std::vector<float>>& buffers) {
  InputSeries<Real> series;
  buffers.resize(forcing.tracks().size() + 1);
  for (std::size_t i = 0; i < forcing.tracks().size(); ++i) {
    const InputTrack& track = forcing.tracks()[i];
    series.tracks.push_back({track.block(columns, buffers[i]), track.rows(), track.points()});
  }
  if (forcing.water()) {
    const auto& [track, depths] = *forcing.water();
    series.water = {track.block(columns, buffers.back()), depths, track.points()};
  }
  return series;
}

/// Sets the column out: with the parameters of the columns that it stands for, at the start.
template <Column C>
void start_column(C& column, const InputSeries<typename C::Real>& inputs,
                  const typename C::Real* values) {
  if constexpr (requires { column.set_water(inputs.water); })
    if (!inputs.water.depths.empty()) column.set_water(inputs.water);
  column.set_parameters(values);
  column.start(inputs.at(0));
}

/// The soil as a column sees it: with the modes of conduction where it asks what they suit.
template <Column C>
Soil view_for(const ColumnProblem& problem) {
  if constexpr (requires { C::suits(problem.form, problem.soil.view(), problem.schedule); })
    return problem.soil.view_with_modes(problem.form.top, problem.form.bottom);
  else
    return problem.soil.view();
}

/// The block runner of one kind of column.
template <Column C>
class ColumnBlockRunner final : public BlockRunner<typename C::Real> {
public:
  using Real = typename C::Real;

  ColumnBlockRunner(const ColumnProblem& problem, std::span<const Direction> directions)
      : problem_(problem), soil_(view_for<C>(problem)),
        column_(problem.form, soil_, problem.schedule), values_(problem.schedule),
        directions_(column_, directions),
        spin_up_(column_, directions_.tangents(), problem.spin_up),
        observer_(column_, directions_.tangents(), problem.observations.schedules) {}

  const std::vector<std::size_t>& order() const override { return directions_.order(); }

  Mask<Real> run(std::span<const std::size_t> columns, const std::vector<Real>& values,
                 EquivalentSink<Real>& sink) override {
    const InputSeries<Real> inputs = input_series<Real>(problem_.forcing, columns, input_buffers_);
    start_column(column_, inputs, values_.of(values.data()));
    directions_.set_point(values_);
    directions_.start();
    const std::size_t n_step = problem_.n_step();
    Mask<Real> settled(true);
    if (problem_.form.initial == Initial::spinup)
      settled = spin_up_.run(inputs, n_step, [](const Mask<Real>&) {});
    observer_.begin(sink);
    simulate(column_, directions_.tangents(), inputs, n_step, observer_);
    return column_.failed() || !settled;
  }

private:
  const ColumnProblem& problem_;
  Soil soil_;
  C column_;
  TiedValues<Real> values_;
  Directions<C> directions_;
  SpinUpRun<C> spin_up_;
  Observer<C> observer_;
  std::vector<std::vector<float>> input_buffers_;
};

} // namespace glebe
