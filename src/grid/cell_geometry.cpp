// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/grid/cell_geometry.hpp"

#include "glebe/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace glebe {

namespace {

double square(double value) { return value * value; }

// The haversine formula, which is accurate for small distances. The result for NaN is NaN, because
// std::min then returns its first argument.
double great_circle(double north_a, double east_a, double north_b, double east_b) {
  constexpr double radians = std::numbers::pi / 180.0;
  const double h = square(std::sin(0.5 * radians * (north_a - north_b))) +
                   std::cos(radians * north_a) * std::cos(radians * north_b) *
                       square(std::sin(0.5 * radians * (east_a - east_b)));
  return 2.0 * earth_radius * std::asin(std::min(std::sqrt(h), 1.0));
}

std::string described(const HorizontalGrid& grid) {
  if (grid.dimensions.empty()) return "no horizontal dimension";
  std::string text;
  for (const HorizontalDimension& dimension : grid.dimensions)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", dimension.name, dimension.length);
  return text;
}

} // namespace

CellGeometry::CellGeometry(HorizontalGrid grid, Metric metric, std::vector<double> north,
                           std::vector<double> east)
    : grid_(std::move(grid)), metric_(metric), north_(std::move(north)), east_(std::move(east)) {
  const auto& dimensions = grid_.dimensions;
  if (dimensions.size() != 2 || dimensions[0].length < 2 || dimensions[1].length < 2)
    throw InputError(fmt::format("correlation_length needs a grid of two horizontal dimensions "
                                 "with coordinates, of at least two cells each; found {}",
                                 described(grid_)));
  if (north_.size() != grid_.n_cell() || east_.size() != grid_.n_cell())
    throw RunError(fmt::format("{} and {} coordinates for {} cells", north_.size(), east_.size(),
                               grid_.n_cell()));
}

double CellGeometry::distance(std::size_t a, std::size_t b) const {
  if (metric_ == Metric::sphere) return great_circle(north_[a], east_[a], north_[b], east_[b]);
  return std::hypot(north_[a] - north_[b], east_[a] - east_[b]);
}

std::optional<std::size_t> CellGeometry::neighbour(std::size_t cell, std::size_t dimension,
                                                   std::size_t side) const {
  const std::size_t width = grid_.dimensions[1].length;
  const std::size_t index = dimension == 0 ? cell / width : cell % width;
  const std::size_t step = dimension == 0 ? width : 1;
  if (side == 0) return index > 0 ? std::optional(cell - step) : std::nullopt;
  return index + 1 < grid_.dimensions[dimension].length ? std::optional(cell + step) : std::nullopt;
}

double CellGeometry::spacing(std::size_t cell, std::size_t dimension) const {
  double sum = 0.0;
  int count = 0;
  for (const std::size_t side : {0, 1}) {
    const auto next = neighbour(cell, dimension, side);
    if (!next) continue;
    const double apart = distance(cell, *next);
    if (std::isnan(apart)) continue;
    sum += apart;
    ++count;
  }
  return count > 0 ? sum / count : 0.0;
}

double CellGeometry::area(std::size_t cell) const { return spacing(cell, 0) * spacing(cell, 1); }

double CellGeometry::shared_face(std::size_t a, std::size_t b, std::size_t dimension) const {
  return 0.5 * (spacing(a, 1 - dimension) + spacing(b, 1 - dimension));
}

} // namespace glebe
