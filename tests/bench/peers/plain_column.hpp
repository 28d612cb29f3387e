// SPDX-License-Identifier: BSD-3-Clause
// The case of the comparison in plain arrays, and the model as it is written for a tool of
// automatic differentiation: the equations of LinearColumn with backward Euler steps and the
// surface of the source paper, in scalars, without a derivative.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace glebe::bench {

/// Conductivity [W m-1 K-1], heat capacity [J m-3 K-1], albedo [1], heat transfer [W m-2 K-1],
/// Bowen ratio [1], deep temperature [K]: what the cost is differentiated by.
inline constexpr std::size_t n_sought = 6;
using Sought = std::array<double, n_sought>;

/// All that a program needs to compute cost and gradient of every column; the same weather and
/// observations for all of them.
struct PlainCase {
  std::size_t n_node = 0;
  std::size_t soil_node = 0; ///< of the second thermometer; the first is at the surface
  double dz = 0.0;           ///< [m]
  double dt = 0.0;           ///< [s]
  double emissivity = 0.0, initial = 0.0, sigma = 0.0;      ///< [1], [K], [K]
  std::vector<double> shortwave, longwave, air_temperature; ///< at the end of every step
  std::vector<double> surface, soil; ///< observed at the end of every step [K]
  std::vector<Sought> columns;

  std::size_t n_step() const { return shortwave.size(); }
};

/// The cost of one column at x [n_sought]. Newton's steps at the surface are of a fixed number, so
/// that a tape of them is valid for other parameters: from the last temperature, the fourth is
/// below rounding.
template <class Real>
Real plain_cost(const PlainCase& given, const Real* x) {
  constexpr int newton_steps = 4;
  constexpr double stefan_boltzmann = 5.670374419e-8;
  const std::size_t N = given.n_node - 1;
  const Real &conductivity = x[0], &heat_capacity = x[1], &bottom = x[5];
  const Real absorbed = 1.0 - x[2];
  const Real exchange = x[3] * (1.0 + 1.0 / x[4]);
  const Real k = conductivity / given.dz;  // of an element
  const Real c = heat_capacity * given.dz; // of a node between two
  const Real r = given.dt * k / c;         // (1 + 2 r) T_i - r (T_(i-1) + T_(i+1)) = the last T_i
  std::vector<Real> p(N), f(N), e(N + 1), T(N + 1); // T_i = e_i + f_i T_(i-1)
  for (std::size_t i = N - 1; i > 0; --i) {
    if (i + 1 < N)
      p[i] = 1.0 / (1.0 + 2.0 * r - r * f[i + 1]);
    else
      p[i] = 1.0 / (1.0 + 2.0 * r);
    f[i] = r * p[i];
  }
  for (Real& here : T) here = given.initial;
  e[N] = bottom;
  T[N] = bottom;
  const Real half = 0.5 * c;
  const Real a = half + given.dt * k * (1.0 - f[1]);
  Real cost = 0.0;
  for (std::size_t step = 0; step < given.n_step(); ++step) {
    for (std::size_t i = N - 1; i > 0; --i) e[i] = p[i] * T[i] + f[i] * e[i + 1];
    const Real b = half * T[0] + given.dt * k * e[1];
    const Real gained = absorbed * given.shortwave[step] + given.longwave[step] +
                        exchange * given.air_temperature[step];
    const double radiates = given.emissivity * stefan_boltzmann;
    Real surface = T[0];
    for (int n = 0; n < newton_steps; ++n) {
      const Real cubed = surface * surface * surface;
      const Real Q = gained - radiates * cubed * surface - exchange * surface;
      const Real slope = -4.0 * radiates * cubed - exchange;
      surface += (b + given.dt * Q - a * surface) / (a - given.dt * slope);
    }
    T[0] = surface;
    for (std::size_t i = 1; i < N; ++i) T[i] = e[i] + f[i] * T[i - 1];
    const Real at_surface = (T[0] - given.surface[step]) / given.sigma;
    const Real in_soil = (T[given.soil_node] - given.soil[step]) / given.sigma;
    cost += 0.5 * (at_surface * at_surface + in_soil * in_soil);
  }
  return cost;
}

} // namespace glebe::bench
