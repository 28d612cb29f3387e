// SPDX-License-Identifier: BSD-3-Clause
// A scalar equation, one in each lane.
#pragma once

#include "glebe/physics/real.hpp"

#include <limits>

namespace glebe {

/// A solution, and whether it was found.
template <class Real>
struct Root {
  Real x;
  Mask<Real> found;

  /// The solution; where there is none, what makes everything fail that is computed from it.
  Real or_nan() const { return select(found, x, Real(std::numeric_limits<double>::quiet_NaN())); }
};

/// When Newton's iteration ends: with a step that is shorter than this.
struct ShortStep {
  double tolerance;

  template <class Real>
  [[gnu::always_inline]] Mask<Real> is_last(const Real& step, const Real&) const {
    return less_than(magnitude(step), tolerance);
  }
};

/// With a step after which the next would be shorter than the tolerance, because steps shrink by
/// their square in the end: far shorter, so that what is left is below the tolerance also where
/// they shrink by a constant factor instead, of 1e-4 or more.
struct StepBeforeShort {
  double tolerance;

  /// `previous` is the length of the step before, zero where there was none.
  template <class Real>
  [[gnu::always_inline]] Mask<Real> is_last(const Real& step, const Real& previous) const {
    constexpr double far = 1e-4;
    const Real length = magnitude(step);
    const Real next = length * length * length - far * tolerance * (previous * previous);
    return less_than(length, tolerance) || less_than(next, 0.0);
  }
};

/// What root_of_falling() asks for at a point.
template <class Real>
struct NewtonStep {
  Real value, step;
};

/// The root of a function that falls with x, by Newton's steps from `x`. A step that leaves the
/// interval between the points where the function was seen to be positive and negative, or that
/// goes uphill because the function does not fall everywhere, is replaced by half that interval: so
/// that it comes to an end wherever it starts. `evaluate(x)` gives the value and the step,
/// -value / slope; a root is a temperature [K or degC] or a difference of two. A lane that has
/// converged moves no more, so that it does not depend on its neighbours.
template <class Real, class Evaluate, class End>
[[gnu::always_inline]] inline Root<Real> root_of_falling(Real x, Evaluate evaluate, End end,
                                                         int iterations) {
  constexpr double far = 1e3;
  Real low = -far, high = far, previous = 0.0;
  Mask<Real> found(false);
  for (int i = 0; i < iterations && !all(found); ++i) {
    const auto [value, step] = evaluate(x);
    const Mask<Real> close = end.is_last(step, previous);
    const Mask<Real> negative = less_than(value, 0.0);
    high = select(negative, x, high);
    low = select(negative, low, x);
    const Real newton = x + step;
    const Mask<Real> leaves =
        less_than(Real(newton - low), 0.0) || less_than(Real(high - newton), 0.0);
    const Mask<Real> uphill = less_than(Real(value * step), 0.0);
    const Mask<Real> halve = !close && (leaves || uphill);
    x = select(found, x, select(halve, Real(0.5 * (low + high)), newton));
    previous = select(halve, Real(0.0), magnitude(step));
    found = found || close;
  }
  for (int i = 0; i < RealTraits<Real>::extra_iterations; ++i) x += evaluate(x).step;
  return {x, found};
}

} // namespace glebe
