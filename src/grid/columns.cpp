// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/grid/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace glebe {

std::size_t HorizontalGrid::n_cell() const {
  std::size_t product = 1;
  for (const HorizontalDimension& dimension : dimensions) product *= dimension.length;
  return product;
}

std::vector<std::string> HorizontalGrid::names() const {
  std::vector<std::string> names;
  for (const HorizontalDimension& dimension : dimensions) names.push_back(dimension.name);
  return names;
}

std::size_t Hyperslab::size() const {
  return std::accumulate(count.begin(), count.end(), std::size_t{1}, std::multiplies<>());
}

namespace {

// The index of the first of n columns of rank r of n_rank. It is rounded up, so that the first
// ranks get a column each when there are fewer columns than ranks.
std::size_t first_of_rank(std::size_t r, std::size_t n_rank, std::size_t n,
                          const std::vector<double>& work) {
  if (work.empty() || r == 0 || r == n_rank) return (n * r + n_rank - 1) / n_rank;
  const double total = std::accumulate(work.begin(), work.end(), 0.0);
  const double share = total * static_cast<double>(r) / static_cast<double>(n_rank);
  double before = 0.0;
  std::size_t i = 0;
  while (i < n && before + 0.5 * work[i] < share) before += work[i++];
  return i;
}

} // namespace

Columns::Columns(const Ranks& ranks, HorizontalGrid grid, const std::vector<bool>& active,
                 const std::vector<double>& work)
    : grid_(std::move(grid)), active_(active) {
  const std::size_t n_cell = grid_.n_cell();
  const auto is_active = [&](std::size_t cell) { return active.empty() || active[cell]; };
  n_active_ = active.empty()
                  ? n_cell
                  : static_cast<std::size_t>(std::count(active.begin(), active.end(), true));

  const auto n_rank = static_cast<std::size_t>(ranks.size());
  const auto rank = static_cast<std::size_t>(ranks.rank());
  first_ = first_of_rank(rank, n_rank, n_active_, work);
  const std::size_t last = first_of_rank(rank + 1, n_rank, n_active_, work);

  // A rank writes the cells from its first column up to that of the next rank with columns. Cells
  // before the first column of all belong to its rank, so that every cell is written.
  first_cell_ = last_cell_ = n_cell;
  std::size_t index = 0;
  for (std::size_t cell = 0; cell < n_cell; ++cell) {
    if (!is_active(cell)) continue;
    if (index == first_ && first_ < last) first_cell_ = index == 0 ? 0 : cell;
    if (index == last) last_cell_ = cell;
    if (index >= first_ && index < last) cells_.push_back(cell);
    ++index;
  }
  if (cells_.empty()) first_cell_ = last_cell_;
  if (n_active_ == 0 && ranks.is_root()) first_cell_ = 0;
  box_ = enclosing_box();
}

Columns Columns::shared_out(const Ranks& ranks, const std::vector<double>& work) const {
  return {ranks, grid_, active_, work};
}

Hyperslab Columns::enclosing_box() const {
  const std::size_t n_dim = grid_.dimensions.size();
  if (cells_.empty())
    return {std::vector<std::size_t>(n_dim, 0), std::vector<std::size_t>(n_dim, 0)};
  if (n_dim == 0) return {{}, {}};
  if (n_dim == 1) return {{cells_.front()}, {cells_.back() - cells_.front() + 1}};
  const std::size_t width = grid_.dimensions[1].length;
  const auto column_of = [&](std::size_t cell) { return cell % width; };
  std::size_t left = width, right = 0;
  for (const std::size_t cell : cells_) {
    left = std::min(left, column_of(cell));
    right = std::max(right, column_of(cell));
  }
  const std::size_t top = cells_.front() / width, bottom = cells_.back() / width;
  return {{top, left}, {bottom - top + 1, right - left + 1}};
}

std::size_t Columns::position_in_box(std::size_t column) const {
  const std::size_t cell = cells_[column];
  if (box_.start.empty()) return 0;
  if (box_.start.size() == 1) return cell - box_.start[0];
  const std::size_t width = grid_.dimensions[1].length;
  return (cell / width - box_.start[0]) * box_.count[1] + cell % width - box_.start[1];
}

std::vector<Hyperslab> Columns::owned_slabs() const {
  const std::size_t n_dim = grid_.dimensions.size();
  const std::size_t n = last_cell_ - first_cell_;
  if (n_dim == 0) return {{{}, {}}};
  if (n_dim == 1) return {{{n > 0 ? first_cell_ : 0}, {n}}};
  const std::size_t width = grid_.dimensions[1].length;
  // The rest of the first row, the complete rows, and the beginning of the last row.
  std::vector<Hyperslab> slabs;
  std::size_t cell = first_cell_;
  const auto add = [&](std::size_t rows, std::size_t columns) {
    const bool empty = rows * columns == 0;
    slabs.push_back(empty ? Hyperslab{{0, 0}, {0, 0}}
                          : Hyperslab{{cell / width, cell % width}, {rows, columns}});
    cell += rows * columns;
  };
  add(1, cell % width == 0 ? 0 : std::min(width - cell % width, last_cell_ - cell));
  add((last_cell_ - cell) / width, width);
  add(1, last_cell_ - cell);
  return slabs;
}

std::int64_t Columns::number_of(const Ranks& ranks, std::size_t cell) const {
  const auto found = std::lower_bound(cells_.begin(), cells_.end(), cell);
  const bool here = found != cells_.end() && *found == cell;
  return ranks.max(here ? static_cast<std::int64_t>(first_) + (found - cells_.begin())
                        : std::int64_t{-1});
}

std::string Columns::label(std::size_t column) const {
  const std::size_t cell = cells_[column];
  if (grid_.dimensions.empty()) return "the site";
  if (grid_.dimensions.size() == 1)
    return fmt::format("column {}={}", grid_.dimensions[0].name, cell);
  const std::size_t width = grid_.dimensions[1].length;
  return fmt::format("column {}={}, {}={}", grid_.dimensions[0].name, cell / width,
                     grid_.dimensions[1].name, cell % width);
}

} // namespace glebe
