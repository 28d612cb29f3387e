// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/run/observer_ad.hpp"
#include "glebe/physics/run/simulate_ad.hpp"

#include "column_block_runner.hpp"

namespace glebe {

/// The adjoint runner of one kind of column.
template <ReversibleColumn C>
class ColumnAdjointRunner final : public AdjointRunner<typename C::Real> {
public:
  using Real = typename C::Real;

  ColumnAdjointRunner(const ColumnProblem& problem, double bytes, bool with_change)
      : problem_(problem), soil_(problem.soil.view()),
        column_(problem.form, soil_, problem.schedule), column_ad_(column_),
        layout_(problem.form, soil_, problem.observations.schedules),
        trajectory_(column_, layout_, Segments::within<C>(bytes, layout_, problem.time.n_step)),
        values_(problem.schedule), change_(with_change ? problem.schedule.n_value() : 0),
        gradient_(values_.any() ? values_.n_value() : 0),
        directions_(with_change ? Directions<C>(column_, change_.data())
                                : Directions<C>(column_, std::span<const Direction>{})),
        spin_up_(column_, directions_.tangents(), problem.spin_up),
        observer_(column_, directions_.tangents(), problem.observations.schedules),
        observer_ad_(column_, column_ad_, problem.observations.schedules) {}

  Mask<Real> run(std::span<const std::size_t> columns, const std::vector<Real>& values,
                 const std::vector<Real>& change, AdjointSink<Real>& sink) override {
    const Real* values_of_column = values_.of(values.data());
    if (!change_.empty()) values_.tangent(change.data(), change_.data());
    const InputSeries<Real> inputs = input_series<Real>(problem_.forcing, columns, input_buffers_);
    const Mask<Real> settled = forwards(values_of_column, inputs, sink);
    backwards(inputs, sink.equivalent_ad());
    if (values_.any()) values_.adjoint(column_ad_.values(), gradient_.data());
    return column_.failed() || !settled;
  }

  const Real* gradient() const override {
    return values_.any() ? gradient_.data() : column_ad_.values();
  }

private:
  // Keeps the run for the way back and observes it.
  struct Visitors {
    Trajectory<C>& trajectory;
    Observer<C>& observer;

    void start(const Inputs<Real>& F) { observer.start(F); }
    void step(std::size_t step) { trajectory.step(step); }
    void advance(std::size_t step, std::size_t stage, const Inputs<Real>& F) {
      trajectory.advance(step, stage, F);
    }
    void stage(std::size_t step, std::size_t stage, const Inputs<Real>& F) {
      observer.stage(step, stage, F);
    }
  };

  Mask<Real> forwards(const Real* values, const InputSeries<Real>& inputs,
                      EquivalentSink<Real>& sink) {
    start_column(column_, inputs, values);
    directions_.start();
    Mask<Real> settled(true);
    spin_up_ad_.clear();
    if (problem_.form.initial == Initial::spinup)
      settled = spin_up_.run(inputs, problem_.time.n_step,
                             [&](const Mask<Real>& now) { spin_up_ad_.keep(column_, now); });
    observer_.begin(sink);
    simulate(column_, directions_.tangents(), inputs, problem_.time.n_step,
             Visitors{trajectory_, observer_});
    return settled;
  }

  void backwards(const InputSeries<Real>& inputs, const std::vector<const Real*>& equivalent_ad) {
    column_ad_.clear();
    observer_ad_.begin(equivalent_ad);
    simulate_ad(column_, column_ad_, trajectory_, inputs, observer_ad_);
    spin_up_ad_.run(column_, column_ad_, trajectory_, inputs);
    column_ad_.start();
  }

  const ColumnProblem& problem_;
  Soil soil_;
  C column_;
  typename C::Adjoint column_ad_;
  typename C::CheckpointLayout layout_;
  Trajectory<C> trajectory_;
  TiedValues<Real> values_;
  std::vector<Real> change_;   ///< of the column's values
  std::vector<Real> gradient_; ///< by what is given, where values are tied
  Directions<C> directions_;
  SpinUpRun<C> spin_up_;
  SpinUpAd<C> spin_up_ad_;
  Observer<C> observer_;
  ObserverAd<C> observer_ad_;
  std::vector<std::vector<float>> input_buffers_;
};

} // namespace glebe
