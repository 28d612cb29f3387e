// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/real.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace glebe {

/// Interpolation between places whose derivative is continuous: cubic between two of them, with the
/// slopes of the parabolas through each and its neighbours (Hermite's form; Catmull and Rom 1974
/// for equal distances); the outermost parabolas go on beyond the ends. Its error is of third order
/// in the distances, that of its derivative of second.
class SmoothInterpolation {
public:
  SmoothInterpolation() = default;
  /// `places` increase; there are two or more.
  explicit SmoothInterpolation(std::vector<double> places) : places_(std::move(places)) {}

  std::size_t size() const { return places_.size(); }

  /// The weights of the places in the value at z, which may be elsewhere in every lane, and in its
  /// derivative by z [size each]. Returns the first and the end of those that are not zero.
  template <class Real>
  std::pair<std::size_t, std::size_t> weigh(const Real& z, std::span<Real> value,
                                            std::span<Real> slope) const {
    std::fill(value.begin(), value.end(), Real(0.0));
    std::fill(slope.begin(), slope.end(), Real(0.0));
    std::size_t first = size(), end = 0;
    for (std::size_t i = 0; i + 1 < size(); ++i) {
      const Mask<Real> inside = is_between(z, i);
      if (all(!inside)) continue;
      const double h = places_[i + 1] - places_[i];
      const Real t = (z - places_[i]) / h, rest = 1.0 - t;
      const Real lower = t * t * (3.0 - 2.0 * t), lower_dz = 6.0 * t * rest / h;
      const auto add = [&](std::size_t j, const Real& w, const Real& w_dz) {
        value[j] += select(inside, w, Real(0.0));
        slope[j] += select(inside, w_dz, Real(0.0));
        first = std::min(first, j);
        end = std::max(end, j + 1);
      };
      add(i, 1.0 - lower, -lower_dz);
      add(i + 1, lower, lower_dz);
      // What the slopes at both ends add.
      for_each_of_slope(i, [&](std::size_t j, double w) {
        add(j, w * h * (t * rest * rest), w * (rest * (1.0 - 3.0 * t)));
      });
      for_each_of_slope(i + 1, [&](std::size_t j, double w) {
        add(j, w * h * (-t * t * rest), w * (t * (3.0 * t - 2.0)));
      });
    }
    return {first, end};
  }

private:
  template <class Real>
  Mask<Real> is_between(const Real& z, std::size_t i) const {
    const Mask<Real> below = i == 0 ? Mask<Real>(true) : !less_than(Real(z - places_[i]), 0.0);
    const bool last = i + 2 == size();
    return below && (last ? Mask<Real>(true) : less_than(Real(z - places_[i + 1]), 0.0));
  }

  // action(j, weight of place j in the slope at place i): that of the parabola through i and its
  // neighbours, or through the outermost three.
  template <class Action>
  void for_each_of_slope(std::size_t i, Action action) const {
    const std::size_t n = size();
    if (n == 2) {
      const double h = places_[1] - places_[0];
      action(0, -1.0 / h);
      action(1, 1.0 / h);
      return;
    }
    const std::size_t middle = std::clamp<std::size_t>(i, 1, n - 2);
    const double a = places_[middle] - places_[middle - 1];
    const double b = places_[middle + 1] - places_[middle];
    const double z = places_[i] - places_[middle];
    const double above = (2.0 * z - b) / (a * (a + b)), below = (2.0 * z + a) / (b * (a + b));
    action(middle - 1, above);
    action(middle, -above - below);
    action(middle + 1, below);
  }

  std::vector<double> places_;
};

} // namespace glebe
