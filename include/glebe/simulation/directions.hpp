// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/column.hpp"
#include "glebe/physics/columns/sensor_tangent.hpp"
#include "glebe/physics/columns/tangent.hpp"
#include "glebe/simulation/tied_values.hpp"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace glebe {

/// The tangent-linear directions of a column, packed into groups whose width the compiler knows.
/// Those with neighbouring first steps share a group, and the groups stand in the order of their
/// first steps.
template <Column C>
class Directions {
public:
  using Real = typename C::Real;
  /// Complex numbers carry a derivative of their own and are hardly ever run with tangents.
  static constexpr std::size_t widest = std::is_same_v<Real, Complex> ? 1 : 6;

  /// A unit change of each of `directions`, in any order; the soil parameters of one horizon next
  /// to each other make the fastest groups. A direction along which several tied values change has
  /// a group of its own. `column` must outlive this object.
  Directions(const C& column, std::span<const Direction> directions) {
    std::vector<std::vector<Term<Real>>> terms;
    for (const Direction& direction : directions)
      terms.push_back(terms_of(column.schedule(), direction));
    std::vector<std::size_t> first_step;
    for (const auto& of_one : terms) first_step.push_back(of_one[0].first_step());
    // What changes sensors alone comes first, in one group.
    for (std::size_t k = 0; k < terms.size(); ++k)
      if (is_of_sensor(directions[k])) order_.push_back(k);
    const std::size_t n_sensor = order_.size();
    for (std::size_t k = 0; k < terms.size(); ++k)
      if (terms[k].size() > 1) order_.push_back(k);
    const std::size_t n_front = order_.size();
    for (std::size_t k = 0; k < terms.size(); ++k)
      if (terms[k].size() == 1 && !is_of_sensor(directions[k])) order_.push_back(k);
    const auto others = std::span(order_).subspan(n_front);
    std::stable_sort(others.begin(), others.end(),
                     [&](std::size_t a, std::size_t b) { return first_step[a] < first_step[b]; });
    if (n_sensor > 0) add_sensors(std::span(order_).first(n_sensor), terms);
    for (std::size_t i = n_sensor; i < n_front; ++i)
      add_group<1, 1>(column, std::move(terms[order_[i]]));
    add_groups(column, others, terms);
  }

  /// One direction that changes every value of a column at once, by `change` [n_value], which must
  /// outlive this object, as must `column`.
  Directions(const C& column, const Real* change) : order_{0} {
    std::vector<Term<Real>> terms;
    for_each_slot(column.schedule(),
                  [&](const ParameterSlot& slot, const VaryingSlot* varying, std::size_t first) {
                    terms.push_back({{slot, varying}, change + first});
                  });
    add_group<1, 1>(column, std::move(terms));
  }

  /// Where values are tied, how they change along each direction depends on what is given: to be
  /// called when that has changed, before start(). `values` are those of the column.
  void set_point(const TiedValues<Real>& values) {
    if (tied_.empty()) return;
    std::vector<Real> unit(values.n_value(), Real(0.0));
    for (auto& [position, change] : tied_) {
      unit[position] = 1.0;
      values.tangent(unit.data(), change.data());
      unit[position] = 0.0;
    }
  }
  Tangents<Real> tangents() const { return tangents_; }
  /// The directions as they stand in the groups: order()[i] is the number of the i-th of them among
  /// those given.
  const std::vector<std::size_t>& order() const { return order_; }
  void start() {
    for (Tangent<Real>* tangent : tangents_) tangent->start();
  }

private:
  static bool is_of_sensor(const Direction& direction) {
    return info(direction.slot.parameter).place == Place::stream;
  }

  // Parameters of sensors are not tied: a term for each direction.
  void add_sensors(std::span<const std::size_t> group,
                   const std::vector<std::vector<Term<Real>>>& terms_of) {
    std::vector<Term<Real>> terms;
    for (const std::size_t k : group) terms.push_back(terms_of[k][0]);
    groups_.push_back(std::make_unique<SensorTangent<Real>>(std::move(terms)));
    tangents_.push_back(groups_.back().get());
  }

