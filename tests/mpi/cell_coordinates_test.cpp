// SPDX-License-Identifier: BSD-3-Clause
// Where cells lie, from files as other programs write them: distances against the sphere's own
// arcs, and what is refused.
#include "glebe/data/cell_coordinates.hpp"

#include <numbers>

#include "netcdf_fixture.hpp"

namespace glebe {
namespace {

constexpr double degree = earth_radius * std::numbers::pi / 180.0; ///< of a meridian [m]
constexpr std::size_t n_y = 3, n_x = 4;

struct Coordinate {
  std::string name;
  std::vector<std::string> dimensions;
  std::vector<std::pair<std::string, std::string>> attributes;
  Numbers values;
};

Numbers steps(std::size_t n, double first, double step) {
  Numbers values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(first + step * double(i));
  return values;
}

// Values of all cells, row by row.
template <class Function>
Numbers field(Function function) {
  Numbers values;
  for (std::size_t y = 0; y < n_y; ++y)
    for (std::size_t x = 0; x < n_x; ++x) values.push_back(function(double(y), double(x)));
  return values;
}

class CellCoordinatesTest : public NetcdfFileTest {
protected:
  /// A file with a variable t(y, x), or t(x) alone.
  fs::path file(const std::vector<Coordinate>& coordinates, const std::string& attribute = "",
                bool two_dimensions = true) const {
    return foreign_file("grid.nc", NC_NETCDF4, [&](int id) {
      int y = 0, x = 0, t = 0;
      nc_def_dim(id, "y", n_y, &y);
      nc_def_dim(id, "x", n_x, &x);
      const int grid[] = {y, x};
      nc_def_var(id, "t", NC_DOUBLE, two_dimensions ? 2 : 1, two_dimensions ? grid : &x, &t);
      if (!attribute.empty())
        nc_put_att_text(id, t, "coordinates", attribute.size(), attribute.c_str());
      for (const Coordinate& coordinate : coordinates) {
        std::vector<int> dimensions;
        for (const std::string& name : coordinate.dimensions)
          dimensions.push_back(name == "y" ? y : x);
        int variable = 0;
        nc_def_var(id, coordinate.name.c_str(), NC_DOUBLE, int(dimensions.size()),
                   dimensions.data(), &variable);
        for (const auto& [name, text] : coordinate.attributes)
          nc_put_att_text(id, variable, name.c_str(), text.size(), text.c_str());
        nc_put_var_double(id, variable, coordinate.values.data());
      }
    });
  }

