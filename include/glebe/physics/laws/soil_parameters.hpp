// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/parameter_layout.hpp"

namespace glebe {

/// The soil's share of the parameters of a column, which stand first: a view.
template <class Real>
struct SoilParameters {
  const Real* first;
  std::size_t n_horizon;

  /// `values` stand in the order of `layout`.
  SoilParameters(const ParameterLayout& layout, const Real* values)
      : first(values), n_horizon(layout.n_horizon) {}

  const Real& operator()(Parameter parameter, std::size_t horizon) const {
    return first[static_cast<std::size_t>(parameter) * n_horizon + horizon];
  }
};

/// A quantity at a temperature, and its derivative with respect to it.
template <class Real>
struct Pointwise {
  Real value{};
  Real dT{};
};

} // namespace glebe
