// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/matern.hpp"

#include "glebe/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace glebe {

namespace {

// Roininen, Huttunen and Lasanen (2014), doi:10.3934/ipi.2014.8.561: with the boundary condition
// du/dn = -kappa u / 1.42 the boundary changes the variance least.
constexpr double robin_coefficient = 1.0 / 1.42;

/// A row of K: entries of the column itself and of its active neighbours, in ascending order.
struct StencilRow {
  std::vector<std::pair<PetscInt, double>> entries;
  double weight = 0.0;      ///< 1 / (cell area), the diagonal of M^-1
  double lattice_std = 0.0; ///< of the field on an infinite grid of such cells, for tau = 1

  double at(PetscInt column) const {
    for (const auto& [j, value] : entries)
      if (j == column) return value;
    return 0.0;
  }
};

// The standard deviation of u on an infinite rectangular grid, where (K u) is white noise of
// variance a; the ratios of face to distance are p/2 and q/2 along the two dimensions, and
// r = kappa^2 a. Closed form of the double integral of a / (r + p (1 - cos) + q (1 - cos))^2, with
// E the complete elliptic integral of the second kind.
double lattice_std(double area, double r, double p, double q) {
  const double sum = r + p + q;
  const double outer = sum * sum - (p - q) * (p - q);
  const double inner = r * (r + 2.0 * (p + q)); // sum^2 - (p + q)^2
  const double modulus = std::sqrt(4.0 * p * q / outer);
  const double elliptic = std::comp_ellint_2(modulus);
  return std::sqrt(area * 2.0 / std::numbers::pi * sum * elliptic / (std::sqrt(outer) * inner));
}

/// The rows of K = kappa^2 M + S that this rank's rows of the precision need.
class Stencil {
public:
  Stencil(const Ranks& ranks, const Columns& columns, const CellGeometry& geometry, double kappa)
      : geometry_(geometry), kappa_(kappa) {
    const std::vector<double> active =
        ranks.all_gather({columns.cells().begin(), columns.cells().end()});
    index_.assign(columns.grid().n_cell(), inactive);
    cells_.assign(active.begin(), active.end());
    for (std::size_t i = 0; i < cells_.size(); ++i) index_[cells_[i]] = static_cast<PetscInt>(i);
    compute_rows(columns);
  }

  const StencilRow& row(PetscInt column) const {
    return rows_[static_cast<std::size_t>(column - first_)];
  }

private:
  static constexpr PetscInt inactive = -1;

  // Neighbours are at most one row of the grid away, so that the rows needed are contiguous.
  void compute_rows(const Columns& columns) {
    if (columns.n_local() == 0) return;
    first_ = static_cast<PetscInt>(columns.first());
    PetscInt last = first_ + static_cast<PetscInt>(columns.n_local()) - 1;
    for (int steps = 0; steps < 2; ++steps) widen(first_, last);
    for (PetscInt i = first_; i <= last; ++i) rows_.push_back(compute_row(cell(i)));
  }

  // Extends the range from `first` to `last` by the neighbours of its columns.
  void widen(PetscInt& first, PetscInt& last) const {
    for (PetscInt i = first, end = last; i <= end; ++i)
      for (const std::size_t dimension : {0, 1})
        for (const std::size_t side : {0, 1}) {
          const PetscInt j = active_neighbour(cell(i), dimension, side);
          if (j == inactive) continue;
          first = std::min(first, j);
          last = std::max(last, j);
        }
  }

  std::size_t cell(PetscInt column) const { return cells_[static_cast<std::size_t>(column)]; }

  PetscInt active_neighbour(std::size_t cell, std::size_t dimension, std::size_t side) const {
    const auto next = geometry_.neighbour(cell, dimension, side);
    return next ? index_[*next] : inactive;
  }

  StencilRow compute_row(std::size_t own) const {
    StencilRow row;
    const double area = geometry_.area(own);
    double diagonal = kappa_ * kappa_ * area;
    for (const std::size_t dimension : {0, 1})
      for (const std::size_t side : {0, 1}) {
        const PetscInt j = active_neighbour(own, dimension, side);
        if (j == inactive) {
          diagonal += open_face(own, dimension);
          continue;
        }
        const std::size_t next = cell(j);
        const double coupling =
            geometry_.shared_face(own, next, dimension) / geometry_.distance(own, next);
        diagonal += coupling;
        row.entries.emplace_back(j, -coupling);
      }
    row.entries.emplace_back(index_[own], diagonal);
    std::sort(row.entries.begin(), row.entries.end());
    row.weight = 1.0 / area;
    const double y = geometry_.spacing(own, 0), x = geometry_.spacing(own, 1);
    row.lattice_std = lattice_std(area, kappa_ * kappa_ * area, 2.0 * x / y, 2.0 * y / x);
    return row;
  }

