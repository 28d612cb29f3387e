// SPDX-License-Identifier: BSD-3-Clause
#pragma once

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

/// The sum; a shorter `b` stands for zeros in the directions it lacks.
template <class Real, std::size_t Width, std::size_t Shorter>
requires(Shorter <= Width) [[gnu::always_inline]] inline Row<Real, Width>
operator+(const Row<Real, Width>& a, const Row<Real, Shorter>& b) {
  return detail::row_of<Real, Width>([&](auto d) -> Real {
    if constexpr (d < Shorter)
      return a[d] + b[d];
    else
      return a[d];
  });
}

template <class Real, std::size_t Width>
[[gnu::always_inline]] inline Row<Real, Width> operator-(const Row<Real, Width>& a,
                                                         const Row<Real, Width>& b) {
  return detail::row_of<Real, Width>([&](auto d) -> Real { return a[d] - b[d]; });
}

template <class Real, std::size_t Width>
[[gnu::always_inline]] inline Row<Real, Width> operator*(const Real& factor,
                                                         const Row<Real, Width>& a) {
  return detail::row_of<Real, Width>([&](auto d) -> Real { return factor * a[d]; });
}

} // namespace glebe
