// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/column_model_tl.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace glebe {

/// The tangent-linear directions of a model, packed into groups whose width the compiler knows, and
/// the memory they work on.
template <class Real>
class Directions {
public:
  static constexpr std::size_t widest = 6;

  /// `slots` must stand in the order of the parameter layout: conductivities and heat capacities
  /// come first. `model` must outlive the directions.
  Directions(const ColumnModel<Real>& model, std::span<const ParameterSlot> slots) {
    // As few groups as possible, as equal in width as possible.
    std::size_t n_group = (slots.size() + widest - 1) / widest;
    for (; n_group > 0; --n_group) {
      const std::size_t width = (slots.size() + n_group - 1) / n_group;
      add_group(model, slots.first(width), std::make_index_sequence<widest>{});
      slots = slots.subspan(width);
    }
    for (const auto& group : groups_) tangents_.push_back(group.get());
  }

  Tangents<Real> tangents() const { return tangents_; }
  void start() {
    for (Tangent<Real>* tangent : tangents_) tangent->start();
  }

private:
  // The number of soil directions is rounded up to none, two (of one horizon) or all.
  template <std::size_t... I>
  void add_group(const ColumnModel<Real>& model, std::span<const ParameterSlot> slots,
                 std::index_sequence<I...>) {
    std::size_t n_soil = 0;
    while (n_soil < slots.size() && info(slots[n_soil].parameter).place == Place::horizon) ++n_soil;
    const auto make = [&]<std::size_t Width, std::size_t Soil>() {
      using Group = ColumnModelTl<Real, Width, Soil>;
      memory_.emplace_back(Group::memory_size(model.soil()));
      groups_.push_back(std::make_unique<Group>(model, slots, memory_.back().data()));
    };
    const auto make_width = [&]<std::size_t Width>() {
      if (n_soil == 0)
        make.template operator()<Width, 0>();
      else if (n_soil <= 2)
        make.template operator()<Width, std::min<std::size_t>(Width, 2)>();
      else
        make.template operator()<Width, Width>();
    };
    ((slots.size() == I + 1 ? make_width.template operator()<I + 1>() : void()), ...);
  }

  std::vector<std::vector<Real>> memory_;
  std::vector<std::unique_ptr<Tangent<Real>>> groups_;
  std::vector<Tangent<Real>*> tangents_;
};

} // namespace glebe
