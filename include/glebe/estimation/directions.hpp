// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/column_model_tl.hpp"

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
    std::size_t n_soil = 0;
    while (n_soil < slots.size() && info(slots[n_soil].parameter).place == Place::horizon) ++n_soil;
    add<true>(model, slots.first(n_soil));
    add<false>(model, slots.subspan(n_soil));
    for (const auto& group : groups_) tangents_.push_back(group.get());
  }

  Tangents<Real> tangents() const { return tangents_; }
  void start() {
    for (Tangent<Real>* tangent : tangents_) tangent->start();
  }

private:
  // As few groups as possible, as equal in width as possible.
  template <bool in_soil>
  void add(const ColumnModel<Real>& model, std::span<const ParameterSlot> slots) {
    std::size_t n_group = (slots.size() + widest - 1) / widest;
    for (; n_group > 0; --n_group) {
      const std::size_t width = (slots.size() + n_group - 1) / n_group;
      add_group<in_soil>(model, slots.first(width), std::make_index_sequence<widest>{});
      slots = slots.subspan(width);
    }
  }

  template <bool in_soil, std::size_t... I>
  void add_group(const ColumnModel<Real>& model, std::span<const ParameterSlot> slots,
                 std::index_sequence<I...>) {
    const auto make = [&]<std::size_t Width>() {
      using Group = ColumnModelTl<Real, Width, in_soil>;
      memory_.emplace_back(Group::memory_size(model.last_node() + 1));
      groups_.push_back(std::make_unique<Group>(model, slots, memory_.back().data()));
    };
    ((slots.size() == I + 1 ? make.template operator()<I + 1>() : void()), ...);
  }

  std::vector<std::vector<Real>> memory_;
  std::vector<std::unique_ptr<Tangent<Real>>> groups_;
  std::vector<Tangent<Real>*> tangents_;
};

} // namespace glebe
