// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/real.hpp"
#include "glebe/physics/soil.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace glebe {

/// Numbers that go through the same arithmetic side by side: the tangents of several directions at
/// one node. Every operation is written out per number, without a loop or an index that varies, so
/// that a row stays in registers.
template <class Real, std::size_t Width>
struct Row {
  std::array<Real, Width> value{};

  Real& operator[](std::size_t d) { return value[d]; }
  const Real& operator[](std::size_t d) const { return value[d]; }
};

namespace detail {

// { term(0), term(1), ... }, each index a constant.
template <class Real, std::size_t Width, class Term>
[[gnu::always_inline]] inline Row<Real, Width> row_of(Term term) {
  return [&]<std::size_t... D>(std::index_sequence<D...>) __attribute__((always_inline)) {
    return Row<Real, Width>{{Real(term(std::integral_constant<std::size_t, D>{}))...}};
  }
  (std::make_index_sequence<Width>{});
}

} // namespace detail

/// factor * row before it is rounded: what it is added to takes it in by one multiply-add.
template <class Real, std::size_t Width>
struct ScaledRow {
  Real factor;
  const Row<Real, Width>& row;

  [[gnu::always_inline]] Real operator[](std::size_t d) const { return factor * row[d]; }
  [[gnu::always_inline]] Real added_to(std::size_t d, const Real& a) const {
    return fma(factor, row[d], a);
  }
  [[gnu::always_inline]] operator Row<Real, Width>() const {
    return detail::row_of<Real, Width>([&](auto d) -> Real { return (*this)[d]; });
  }
};

template <class Real, std::size_t Width>
[[gnu::always_inline]] inline ScaledRow<Real, Width> operator*(const Real& factor,
                                                               const Row<Real, Width>& row) {
  return {factor, row};
}

/// Sums; a shorter `b` stands for zeros in the directions it lacks.
template <class Real, std::size_t Width, std::size_t Shorter>
requires(Shorter <= Width) [[gnu::always_inline]] inline Row<Real, Width>
operator+(const Row<Real, Width>& a, const ScaledRow<Real, Shorter>& b) {
  return detail::row_of<Real, Width>([&](auto d) -> Real {
    if constexpr (d < Shorter)
      return b.added_to(d, a[d]);
    else
      return a[d];
  });
}
template <class Real, std::size_t Width, std::size_t Shorter>
requires(Shorter <= Width) [[gnu::always_inline]] inline Row<Real, Width>
operator+(const ScaledRow<Real, Width>& a, const ScaledRow<Real, Shorter>& b) {
  return Row<Real, Width>(a) + b;
}
template <class Real, std::size_t Width>
[[gnu::always_inline]] inline Row<Real, Width> operator+(const ScaledRow<Real, Width>& a,
                                                         const Row<Real, Width>& b) {
  return b + a;
}

template <class Real, std::size_t Width>
[[gnu::always_inline]] inline Row<Real, Width> operator+(const Row<Real, Width>& a,
                                                         const Row<Real, Width>& b) {
  return detail::row_of<Real, Width>([&](auto d) -> Real { return a[d] + b[d]; });
}

/// The temperatures between two nodes of the profile T, or their tangents, to `result` [Width].
template <class Real, std::size_t Width>
void temperature_between(const Row<Real, Width>* T, const Interpolation& place, Real* result) {
  const auto [i, w] = place;
  for (std::size_t d = 0; d < Width; ++d)
    result[d] = w == 0.0 ? T[i][d] : Real(T[i][d] + w * (T[i + 1][d] - T[i][d]));
}

template <class Real, std::size_t Width>
[[gnu::always_inline]] inline Row<Real, Width> operator-(const Row<Real, Width>& a,
                                                         const Row<Real, Width>& b) {
  return detail::row_of<Real, Width>([&](auto d) -> Real { return a[d] - b[d]; });
}

} // namespace glebe