  CellGeometry read(const fs::path& path, const std::vector<bool>& active = {}) const {
    const Columns columns(ranks_, HorizontalGrid{{{"y", n_y}, {"x", n_x}}}, active);
    return read_cell_geometry(ranks_, {path, "t"}, columns);
  }
};

TEST_F(CellCoordinatesTest, LatitudeAndLongitudeByDimension) {
  const CellGeometry cells =
      read(file({{"y", {"y"}, {{"units", "degrees_north"}}, steps(n_y, -1.0, 1.0)},
                 {"x", {"x"}, {{"units", "degreesE"}}, steps(n_x, 178.0, 1.0)}}));
  // A degree of the equator is as long as one of a meridian, and the date line is no edge.
  EXPECT_NEAR(cells.distance(4, 5), degree, 1e-9 * degree);
  EXPECT_NEAR(cells.distance(5, 7), 2.0 * degree, 1e-9 * degree);
  EXPECT_NEAR(cells.distance(1, 9), 2.0 * degree, 1e-9 * degree);
  EXPECT_NEAR(cells.area(5), degree * degree, 1e-9 * degree * degree);
  // One degree from the equator a parallel is shorter by its cosine; the arc is that to 1e-8.
  EXPECT_NEAR(cells.spacing(1, 1), degree * std::cos(std::numbers::pi / 180.0), 1e-6 * degree);
  // The face between rows 0 and 1 is the mean of their widths.
  EXPECT_NEAR(cells.shared_face(1, 5, 0), 0.5 * (cells.spacing(1, 1) + degree), 1e-9 * degree);
  EXPECT_NEAR(cells.shared_face(5, 6, 1), degree, 1e-9 * degree);
}

TEST_F(CellCoordinatesTest, LatitudeAndLongitudeOfEveryCellByStandardName) {
  const CellGeometry cells =
      read(file({{"lat",
                  {"y", "x"},
                  {{"standard_name", "latitude"}, {"units", "degrees"}},
                  field([](double y, double) { return 60.0 + 0.1 * y; })},
                 {"lon",
                  {"y", "x"},
                  {{"standard_name", "longitude"}, {"units", "degrees"}},
                  field([](double y, double x) { return -3.0 + 0.2 * x + 0.0 * y; })}},
                "lat lon"));
  EXPECT_NEAR(cells.distance(0, 4), 0.1 * degree, 1e-9 * degree);
  // Half a parallel's chord: 0.2 degrees at 60 north are 0.1 of a meridian, less 1e-7.
  EXPECT_NEAR(cells.distance(0, 1), 0.1 * degree, 1e-6 * degree);
}

// A rotated pole's own axes have degrees that are no latitudes; the true ones come with the
// attribute.
TEST_F(CellCoordinatesTest, TrueCoordinatesGoBeforeRotatedOnesAndLengths) {
  const auto latitude = [](double y, double) { return 2.0 * y; };
  const auto longitude = [](double, double x) { return 3.0 * x; };
  const CellGeometry cells =
      read(file({{"y",
                  {"y"},
                  {{"standard_name", "grid_latitude"}, {"units", "degrees"}},
                  steps(n_y, 0.0, 1.0)},
                 {"x",
                  {"x"},
                  {{"standard_name", "projection_x_coordinate"}, {"units", "m"}},
                  steps(n_x, 0.0, 1.0)},
                 {"north", {"y", "x"}, {{"units", "degree_N"}}, field(latitude)},
                 {"east", {"y", "x"}, {{"units", "degree_E"}}, field(longitude)}},
                "north east"));
  EXPECT_NEAR(cells.distance(0, 4), 2.0 * degree, 1e-9 * degree);
  EXPECT_NEAR(cells.distance(0, 1), 3.0 * degree, 1e-9 * degree);
}

TEST_F(CellCoordinatesTest, ProjectedCoordinatesInAnyUnitOfLength) {
  const CellGeometry cells = read(file({{"y", {"y"}, {{"units", "km"}}, {0.0, 2.0, 5.0}},
                                        {"x", {"x"}, {{"units", "m"}}, steps(n_x, 9.0, -500.0)}}));
  EXPECT_DOUBLE_EQ(cells.distance(0, 4), 2000.0);
  EXPECT_DOUBLE_EQ(cells.distance(0, 5), std::hypot(2000.0, 500.0));
  EXPECT_DOUBLE_EQ(cells.spacing(4, 0), 2500.0);
  EXPECT_DOUBLE_EQ(cells.spacing(8, 0), 3000.0);
  EXPECT_DOUBLE_EQ(cells.area(4), 2500.0 * 500.0);
  EXPECT_EQ(cells.neighbour(3, 1, 1), std::nullopt);
  EXPECT_EQ(cells.neighbour(3, 0, 0), std::nullopt);
  EXPECT_EQ(cells.neighbour(3, 0, 1), 7u);
  EXPECT_EQ(cells.neighbour(3, 1, 0), 2u);
}

// Coordinates are often missing where there is no land. They matter at columns alone.
TEST_F(CellCoordinatesTest, CentresMayBeMissingOffTheColumns) {
  const auto path = file(
      {{"lat", {"y", "x"}, {{"units", "degrees_north"}}, field([](double y, double x) {
          return x > 2 ? missing : y;
        })},
       {"lon", {"y", "x"}, {{"units", "degrees_east"}}, field([](double, double x) { return x; })}},
      "lat lon");
  std::vector<bool> active(n_y * n_x, true);
  for (const std::size_t cell : {3, 7, 11}) active[cell] = false;
  EXPECT_NEAR(read(path, active).spacing(2, 1), degree, 1e-9 * degree);
  const std::string text = complaint([&] { read(path); });
  EXPECT_TRUE(contains(text, "'lat'") && contains(text, "'lon'")) << text;
  EXPECT_TRUE(contains(text, "column y=0, x=3")) << text;
}

TEST_F(CellCoordinatesTest, RefusesWhatDoesNotPlaceTheCells) {
  const auto refuses = [&](const fs::path& path, const std::vector<std::string>& parts) {
    const std::string text = complaint([&] { read(path); });
    EXPECT_TRUE(contains(text, "correlation_length needs")) << text;
    for (const std::string& part : parts) EXPECT_TRUE(contains(text, part)) << text;
  };
  refuses(file({}), {"found none", "(y, x)"});
  refuses(file({{"y", {"y"}, {{"units", "degrees_north"}}, steps(n_y, 0.0, 1.0)},
                {"x", {"x"}, {{"units", "1"}}, steps(n_x, 0.0, 1.0)}}),
          {"y(y) in 'degrees_north'", "x(x) in '1'"});
  refuses(file({{"y", {"y"}, {{"units", "m"}}, steps(n_y, 0.0, 0.0)},
                {"x", {"x"}, {{"units", "m"}}, steps(n_x, 0.0, 1.0)}}),
          {"missing or equal"});

  const auto path = file({}, "", false);
  const Columns stations(ranks_, HorizontalGrid{{{"x", n_x}}});
  EXPECT_TRUE(contains(complaint([&] {
                         read_cell_geometry(ranks_, {path, "t"}, stations);
                       }),
                       "found the dimensions (x)"));
  const Columns site(ranks_, HorizontalGrid{});
  EXPECT_TRUE(
      contains(complaint([&] { read_cell_geometry(ranks_, {}, site); }), "found a single column"));
  EXPECT_TRUE(contains(complaint([] {
                         const HorizontalGrid strip{{{"y", 1}, {"x", 2}}};
                         CellGeometry(strip, Metric::plane, {0.0, 0.0}, {0.0, 1.0});
                       }),
                       "found y = 1, x = 2"));
}

} // namespace
} // namespace glebe
