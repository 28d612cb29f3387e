// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/run/observer_ad.hpp"
#include "glebe/physics/run/simulate_ad.hpp"
#include "glebe/simulation/block_runner.hpp"

#include <optional>
#include <vector>

namespace glebe {

/// The column model and its adjoint with all their memory, run there and back on one block of
/// columns after another. `problem` must have its forcing in as many lanes as Real, and outlive the
/// runner.
template <class Real>
class AdjointRunner {
public:
  /// Keeps as many steps at a time as fit into `bytes`. `with_change`: the model goes there with a
  /// tangent, for Gauss-Newton products.
  AdjointRunner(const ColumnProblem& problem, double bytes, bool with_change)
      : problem_(problem), soil_(problem.soil.view()),
        memory_(ColumnModel<Real>::memory_size(soil_, problem.schedule.layout)),
        model_(problem.form, soil_, problem.schedule, memory_.data()),
        memory_ad_(ColumnModelAd<Real>::memory_size(soil_, problem.schedule)),
        model_ad_(model_, memory_ad_.data()),
        shape_(problem.form, soil_, problem.observations.schedules),
        segments_(Segments::within<Real>(bytes, shape_, problem.time.n_step)),
        trajectory_memory_(Trajectory<Real>::memory_size(shape_, segments_)),
        trajectory_(model_, shape_, segments_, trajectory_memory_.data()),
        values_(problem.schedule.n_value()), change_(with_change ? values_.size() : 0),
        spin_up_memory_(2 * soil_.n_node()), next_piece_(n_stream()), returns_(n_stream()) {
    if (with_change) directions_.emplace(model_, change_.data());
    observer_memory_.resize(Observer<Real, int>::memory_size(n_stream(), with_change ? 1 : 0));
  }

  /// Runs `columns` side by side, as many as Real has lanes or fewer, with values [lane][n_value],
  /// and, if it was made so, their change along `change` [lane][n_value]. `sink` receives the model
  /// equivalents as Observer hands them out and afterwards says by `equivalent_ad()` what the
  /// result gains per unit of each: see ObserverAd. Returns the lanes without a solution.
  template <class Sink>
  Mask<Real> run(std::span<const std::size_t> columns, const double* values, const double* change,
                 Sink& sink) {
    pack(values, columns.size(), values_);
    if (directions_) pack(change, columns.size(), change_);
    const InputSeries<Real> forcing = input_series<Real>(problem_, columns, input_buffer_);
    const Mask<Real> settled = forwards(forcing, sink);
    backwards(forcing, sink.equivalent_ad());
    return model_.failed() || !settled;
  }

  /// The gradient of the result [n_value], after run().
  const Real* gradient() const { return model_ad_.values(); }

private:
  template <class Sink>
  struct Visitors {
    Trajectory<Real>& trajectory;
    Observer<Real, Sink>& observer;

    void start(const Inputs<Real>& F) { observer.start(F); }
    void step(std::size_t step) { trajectory.step(step); }
    void stage(std::size_t step, std::size_t stage, const Inputs<Real>& F) {
      trajectory.stage(step, stage, F);
      observer.stage(step, stage, F);
    }
  };

  template <class Forcing, class Sink>
  Mask<Real> forwards(const Forcing& forcing, Sink& sink) {
    const Tangents<Real> tangents = directions_ ? directions_->tangents() : Tangents<Real>{};
    model_.set_parameters(values_.data());
    model_.start();
    if (directions_) directions_->start();
    Mask<Real> settled(true);
    cycles_.clear();
    if (problem_.form.initial == Initial::spinup)
      settled = spin_up(model_, tangents, forcing, problem_.time.n_step, problem_.spin_up,
                        spin_up_memory_.data(),
                        [&](const Mask<Real>& now) { cycles_.keep(model_, now); });
    Observer<Real, Sink> observer(model_, tangents, problem_.observations.schedules, next_piece_,
                                  observer_memory_.data(), sink);
    simulate(model_, tangents, forcing, problem_.time.n_step,
             Visitors<Sink>{trajectory_, observer});
    return settled;
  }

  template <class Forcing>
  void backwards(const Forcing& forcing, const std::vector<const Real*>& equivalent_ad) {
    model_ad_.clear();
    ObserverAd<Real> observer(model_, model_ad_, problem_.observations.schedules, equivalent_ad,
                              returns_);
    simulate_ad(model_ad_, trajectory_, model_.scheme(), forcing, observer);
    spin_up_ad(model_, model_ad_, trajectory_, cycles_, forcing, spin_up_memory_.data());
    model_ad_.start();
  }

  std::size_t n_stream() const { return problem_.observations.schedules.size(); }

  const ColumnProblem& problem_;
  Soil soil_;
  std::vector<Real> memory_;
  ColumnModel<Real> model_;
  std::vector<Real> memory_ad_;
  ColumnModelAd<Real> model_ad_;
  RecordShape shape_;
  Segments segments_;
  std::vector<Real> trajectory_memory_;
  Trajectory<Real> trajectory_;
  std::vector<Real> values_, change_;
  std::optional<Directions<Real>> directions_;
  std::vector<float> input_buffer_;
  SpinUpCycles<Real> cycles_;
  std::vector<Real> spin_up_memory_;
  std::vector<Real> observer_memory_;
  std::vector<std::size_t> next_piece_;
  std::vector<StreamReturn<Real>> returns_;
};

} // namespace glebe
