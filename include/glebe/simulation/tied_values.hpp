// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/parameter_schedule.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

/// What a column takes for what is given for it: just that, unless values are tied to others.
template <class Real>
class TiedValues {
public:
  explicit TiedValues(const ParameterSchedule& schedule)
      : ties_(schedule.ties), n_value_(schedule.n_value()), values_(ties_.empty() ? 0 : n_value_),
        ad_(values_.size()) {}

  /// The values of a column [n_value] for what is `given`, which stays where it is.
  const Real* of(const Real* given) {
    given_ = given;
    if (ties_.empty()) return given;
    std::copy(given, given + n_value_, values_.begin());
    tie(ties_, given, values_.data());
    return values_.data();
  }
  /// The change of these values for a change of what is given [n_value].
  void tangent(const Real* given_tl, Real* values_tl) const {
    std::copy(given_tl, given_tl + n_value_, values_tl);
    if (!ties_.empty()) tie_tl(ties_, given_, values_.data(), given_tl, values_tl);
  }
  /// The derivatives of a result by what is given, from those by the values.
  void adjoint(const Real* values_ad, Real* given_ad) {
    if (ties_.empty()) {
      std::copy(values_ad, values_ad + n_value_, given_ad);
      return;
    }
    std::copy(values_ad, values_ad + n_value_, ad_.begin());
    tie_ad(ties_, given_, values_.data(), std::span<Real>(ad_), given_ad);
  }

  bool any() const { return !ties_.empty(); }
  std::size_t n_value() const { return n_value_; }

private:
  const Ties& ties_;
  std::size_t n_value_;
  const Real* given_ = nullptr;
  std::vector<Real> values_;
  std::vector<Real> ad_;
};

} // namespace glebe
