// SPDX-License-Identifier: BSD-3-Clause
// Values of a column that are multiples of others. What is given for a column, or estimated, has in
// the place of such a value the factor r:
//
//   v[value] = r v[of],   r = given[ratio], or 1
//
// and all other values are as given. The map is bilinear, and its tangent and adjoint are exact.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace glebe {

/// One such value.
struct Tie {
  static constexpr std::size_t same = std::numeric_limits<std::size_t>::max();

  std::size_t value; ///< the one that is tied
  std::size_t of;    ///< the one of which it is a multiple
  std::size_t ratio; ///< where the factor stands among what is given; `same`: it is 1

  bool operator==(const Tie&) const = default;
};

/// The ties of a column, such that the value `of` of each stands before it: chains are resolved in
/// this order. Each value is tied once.
using Ties = std::vector<Tie>;

/// Replaces the tied ones among `values`, a copy of `given`; both have a place for every value.
template <class Real>
void tie(const Ties& ties, const Real* given, Real* values) {
  for (const auto& [value, of, ratio] : ties)
    values[value] = ratio == Tie::same ? values[of] : Real(given[ratio] * values[of]);
}

/// The tangent of tie(), at `given` and the `values` it made: replaces the tied ones among
/// `values_tl`, a copy of `given_tl`.
template <class Real>
void tie_tl(const Ties& ties, const Real* given, const Real* values, const Real* given_tl,
            Real* values_tl) {
  for (const auto& [value, of, ratio] : ties)
    values_tl[value] = ratio == Tie::same
                           ? values_tl[of]
                           : Real(given_tl[ratio] * values[of] + given[ratio] * values_tl[of]);
}

/// The adjoint of tie(): from the derivatives `values_ad` of a result by all values, which it uses
/// up, those by what is given, `given_ad`, which are zero where nothing is taken from.
template <class Real>
void tie_ad(const Ties& ties, const Real* given, const Real* values, std::span<Real> values_ad,
            Real* given_ad) {
  for (std::size_t i = 0; i < values_ad.size(); ++i) given_ad[i] = 0.0;
  for (std::size_t i = ties.size(); i-- > 0;) {
    const auto& [value, of, ratio] = ties[i];
    const Real ad = values_ad[value];
    values_ad[value] = 0.0;
    if (ratio == Tie::same) {
      values_ad[of] += ad;
      continue;
    }
    given_ad[ratio] += values[of] * ad;
    values_ad[of] += given[ratio] * ad;
  }
  for (std::size_t i = 0; i < values_ad.size(); ++i) given_ad[i] += values_ad[i];
}

/// The tie of a value; null where it is as given.
inline const Tie* find_tie(const Ties& ties, std::size_t value) {
  for (const Tie& tie : ties)
    if (tie.value == value) return &tie;
  return nullptr;
}

/// Whether what stands at `given` among what is given is a value: not a factor, and not unused.
inline bool is_value(const Ties& ties, std::size_t given) { return !find_tie(ties, given); }

/// [n_value]: which values change with what stands at `given`.
inline std::vector<char> values_that_follow(const Ties& ties, std::size_t given,
                                            std::size_t n_value) {
  std::vector<char> follows(n_value, 0);
  follows[given] = is_value(ties, given);
  for (const auto& [value, of, ratio] : ties) follows[value] = follows[of] || ratio == given;
  return follows;
}

} // namespace glebe
