// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/modal_gains.hpp"
#include "glebe/physics/soil.hpp"

#include <memory>
#include <vector>

namespace glebe {

/// What is seen of the modes at one place, a temperature or the gradient in an element: sums over
/// eta, after the second stage, or after the first in which the modes stand at the start of the
/// step.
template <class Real>
struct ModalPlace {
  const Real* at_end;  ///< [mode], to be multiplied with eta at the end of a step
  const Real* between; ///< with eta at its start, after the first stage
  const Real* by_soil; ///< likewise, what it loses then where the diffusivity grows
  Real flux{};         ///< with q of the first stage, then
  Real flux_by_soil{}; ///< what it loses of that where the diffusivity grows
  double depth = 0.0;  ///< below the first node, in the same combination [m or 1]
  double top = 0.0;    ///< of q itself where the temperature at the top is given [m or 1]

  /// What the temperature given at the top adds.
  Real given(const Real& q) const { return top * q; }
};

/// The places at which a column is looked at, made when one of them is asked for.
template <class Real>
class ModalPlaces {
public:
  /// `soil` and `gains` outlive it.
  ModalPlaces(const Soil& soil, const ModalGains<Real>& gains) : soil_(soil), gains_(gains) {}

  /// The temperature between two nodes.
  const ModalPlace<Real>& temperature(const Interpolation& at) {
    return find({at.lower, at.weight > 0.0 ? at.lower + 1 : at.lower, 1.0 - at.weight, at.weight});
  }
  /// (T_i - T_(i+1)) / dz_i of an element.
  const ModalPlace<Real>& gradient(std::size_t element) {
    const double over_dz = 1.0 / soil_.thickness[element];
    return find({element, element + 1, over_dz, -over_dz});
  }
  /// To be called when the gains have changed.
  void forget() {
    for (auto& one : made_) one->is_current = false;
  }

private:
  /// A combination of two nodes.
  struct Combination {
    std::size_t first, second;
    double weight_first, weight_second;
    bool operator==(const Combination&) const = default;
  };
  struct Made {
    Combination of;
    ModalPlace<Real> place;
    std::vector<Real> memory;
    bool is_current = false;
  };

  const ModalPlace<Real>& find(const Combination& of) {
    for (auto& one : made_)
      if (one->of == of) {
        if (!one->is_current) make(*one);
        return one->place;
      }
    made_.push_back(std::make_unique<Made>(of));
    make(*made_.back());
    return made_.back()->place;
  }

  void make(Made& one) const {
    const auto [i, k, w_i, w_k] = one.of;
    const std::size_t n = gains_.n_mode();
    const auto shape_i = gains_.modes().shape(i), shape_k = gains_.modes().shape(k);
    one.memory.resize(3 * n);
    Real *at_end = one.memory.data(), *between = at_end + n, *by_soil = between + n;
    ModalPlace<Real> place{at_end, between, by_soil};
    for (std::size_t j = 0; j < n; ++j) {
      const double shape = w_i * shape_i[j] + w_k * shape_k[j];
      at_end[j] = shape * gains_.scale()[j];
      between[j] = at_end[j] * gains_.stage()[j];
      by_soil[j] = between[j] * gains_.lag()[j];
      place.flux += at_end[j];
      place.flux_by_soil = fma(at_end[j], gains_.lag()[j], place.flux_by_soil);
    }
    place.depth = w_i * (soil_.depth[i] - soil_.depth[0]) + w_k * (soil_.depth[k] - soil_.depth[0]);
    if (gains_.fixed_top())
      place.top = soil_.thickness[0] * ((i == 0 ? w_i : 0.0) + (k == 0 ? w_k : 0.0));
    one.place = place;
    one.is_current = true;
  }

  const Soil& soil_;
  const ModalGains<Real>& gains_;
  std::vector<std::unique_ptr<Made>> made_;
};

} // namespace glebe
