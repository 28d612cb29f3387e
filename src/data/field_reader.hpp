// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/level_choice.hpp"
#include "glebe/data/netcdf_file.hpp"
#include "glebe/grid/columns.hpp"

#include <optional>
#include <string>
#include <vector>

#include "dimension_roles.hpp"
#include "grid_match.hpp"

namespace glebe {

/// What is read of a variable, and for which cells.
struct FieldLayout {
  DimensionRoles roles;
  GridMatch match;
};

/// The part of a variable that holds the local columns, and where they are in it.
struct FieldPart {
  NetcdfFile::Extent start;
  NetcdfFile::Extent count;
  std::vector<std::size_t> column; ///< position of each in one entry of the part
  std::size_t entry_stride = 0;
  bool is_its_columns = false; ///< an entry is the values of the columns, in their order
};

/// The part that was read last: it is found anew only for another layout, number of entries or
/// other columns.
class LastPart {
public:
  /// That of `count` entries from `first`.
  const FieldPart& of(const FieldLayout& layout, std::size_t first, std::size_t count,
                      const Columns& columns);

private:
  const FieldLayout* layout_ = nullptr;
  std::size_t count_ = 0;
  std::vector<std::size_t> cells_;
  FieldPart part_;
};

/// Collective. Throws InputError as roles_of and match_grid.
FieldLayout layout_of(const NetcdfFile& file, const std::string& variable,
                      std::optional<std::size_t> entry, const std::vector<LevelChoice>& levels,
                      const HorizontalGrid& grid);

/// Part of `count` entries from `first`; without a dimension of entries, `count` is 1.
FieldPart part_of(const FieldLayout& layout, std::size_t first, std::size_t count,
                  const Columns& columns);

/// The entries of a part for its columns [entry][column], as float or double; NaN where missing,
/// otherwise converted by `convert` unless it is null. Collective.
template <class Value>
std::vector<Value> read_columns(const NetcdfFile& file, const std::string& variable,
                                const FieldPart& part, std::size_t count,
                                const UnitConverter* convert = nullptr);

} // namespace glebe