  /// A direction that changes tied values, or a factor: where it stands among what is given, and
  /// the change of all values along it.
  struct TiedDirection {
    std::size_t position;
    std::vector<Real> change; ///< [n_value]
  };

  // What changes along a direction: one parameter by one, unless others follow it.
  std::vector<Term<Real>> terms_of(const ParameterSchedule& schedule, const Direction& direction) {
    if (schedule.ties.empty()) return {{direction}};
    const std::size_t position = direction.position(schedule.layout);
    const std::vector<char> follows =
        values_that_follow(schedule.ties, position, schedule.n_value());
    if (is_value(schedule.ties, position) && std::count(follows.begin(), follows.end(), 1) == 1)
      return {{direction}};
    const Real* change =
        tied_.emplace_back(position, std::vector<Real>(schedule.n_value())).change.data();
    std::vector<Term<Real>> terms;
    for_each_slot(
        schedule, [&](const ParameterSlot& slot, const VaryingSlot* varying, std::size_t first) {
          const auto begin = follows.begin() + static_cast<std::ptrdiff_t>(first);
          if (std::count(begin, begin + std::ptrdiff_t(varying ? varying->n_knot : 1), 1) > 0)
            terms.push_back({{slot, varying}, change + first});
        });
    if (terms.empty()) terms.push_back({{direction.slot}, change + position}); // nothing takes it
    return terms;
  }

  // action(slot, how it varies, the first of its values)
  template <class Action>
  static void for_each_slot(const ParameterSchedule& schedule, Action action) {
    for (std::size_t p = 0; p < parameter_count; ++p)
      for (std::size_t i = 0; i < schedule.layout.count(Parameter(p)); ++i) {
        const ParameterSlot slot{Parameter(p), i};
        const VaryingSlot* varying = schedule.find(slot);
        action(slot, varying,
               varying ? varying->first : schedule.layout.position(slot.parameter, i));
      }
  }

  // As few groups as possible, as equal in width as possible, the soil's directions in front.
  void add_groups(const C& column, std::span<std::size_t> left,
                  const std::vector<std::vector<Term<Real>>>& terms_of) {
    for (std::size_t n_group = (left.size() + widest - 1) / widest; n_group > 0; --n_group) {
      const auto group = left.first((left.size() + n_group - 1) / n_group);
      left = left.subspan(group.size());
      std::stable_partition(group.begin(), group.end(),
                            [&](std::size_t k) { return terms_of[k][0].in_soil(); });
      std::vector<Term<Real>> terms;
      for (const std::size_t k : group) terms.push_back(terms_of[k][0]);
      add_group(column, std::move(terms), std::make_index_sequence<widest>{});
    }
  }

  // The number of soil directions is rounded up to none, two (of one horizon) or all.
  template <std::size_t... I>
  void add_group(const C& column, std::vector<Term<Real>> terms, std::index_sequence<I...>) {
    const auto n_soil = std::count_if(terms.begin(), terms.end(),
                                      [](const Term<Real>& term) { return term.in_soil(); });
    const auto make_width = [&]<std::size_t Width>() {
      if (n_soil == 0)
        add_group<Width, 0>(column, std::move(terms));
      else if (n_soil <= 2)
        add_group<Width, std::min<std::size_t>(Width, 2)>(column, std::move(terms));
      else
        add_group<Width, Width>(column, std::move(terms));
    };
    const std::size_t width = terms.size();
    ((width == I + 1 ? make_width.template operator()<I + 1>() : void()), ...);
  }

  template <std::size_t Width, std::size_t n_soil>
  void add_group(const C& column, std::vector<Term<Real>> terms) {
    using Group = typename C::template TangentGroup<Width, n_soil>;
    groups_.push_back(std::make_unique<Group>(column, std::move(terms)));
    tangents_.push_back(groups_.back().get());
  }

  std::vector<std::size_t> order_;
  std::vector<TiedDirection> tied_;
  std::vector<std::unique_ptr<Tangent<Real>>> groups_;
  std::vector<Tangent<Real>*> tangents_;
};

} // namespace glebe
