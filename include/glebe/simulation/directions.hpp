// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/column.hpp"
#include "glebe/physics/columns/sensor_tangent.hpp"
#include "glebe/physics/columns/tangent.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
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
  static constexpr std::size_t widest = 6;

  /// A unit change of each of `directions`, in any order; the soil parameters of one horizon next
  /// to each other make the fastest groups. `column` must outlive this object.
  Directions(const C& column, std::span<const Direction> directions) : order_(directions.size()) {
    std::vector<std::size_t> first_step;
    for (const Direction& direction : directions) first_step.push_back(direction.first_step());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    // What changes sensors alone comes first, in one group.
    const auto rest = std::stable_partition(order_.begin(), order_.end(), [&](std::size_t k) {
      return info(directions[k].slot.parameter).place == Place::stream;
    });
    if (rest != order_.begin()) add_sensors({order_.begin(), rest}, directions);
    std::stable_sort(rest, order_.end(),
                     [&](std::size_t a, std::size_t b) { return first_step[a] < first_step[b]; });
    // As few groups as possible, as equal in width as possible, the soil's directions in front.
    auto left = std::span(rest, order_.end());
    for (std::size_t n_group = (left.size() + widest - 1) / widest; n_group > 0; --n_group) {
      const auto group = left.first((left.size() + n_group - 1) / n_group);
      left = left.subspan(group.size());
      std::stable_partition(group.begin(), group.end(), [&](std::size_t k) {
        return Term<Real>{directions[k]}.in_linear_soil();
      });
      std::vector<Term<Real>> terms;
      for (const std::size_t k : group) terms.push_back({directions[k]});
      add_group(column, std::move(terms), std::make_index_sequence<widest>{});
    }
  }

  /// One direction that changes every value of a column at once, by `change` [n_value], which must
  /// outlive this object, as must `column`.
  Directions(const C& column, const Real* change) : order_{0} {
    const ParameterSchedule& schedule = column.schedule();
    std::vector<Term<Real>> terms;
    for (std::size_t p = 0; p < parameter_count; ++p)
      for (std::size_t i = 0; i < schedule.layout.count(Parameter(p)); ++i) {
        const ParameterSlot slot{Parameter(p), i};
        const VaryingSlot* varying = schedule.find(slot);
        terms.push_back(
            {{slot, varying},
             change + (varying ? varying->first : schedule.layout.position(slot.parameter, i))});
      }
    add_group<1, 1>(column, std::move(terms));
  }

  Tangents<Real> tangents() const { return tangents_; }
  /// The directions as they stand in the groups: order()[i] is the number of the i-th of them among
  /// those given.
  const std::vector<std::size_t>& order() const { return order_; }
  void start() {
    for (Tangent<Real>* tangent : tangents_) tangent->start();
  }

private:
  void add_sensors(std::span<const std::size_t> group, std::span<const Direction> directions) {
    std::vector<Term<Real>> terms;
    for (const std::size_t k : group) terms.push_back({directions[k]});
    groups_.push_back(std::make_unique<SensorTangent<Real>>(std::move(terms)));
    tangents_.push_back(groups_.back().get());
  }

  // The number of soil directions is rounded up to none, two (of one horizon) or all.
  template <std::size_t... I>
  void add_group(const C& column, std::vector<Term<Real>> terms, std::index_sequence<I...>) {
    const auto n_soil = std::count_if(terms.begin(), terms.end(),
                                      [](const Term<Real>& term) { return term.in_linear_soil(); });
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
  std::vector<std::unique_ptr<Tangent<Real>>> groups_;
  std::vector<Tangent<Real>*> tangents_;
};

} // namespace glebe
