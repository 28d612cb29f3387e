// SPDX-License-Identifier: BSD-3-Clause
// The partition of columns over any number of ranks.
#include "glebe/grid/columns.hpp"

#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace glebe {
namespace {

struct Case {
  std::string name;
  HorizontalGrid grid;
  std::vector<bool> active; ///< empty: all

  friend void PrintTo(const Case& one, std::ostream* stream) { *stream << one.name; }
};

// Active where the pattern, repeated over the cells, has a '#'.
std::vector<bool> mask(std::size_t n_cell, const std::string& pattern) {
  std::vector<bool> active(n_cell);
  for (std::size_t cell = 0; cell < n_cell; ++cell)
    active[cell] = pattern[cell % pattern.size()] == '#';
  return active;
}

std::vector<Case> cases() {
  const auto line = [](std::size_t n) { return HorizontalGrid{{{"station", n}}}; };
  const auto plane = [](std::size_t n_y, std::size_t n_x) {
    return HorizontalGrid{{{"y", n_y}, {"x", n_x}}};
  };
  return {{"site", {}, {}},
          {"one_station", line(1), {}},
          {"stations", line(17), {}},
          {"fewer_stations_than_ranks", line(3), {}},
          {"stations_with_holes_at_both_ends", line(12), mask(12, "..##.###.#..")},
          {"one_active_station", line(9), mask(9, "......#..")},
          {"plane", plane(5, 7), {}},
          {"plane_of_one_row", plane(1, 11), {}},
          {"plane_of_one_column", plane(11, 1), {}},
          {"plane_with_holes_at_both_ends", plane(4, 6), mask(24, ".......##.#.####...#....")},
          {"plane_with_a_hole_in_the_first_cell", plane(3, 4), mask(12, ".###########")},
          {"plane_with_a_hole_in_the_last_cell", plane(3, 4), mask(12, "###########.")},
          {"plane_of_scattered_columns", plane(13, 9), mask(117, "#...#.....#")},
          {"plane_with_one_column_at_its_end", plane(3, 3), mask(9, "........#")},
          {"stations_all_inactive", line(5), mask(5, ".")},
          {"plane_all_inactive", plane(2, 3), mask(6, ".")}};
}

std::vector<std::size_t> active_cells(const Case& one) {
  std::vector<std::size_t> cells;
  for (std::size_t cell = 0; cell < one.grid.n_cell(); ++cell)
    if (one.active.empty() || one.active[cell]) cells.push_back(cell);
  return cells;
}

// The values of all ranks, in the order of ranks.
std::vector<std::size_t> from_all_ranks(const Ranks& ranks, const std::vector<std::size_t>& local) {
  const std::vector<double> all = ranks.all_gather({local.begin(), local.end()});
  return {all.begin(), all.end()};
}

// The cells of a hyperslab, row by row.
std::vector<std::size_t> cells_of(const HorizontalGrid& grid, const Hyperslab& slab) {
  std::vector<std::size_t> cells;
  for (std::size_t k = 0; k < slab.size(); ++k) {
    std::size_t cell = 0, stride = 1, rest = k;
    for (std::size_t d = grid.dimensions.size(); d-- > 0;) {
      cell += (slab.start[d] + rest % slab.count[d]) * stride;
      rest /= slab.count[d];
      stride *= grid.dimensions[d].length;
    }
    cells.push_back(cell);
  }
  return cells;
}

std::vector<std::size_t> all_cells(const HorizontalGrid& grid) {
  std::vector<std::size_t> cells(grid.n_cell());
  for (std::size_t cell = 0; cell < cells.size(); ++cell) cells[cell] = cell;
  return cells;
}

class ColumnsOf : public testing::TestWithParam<Case> {
protected:
  Ranks ranks{MPI_COMM_WORLD};
  const Case& one = GetParam();
  Columns columns{ranks, one.grid, one.active};
};

TEST_P(ColumnsOf, ranks_share_the_active_cells_in_order) {
  const std::vector<std::size_t> expected = active_cells(one);
  EXPECT_EQ(columns.n_active(), expected.size());
  EXPECT_EQ(columns.n_local(), columns.cells().size());
  EXPECT_EQ(from_all_ranks(ranks, columns.cells()), expected);
  EXPECT_EQ(static_cast<std::int64_t>(columns.first()),
            ranks.exclusive_sum(static_cast<std::int64_t>(columns.n_local())));
}

TEST_P(ColumnsOf, shares_are_equal_to_within_one) {
  const auto counts = from_all_ranks(ranks, {columns.n_local()});
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  EXPECT_LE(*most - *least, 1u);
}

TEST_P(ColumnsOf, blocks_hold_all_columns) {
  for (const std::size_t lanes : {1, 2, 4, 8}) {
    const std::size_t room = columns.n_block(lanes) * lanes;
    EXPECT_GE(room, columns.n_local());
    EXPECT_LT(room, columns.n_local() + lanes);
  }
}

TEST_P(ColumnsOf, ranks_write_every_cell_once) {
  std::vector<std::size_t> range;
  for (std::size_t cell = columns.first_cell(); cell < columns.last_cell(); ++cell)
    range.push_back(cell);
  EXPECT_EQ(from_all_ranks(ranks, range), all_cells(one.grid));
  for (const std::size_t cell : columns.cells())
    EXPECT_TRUE(columns.first_cell() <= cell && cell < columns.last_cell()) << cell;

  const std::vector<Hyperslab> slabs = columns.owned_slabs();
  // Writing is collective: as many blocks on every rank.
  const auto n_slab = static_cast<std::int64_t>(slabs.size());
  EXPECT_EQ(ranks.max(n_slab), -ranks.max(-n_slab));
  std::vector<std::size_t> written;
  for (const Hyperslab& slab : slabs) {
    ASSERT_EQ(slab.start.size(), one.grid.dimensions.size());
    ASSERT_EQ(slab.count.size(), one.grid.dimensions.size());
    for (std::size_t d = 0; d < slab.start.size(); ++d)
      EXPECT_LE(slab.start[d] + slab.count[d], one.grid.dimensions[d].length);
    const auto cells = cells_of(one.grid, slab);
    written.insert(written.end(), cells.begin(), cells.end());
  }
  // A variable without dimensions is written by all ranks alike.
  EXPECT_EQ(written, one.grid.dimensions.empty() ? all_cells(one.grid) : range);
}

TEST_P(ColumnsOf, bounding_box_is_the_smallest_around_the_columns) {
  const Hyperslab& box = columns.bounding_box();
  const std::size_t n_dim = one.grid.dimensions.size();
  ASSERT_EQ(box.start.size(), n_dim);
  ASSERT_EQ(box.count.size(), n_dim);
  if (columns.n_local() == 0) {
    EXPECT_EQ(box.count, std::vector<std::size_t>(n_dim, 0));
    return;
  }
  const auto index = [&](std::size_t cell, std::size_t d) {
    for (std::size_t inner = n_dim - 1; inner > d; --inner)
      cell /= one.grid.dimensions[inner].length;
    return cell % one.grid.dimensions[d].length;
  };
  for (std::size_t d = 0; d < n_dim; ++d) {
    std::vector<std::size_t> indices;
    for (const std::size_t cell : columns.cells()) indices.push_back(index(cell, d));
    const auto [least, most] = std::minmax_element(indices.begin(), indices.end());
    EXPECT_EQ(box.start[d], *least);
    EXPECT_EQ(box.count[d], *most - *least + 1);
  }
}

TEST_P(ColumnsOf, position_in_box_leads_to_the_cell) {
  const auto inside = cells_of(one.grid, columns.bounding_box());
  for (std::size_t column = 0; column < columns.n_local(); ++column)
    EXPECT_EQ(inside.at(columns.position_in_box(column)), columns.cells()[column]);
}

INSTANTIATE_TEST_SUITE_P(Grids, ColumnsOf, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.name; });

