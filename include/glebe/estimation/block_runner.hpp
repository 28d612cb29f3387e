// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/column_runs.hpp"
#include "glebe/estimation/directions.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

/// The column model and its tangents with all their memory, run on one block of columns after
/// another. `problem` must have its forcing in as many lanes as Real, and outlive the runner.
template <class Real>
class BlockRunner {
public:
  BlockRunner(const ColumnProblem& problem, std::span<const ParameterSlot> slots)
      : problem_(problem), soil_(problem.soil.view()), layout_(problem.soil.layout()),
        memory_(ColumnModel<Real>::memory_size(soil_.n_node())),
        model_(problem.form, soil_, layout_, memory_.data()), directions_(model_, slots),
        parameters_(layout_.size()), spin_up_memory_((1 + slots.size()) * soil_.n_node()),
        observer_memory_(observer_size(slots.size())),
        next_piece_(problem.observations.schedules.size()) {}

  /// Runs `columns` side by side, as many as Real has lanes or fewer, with parameters [lane][slot];
  /// `sink` receives the model equivalents as Observer hands them out. Returns the lanes without a
  /// solution. Lanes that are left repeat the last column.
  template <class Value, class Sink>
  Mask<Real> run(std::span<const std::size_t> columns, const Value* parameters, Sink& sink) {
    pack(parameters, columns.size());
    model_.set_parameters(parameters_.data());
    model_.start();
    directions_.start();
    const auto forcing = problem_.forcing.series<Real>(columns, forcing_buffer_);
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

  template <class Value>
  void pack(const Value* parameters, std::size_t n_column) {
    const auto value = [&](std::size_t slot, std::size_t lane) {
      return parameters[std::min(lane, n_column - 1) * layout_.size() + slot];
    };
    for (std::size_t slot = 0; slot < layout_.size(); ++slot) {
      if constexpr (lane_count<Real> == 1)
        parameters_[slot] = value(slot, 0);
      else
        parameters_[slot] = Real([&](auto lane) { return value(slot, lane); });
    }
  }

  const ColumnProblem& problem_;
  Soil soil_;
  ParameterLayout layout_;
  std::vector<Real> memory_;
  ColumnModel<Real> model_;
  Directions<Real> directions_;
  std::vector<Real> parameters_;
  std::vector<float> forcing_buffer_;
  std::vector<Real> spin_up_memory_;
  std::vector<Real> observer_memory_;
  std::vector<std::size_t> next_piece_;
};

} // namespace glebe
