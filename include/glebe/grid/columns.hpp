// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ranks.hpp"
#include "glebe/grid/grid_coordinates.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace glebe {

struct HorizontalDimension {
  std::string name;
  std::size_t length;
};

/// The horizontal grid of the input: no dimension (one site), one (a list of stations) or two
/// (y, x). Cells are numbered row by row.
struct HorizontalGrid {
  std::vector<HorizontalDimension> dimensions;
  std::shared_ptr<const GridCoordinates> coordinates = {}; ///< null: not known
  std::size_t n_cell() const;
  std::vector<std::string> names() const;
};

/// A block of cells as in NetCDF, one entry per horizontal dimension.
struct Hyperslab {
  std::vector<std::size_t> start;
  std::vector<std::size_t> count;
  std::size_t size() const;
};

/// The active columns of a grid, and this rank's part of them. Parts are contiguous in the order of
/// cells, and their work is equal to within one column. A rank may have no column.
class Columns {
public:
  /// `active` [cell]: whether it is a column; empty: all are. `work` [active column]: its relative
  /// computing time; empty: the same for all. Not collective.
  Columns(const Ranks& ranks, HorizontalGrid grid, const std::vector<bool>& active = {},
          const std::vector<double>& work = {});

  /// The same columns, distributed over the ranks by the work of each active one. Not collective.
  Columns shared_out(const Ranks& ranks, const std::vector<double>& work) const;

  const HorizontalGrid& grid() const { return grid_; }
  std::size_t n_active() const { return n_active_; } ///< over all ranks
  std::size_t n_local() const { return cells_.size(); }
  std::size_t first() const { return first_; } ///< number of local column 0 among all active ones
  /// Number of a cell among all active columns; negative if the cell is not active. Collective.
  std::int64_t number_of(const Ranks& ranks, std::size_t cell) const;
  /// Cell of each local column.
  const std::vector<std::size_t>& cells() const { return cells_; }
  /// Number of blocks of `lanes` columns for the local columns.
  std::size_t n_block(std::size_t lanes) const { return (n_local() + lanes - 1) / lanes; }

  /// The smallest block of cells that contains the local columns; its counts are zero if there are
  /// none.
  const Hyperslab& bounding_box() const { return box_; }
  /// Position of a local column in the row-major values of the bounding box.
  std::size_t position_in_box(std::size_t column) const;

  /// The cells that this rank writes, as consecutive blocks (three for two dimensions; some may be
  /// empty). The ranks together cover the whole grid, including inactive cells.
  std::vector<Hyperslab> owned_slabs() const;
  /// The first cell that this rank writes, and one past the last.
  std::size_t first_cell() const { return first_cell_; }
  std::size_t last_cell() const { return last_cell_; }

  /// "column y=3, x=7", for messages.
  std::string label(std::size_t column) const;

private:
  Hyperslab enclosing_box() const;

  HorizontalGrid grid_;
  Hyperslab box_;
  std::size_t n_active_ = 0;
  std::size_t first_ = 0;
  std::size_t first_cell_ = 0;
  std::size_t last_cell_ = 0;
  std::vector<std::size_t> cells_;
  std::vector<bool> active_; ///< [cell]; empty: all
};

} // namespace glebe