// Most of the work in the last tenth of the stations: it must be shared, not the stations.
TEST(Columns, follow_the_work) {
  const Ranks ranks;
  constexpr std::size_t n = 600;
  std::vector<double> work(n, 1e-3);
  for (std::size_t i = n - n / 10; i < n; ++i) work[i] = 1.0;
  const Columns columns(ranks, {{{"station", n}}}, {}, work);
  double mine = 0.0;
  for (const std::size_t cell : columns.cells()) mine += work[cell];
  const double total = ranks.sum(mine);
  EXPECT_NEAR(mine, total / ranks.size(), 1.0);
  EXPECT_EQ(ranks.sum(static_cast<std::int64_t>(columns.n_local())), std::int64_t{n});
  EXPECT_EQ(static_cast<std::int64_t>(columns.first()),
            ranks.exclusive_sum(static_cast<std::int64_t>(columns.n_local())));
}

TEST(Columns, are_labelled_by_their_indices) {
  const Ranks self(MPI_COMM_SELF);
  EXPECT_EQ(Columns(self, {}).label(0), "the site");
  EXPECT_EQ(Columns(self, {{{"station", 5}}}, mask(5, "..#.#")).label(1), "column station=4");
  EXPECT_EQ(Columns(self, {{{"y", 4}, {"x", 9}}}).label(3 * 9 + 7), "column y=3, x=7");
}

TEST(HorizontalGrid, counts_and_names) {
  const HorizontalGrid plane{{{"lat", 4}, {"lon", 9}}};
  EXPECT_EQ(plane.n_cell(), 36u);
  EXPECT_EQ(plane.names(), (std::vector<std::string>{"lat", "lon"}));
  EXPECT_EQ(HorizontalGrid{}.n_cell(), 1u);
}

} // namespace
} // namespace glebe

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  // A failure on any rank fails the run.
  int failed = RUN_ALL_TESTS();
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return failed;
}
