// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/real.hpp"
#include "glebe/physics/vocabulary.hpp"

namespace glebe {

/// Kersten's number Ke, which weighs the saturated against the dry conductivity, and its
/// derivatives with respect to saturation and shape.
template <class Real>
struct Kersten {
  Real value{};
  Real dS{};
  Real dshape{};

  /// By a parameter of the soil, S = w / porosity; `shape` is the name of its shape.
  Real dp(Parameter parameter, Parameter shape, const Real& porosity, const Real& w) const {
    if (parameter == shape) return dshape;
    if (parameter == Parameter::water_content) return dS / porosity;
    if (parameter == Parameter::porosity) return -dS * w / (porosity * porosity);
    return 0.0;
  }
};

/// Cote and Konrad (2005): kappa S / (1 + (kappa - 1) S).
template <class Real>
Kersten<Real> cote_konrad(const Real& S, const Real& kappa) {
  const Real inverse = 1.0 / (1.0 + (kappa - 1.0) * S);
  return {kappa * S * inverse, kappa * inverse * inverse, S * (1.0 - S) * inverse * inverse};
}

/// Johansen (1975): 1 + c log10(S), c = 1 in fine and 0.7 in coarse soil; not below zero.
template <class Real>
Kersten<Real> johansen(const Real& S, const Real& c) {
  constexpr double ln10 = 2.302585092994046;
  const Real floor = 1e-9;
  const Real log10_S = logarithm(greater(S, floor)) / ln10;
  const Real value = 1.0 + c * log10_S;
  const auto dry = less_than(value, 0.0);
  const Real none = 0.0;
  return {select(dry, none, value), select(dry, none, Real(c / (ln10 * greater(S, floor)))),
          select(dry, none, log10_S)};
}

/// Lu et al. (2007): exp(alpha (1 - S^(alpha - 1.33))), alpha = 0.96 in coarse and 0.27 in fine
/// soil.
template <class Real>
Kersten<Real> lu(const Real& S, const Real& alpha) {
  const Real wet = greater(S, Real(1e-6));
  const Real log_S = logarithm(wet);
  const Real exponent = alpha - 1.33;
  const Real P = exponential(Real(exponent * log_S));
  const Real value = exponential(Real(alpha * (1.0 - P)));
  return {value, -value * alpha * exponent * P / wet, value * (1.0 - P - alpha * P * log_S)};
}

/// Balland and Arp (2005) without organic matter:
/// S^c ((1 + exp(-18.1 S))^-3 - ((1 - S) / 2)^3), c = (1 - 0.24 sand - gravel) / 2.
template <class Real>
Kersten<Real> balland_arp(const Real& S, const Real& c) {
  constexpr double beta = 18.1;
  const Real wet = greater(S, Real(1e-9));
  const Real log_S = logarithm(wet);
  const Real P = exponential(Real(c * log_S));
  const Real E = exponential(Real(-beta * wet));
  const Real one = 1.0 / (1.0 + E), half = 0.5 * (1.0 - wet);
  const Real bracket = one * one * one - half * half * half;
  const Real bracket_dS = 3.0 * beta * E * one * one * one * one + 1.5 * half * half;
  return {P * bracket, P * (c / wet * bracket + bracket_dS), P * bracket * log_S};
}

/// Of unfrozen soil at saturation S.
template <class Real>
Kersten<Real> kersten(ConductivityModel model, const Real& S, const Real& shape) {
  switch (model) {
  case ConductivityModel::johansen:
    return johansen(S, shape);
  case ConductivityModel::lu:
    return lu(S, shape);
  case ConductivityModel::balland_arp:
    return balland_arp(S, shape);
  case ConductivityModel::cote_konrad:
    break;
  }
  return cote_konrad(S, shape);
}

/// Of frozen soil: Cote and Konrad's with its own kappa, S for all others (Johansen 1975).
template <class Real>
Kersten<Real> kersten_frozen(ConductivityModel model, const Real& S, const Real& shape) {
  if (model == ConductivityModel::cote_konrad) return cote_konrad(S, shape);
  return {S, 1.0, 0.0};
}

} // namespace glebe
