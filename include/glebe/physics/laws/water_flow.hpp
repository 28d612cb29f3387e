// SPDX-License-Identifier: BSD-3-Clause
// Conduction with a flow of water q downwards. What leaves the upper node of an element and what
// reaches the lower one differ by the heat that the water takes up on its way, C_w q (T_i -
// T_(i+1)):
//
//   k_upper = g k - C_w q / 2,   k_lower = g k + C_w q / 2,   k = lambda / dz
//
// where g = (1 + y^4)^(1/4), y = C_w q / (2 k), turns central differences into upwind ones as the
// flow gets strong: both stay positive for any flow, and the error is of second order.
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/real.hpp"

#include <cstddef>
#include <vector>

namespace glebe {

/// What leaves the upper node of an element and reaches the lower one per kelvin between them
/// [W m-2 K-1], or their derivatives.
template <class Real>
struct Conductance {
  Real upper, lower;
};

/// Those of some elements; without a flow both are the same numbers.
template <class Real>
class Conductances {
public:
  Conductances() = default;
  Conductances(std::size_t n, bool flows) { resize(n, flows); }
  void resize(std::size_t n, bool flows) {
    upper_.resize(n);
    lower_.resize(flows ? n : 0);
  }
  void set(std::size_t e, const Conductance<Real>& k) {
    upper_[e] = k.upper;
    if (!lower_.empty()) lower_[e] = k.lower;
  }
  std::size_t size() const { return upper_.size(); }
  const Real* upper() const { return upper_.data(); }
  const Real* lower() const { return lower_.empty() ? upper_.data() : lower_.data(); }
  Conductance<Real> operator[](std::size_t e) const { return {upper()[e], lower()[e]}; }

private:
  std::vector<Real> upper_, lower_;
};

/// C_w q / 2 [W m-2 K-1] of a flow q [m s-1].
template <class Real>
Real half_flow(const Real& q) {
  return 0.5 * heat_capacity_of_water * q;
}

namespace detail {

template <class Real>
Real cube(const Real& a) {
  return a * a * a;
}
// (a^4 + b^4)^(1/4).
template <class Real>
Real fourth_power_mean(const Real& a, const Real& b) {
  const Real a2 = a * a, b2 = b * b;
  return square_root(square_root(Real(a2 * a2 + b2 * b2)));
}

} // namespace detail

/// Of an element of conductance k through which water flows, `half` being C_w q / 2.
template <class Real>
Conductance<Real> with_flow(const Real& k, const Real& half) {
  const Real mean = detail::fourth_power_mean(k, half);
  return {mean - half, mean + half};
}
/// The derivative of both by k.
template <class Real>
Real with_flow_dk(const Real& k, const Real& half) {
  return detail::cube(Real(k / detail::fourth_power_mean(k, half)));
}
/// Their derivatives by q.
template <class Real>
Conductance<Real> with_flow_dq(const Real& k, const Real& half) {
  const Real by_mean = detail::cube(Real(half / detail::fourth_power_mean(k, half)));
  constexpr double half_dq = 0.5 * heat_capacity_of_water;
  return {half_dq * (by_mean - 1.0), half_dq * (by_mean + 1.0)};
}

} // namespace glebe
