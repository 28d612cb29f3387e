// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/input_series.hpp"
#include "glebe/physics/run/observer.hpp"
#include "glebe/simulation/column_problem.hpp"
#include "glebe/simulation/directions.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

/// Values [lane][n] of `n_column` columns side by side in `packed` [n]; lanes that are left repeat
/// the last column.
template <class Real, class Value>
void pack(const Value* values, std::size_t n_column, std::vector<Real>& packed) {
  for (std::size_t k = 0; k < packed.size(); ++k) {
    if constexpr (lane_count<Real> == 1)
      packed[k] = values[k];
    else
      packed[k] = Real([&](auto lane) {
        return values[std::min<std::size_t>(lane, n_column - 1) * packed.size() + k];
      });
  }
}

/// The inputs of some columns side by side, as many as Real has lanes or fewer; it may use
/// `buffer`. The forcing of `problem` must have as many lanes as Real.
template <class Real>
InputSeries<Real> input_series(const ColumnProblem& problem, std::span<const std::size_t> columns,
                               std::vector<float>& buffer) {
  return {problem.forcing.block(columns, buffer), problem.forcing.rows(), problem.forcing.points()};
}

/// The column model and its tangents with all their memory, run on one block of columns after
/// another. `problem` must have its forcing in as many lanes as Real, and outlive the runner.
template <class Real>
class BlockRunner {
public:
  BlockRunner(const ColumnProblem& problem, std::span<const Direction> directions)
      : problem_(problem), soil_(problem.soil.view()),
        memory_(ColumnModel<Real>::memory_size(soil_, problem.schedule.layout)),
        model_(problem.form, soil_, problem.schedule, memory_.data()),
        directions_(model_, directions), values_(problem.schedule.n_value()),
        spin_up_memory_((1 + directions.size()) * soil_.n_node()),
        observer_memory_(observer_size(directions.size())),
        next_piece_(problem.observations.schedules.size()) {}

  /// The directions in the order in which `sink` receives them: see Directions.
  const std::vector<std::size_t>& order() const { return directions_.order(); }

  /// Runs `columns` side by side, as many as Real has lanes or fewer, with values [lane][n_value];
  /// `sink` receives the model equivalents as Observer hands them out. Returns the lanes without a
  /// solution. Lanes that are left repeat the last column.
  template <class Value, class Sink>
  Mask<Real> run(std::span<const std::size_t> columns, const Value* values, Sink& sink) {
    pack(values, columns.size(), values_);
    model_.set_parameters(values_.data());
    model_.start();
    directions_.start();
    const InputSeries<Real> forcing = input_series<Real>(problem_, columns, input_buffer_);
    const std::size_t n_step = problem_.time.n_step;
    Mask<Real> settled(true);
    if (problem_.form.initial == Initial::spinup)
      settled = spin_up(model_, directions_.tangents(), forcing, n_step, problem_.spin_up,
                        spin_up_memory_.data());
    Observer<Real, Sink> observer(model_, directions_.tangents(), problem_.observations.schedules,
                                  next_piece_, observer_memory_.data(), sink);
    simulate(model_, directions_.tangents(), forcing, n_step, observer);
    return model_.failed() || !settled;
  }

private:
  std::size_t observer_size(std::size_t n_direction) const {
    struct AnySink {};
    return Observer<Real, AnySink>::memory_size(problem_.observations.schedules.size(),
                                                n_direction);
  }

  const ColumnProblem& problem_;
  Soil soil_;
  std::vector<Real> memory_;
  ColumnModel<Real> model_;
  Directions<Real> directions_;
  std::vector<Real> values_;
  std::vector<float> input_buffer_;
  std::vector<Real> spin_up_memory_;
  std::vector<Real> observer_memory_;
  std::vector<std::size_t> next_piece_;
};

} // namespace glebe
