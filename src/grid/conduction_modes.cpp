// SPDX-License-Identifier: BSD-3-Clause
#include "conduction_modes.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// The thickness that belongs to each node: half of the elements beside it.
std::vector<double> node_thickness(std::span<const double> element) {
  std::vector<double> thickness(element.size() + 1, 0.0);
  for (std::size_t i = 0; i < element.size(); ++i) {
    thickness[i] += 0.5 * element[i];
    thickness[i + 1] += 0.5 * element[i];
  }
  return thickness;
}

// v^T K v / v^T W v of a shape: a sum of squares, which has more digits than the solver leaves to
// a mode that is slow beside the fastest.
double rayleigh_quotient(std::span<const double> shape, std::span<const double> element,
                         std::span<const double> thickness) {
  double flow = 0.0, norm = 0.0;
  for (std::size_t i = 0; i < element.size(); ++i) {
    const double difference = shape[i] - shape[i + 1];
    flow += difference * difference / element[i];
  }
  for (std::size_t i = 0; i < shape.size(); ++i) norm += thickness[i] * shape[i] * shape[i];
  return flow / norm;
}

} // namespace

ConductionModes conduction_modes(const Soil& soil, bool fixed_top, bool fixed_bottom) {
  const std::span<const double> element = soil.thickness;
  ConductionModes modes;
  modes.n_node = soil.n_node();
  modes.thickness = node_thickness(element);
  const std::vector<double>& w = modes.thickness;
  const std::size_t first = fixed_top ? 1 : 0;
  const std::size_t n = modes.n_node - first - (fixed_bottom ? 1 : 0);

  // W^-1/2 K W^-1/2, which is symmetric.
  Eigen::VectorXd diagonal(n), beside(n > 0 ? n - 1 : 0);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = first + k;
    const double above = i > 0 ? 1.0 / element[i - 1] : 0.0;
    const double below = i < element.size() ? 1.0 / element[i] : 0.0;
    diagonal[Eigen::Index(k)] = (above + below) / w[i];
    if (k + 1 < n) beside[Eigen::Index(k)] = -below / std::sqrt(w[i] * w[i + 1]);
  }
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal, beside);

  modes.shapes.assign(modes.n_node * n, 0.0);
  modes.rate.resize(n);
  std::vector<double> shape(modes.n_node);
  for (std::size_t j = 0; j < n; ++j) {
    std::ranges::fill(shape, 0.0);
    for (std::size_t k = 0; k < n; ++k)
      shape[first + k] =
          solver.eigenvectors()(Eigen::Index(k), Eigen::Index(j)) / std::sqrt(w[first + k]);
    modes.rate[j] = rayleigh_quotient(shape, element, w);
    for (std::size_t i = 0; i < modes.n_node; ++i) modes.shapes[i * n + j] = shape[i];
  }
  return modes;
}

} // namespace glebe