  // The Robin condition at a face half a cell from the centre: two conductances in series.
  double open_face(std::size_t own, std::size_t dimension) const {
    const double robin = robin_coefficient * kappa_;
    return robin * geometry_.spacing(own, 1 - dimension) /
           (1.0 + 0.5 * robin * geometry_.spacing(own, dimension));
  }

  const CellGeometry& geometry_;
  double kappa_;
  std::vector<PetscInt> index_;    ///< [cell] of the column among all active ones
  std::vector<std::size_t> cells_; ///< [active column]
  PetscInt first_ = 0;             ///< column of rows_[0]
  std::vector<StencilRow> rows_;
};

// The columns that share an entry with column i: its neighbours' neighbours.
std::vector<PetscInt> pattern(const Stencil& stencil, PetscInt i) {
  std::vector<PetscInt> columns;
  for (const auto& [k, own] : stencil.row(i).entries)
    for (const auto& [j, other] : stencil.row(k).entries) columns.push_back(j);
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

// Entry (i, j) of K M^-1 K. The sum is in the order of k, so that (j, i) is the same to the last
// bit.
double entry(const Stencil& stencil, PetscInt i, PetscInt j) {
  double sum = 0.0;
  for (const auto& [k, own] : stencil.row(i).entries)
    sum += own * stencil.row(k).at(j) * stencil.row(k).weight;
  return sum;
}

// kappa of a correlation length. Throws RunError.
double checked_kappa(double std, double correlation_length) {
  if (!(std > 0.0) || !(correlation_length > 0.0))
    throw RunError(fmt::format("a Matern prior with standard deviation {} and correlation length "
                               "{} m: both must be positive",
                               std, correlation_length));
  return std::sqrt(8.0) / correlation_length;
}

Matrix make_matrix(const Ranks& ranks, const Columns& columns, PetscInt max_entries) {
  const auto n = static_cast<PetscInt>(columns.n_local());
  Matrix matrix;
  GLEBE_PETSC(MatCreateAIJ(ranks.comm(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, max_entries,
                           nullptr, max_entries - 1, nullptr, matrix.address()));
  return matrix;
}

} // namespace

Matrix matern_precision(const Ranks& ranks, const Columns& columns, const CellGeometry& geometry,
                        double std, double correlation_length) {
  const Stencil stencil(ranks, columns, geometry, checked_kappa(std, correlation_length));
  Matrix Q = make_matrix(ranks, columns, 13);
  const auto scale = [&](PetscInt i) { return stencil.row(i).lattice_std / std; };
  std::vector<double> values;
  for (std::size_t c = 0; c < columns.n_local(); ++c) {
    const auto i = static_cast<PetscInt>(columns.first() + c);
    const std::vector<PetscInt> others = pattern(stencil, i);
    values.clear();
    for (const PetscInt j : others) values.push_back(entry(stencil, i, j) * (scale(i) * scale(j)));
    GLEBE_PETSC(MatSetValues(Q.handle(), 1, &i, static_cast<PetscInt>(others.size()), others.data(),
                             values.data(), INSERT_VALUES));
  }
  assemble(Q.handle());
  GLEBE_PETSC(MatSetOption(Q.handle(), MAT_SYMMETRIC, PETSC_TRUE));
  return Q;
}

Matrix matern_root(const Ranks& ranks, const Columns& columns, const CellGeometry& geometry,
                   double std, double correlation_length) {
  const Stencil stencil(ranks, columns, geometry, checked_kappa(std, correlation_length));
  Matrix L = make_matrix(ranks, columns, 5);
  for (std::size_t c = 0; c < columns.n_local(); ++c) {
    const auto i = static_cast<PetscInt>(columns.first() + c);
    const StencilRow& row = stencil.row(i);
    for (const auto& [j, value] : row.entries)
      GLEBE_PETSC(MatSetValue(L.handle(), i, j,
                              std::sqrt(row.weight) * value * stencil.row(j).lattice_std / std,
                              INSERT_VALUES));
  }
  assemble(L.handle());
  return L;
}

} // namespace glebe
