// SPDX-License-Identifier: BSD-3-Clause
// Parameters that vary in time: knots, and where every step lies between them. A parameter is
// constant within a step, at its value in the middle of the step, which is second order in time.
#pragma once

#include "glebe/physics/parameter_layout.hpp"
#include "glebe/physics/parameter_ties.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace glebe {

/// Where a step lies between the knots of a parameter, whose value there is
/// (1 - weight) v[knot] + weight v[knot + 1].
struct KnotPosition {
  std::int32_t knot = 0;
  double weight = 0.0;

  bool operator==(const KnotPosition&) const = default;
  /// The value there between the values of the knots.
  template <class Real>
  Real between(const Real* knots) const {
    const Real& left = knots[knot];
    return weight == 0.0 ? left : Real((1.0 - weight) * left + weight * knots[knot + 1]);
  }
};

/// A parameter of one place that varies in time.
struct VaryingSlot {
  ParameterSlot slot;
  std::size_t first = 0; ///< of its knots among the values of a column
  std::size_t n_knot = 0;
  std::vector<KnotPosition> at_step; ///< [step]
};

/// The values of a column: one for every slot of the layout, then the knots of the parameters that
/// vary, whose slot takes the value of the present step. Some may be tied to others; then runs of
/// columns take what is given for them (see parameter_ties.hpp), and a column its values.
struct ParameterSchedule {
  ParameterLayout layout;
  std::vector<VaryingSlot> varying;
  Ties ties = {};

  bool varies() const { return !varying.empty(); }
  /// How a parameter varies; null where it does not.
  const VaryingSlot* find(const ParameterSlot& slot) const {
    for (const VaryingSlot& one : varying)
      if (one.slot == slot) return &one;
    return nullptr;
  }
  /// Values of a column.
  std::size_t n_value() const {
    return varying.empty() ? layout.size() : varying.back().first + varying.back().n_knot;
  }
};

/// What a tangent-linear direction perturbs: a parameter of one place, or one of its knots.
struct Direction {
  ParameterSlot slot;
  const VaryingSlot* varying = nullptr; ///< null: constant in time
  std::size_t knot = 0;

  /// Where it stands among the values of a column.
  std::size_t position(const ParameterLayout& layout) const {
    return varying ? varying->first + knot : layout.position(slot.parameter, slot.index);
  }
  /// The change of the parameter in a step per unit change of what is perturbed.
  double weight(std::size_t step) const {
    if (!varying) return 1.0;
    const auto [left, w] = varying->at_step[step];
    const auto j = static_cast<std::int32_t>(knot);
    return j == left ? 1.0 - w : j == left + 1 ? w : 0.0;
  }
  /// The first step in which it acts.
  std::size_t first_step() const {
    std::size_t step = 0;
    while (varying && step < varying->at_step.size() && weight(step) == 0.0) ++step;
    return step;
  }
};

} // namespace glebe
