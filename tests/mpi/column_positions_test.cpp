// SPDX-License-Identifier: BSD-3-Clause
// Latitude and longitude of the columns, from files as other programs write them.
#include "glebe/data/column_positions.hpp"
#include "glebe/data/file_series.hpp"

#include <map>

#include "netcdf_fixture.hpp"

namespace glebe {
namespace {

constexpr std::size_t n_y = 2, n_x = 3;
using Attributes = std::vector<std::pair<std::string, std::string>>;

struct Variable {
  std::string name;
  std::vector<std::string> dimensions;
  Attributes attributes;
  Numbers values;
};
const Attributes in_north{{"units", "degrees_north"}}, in_east{{"units", "degrees_east"}};

class ColumnPositionsTest : public NetcdfFileTest {
protected:
  // A file with t over `grid`, some of y, x and one (of length 1).
  std::vector<Position> read(const std::vector<std::string>& grid,
                             const std::vector<Variable>& variables,
                             const Attributes& attributes = {}, const std::string& linked = "",
                             const SiteSettings& site = {}) const {
    const auto length = [](const std::string& name) {
      return name == "y" ? n_y : name == "x" ? n_x : std::size_t{1};
    };
    const fs::path file = foreign_file("grid.nc", NC_NETCDF4, [&](int id) {
      std::map<std::string, int> dimensions;
      for (const char* name : {"y", "x", "one"})
        nc_def_dim(id, name, length(name), &dimensions[name]);
      const auto define = [&](const Variable& variable) {
        std::vector<int> ids;
        for (const std::string& name : variable.dimensions) ids.push_back(dimensions[name]);
        int number = 0;
        nc_def_var(id, variable.name.c_str(), NC_DOUBLE, int(ids.size()), ids.data(), &number);
        for (const auto& [name, text] : variable.attributes)
          nc_put_att_text(id, number, name.c_str(), text.size(), text.c_str());
        if (!variable.values.empty()) nc_put_var_double(id, number, variable.values.data());
      };
      define({"t", grid, linked.empty() ? Attributes{} : Attributes{{"coordinates", linked}}, {}});
      for (const Variable& variable : variables) define(variable);
      for (const auto& [name, text] : attributes)
        nc_put_att_text(id, NC_GLOBAL, name.c_str(), text.size(), text.c_str());
    });
    const Columns columns(ranks_, horizontal_grid(NetcdfFile::open(ranks_, file), "t"));
    const auto positions = read_positions(site, columns);
    Numbers all;
    for (const Position& position : positions) {
      all.push_back(position.latitude);
      all.push_back(position.longitude);
    }
    all = ranks_.all_gather(all);
    std::vector<Position> everywhere;
    for (std::size_t i = 0; i < all.size(); i += 2) everywhere.push_back({all[i], all[i + 1]});
    return everywhere;
  }
};

void expect(const Position& position, double latitude, double longitude) {
  EXPECT_NEAR(position.latitude, latitude, 1e-9);
  EXPECT_NEAR(position.longitude, longitude, 1e-9);
}

TEST_F(ColumnPositionsTest, OfASite) {
  const std::vector<Variable> scalars{{"a", {}, in_north, {31.5}}, {"b", {}, in_east, {-109.5}}};
  for (const std::string& linked : {std::string(), std::string("a b")})
    expect(read({}, scalars, {}, linked).front(), 31.5, -109.5);
  expect(read({}, {{"lat", {"one"}, {{"standard_name", "latitude"}, {"units", "rad"}}, {0.5}},
                   {"LON", {"one"}, {}, {250}}})
             .front(),
         28.64788975654116, 250.0);
  expect(read({}, {}, {{"geospatial_lat_min", "31.5"}, {"longitude", "-109.5"}}).front(), 31.5,
         -109.5);
  SiteSettings site;
  site.latitude = -5.0;
  site.longitude = 10.0;
  expect(read({}, scalars, {}, "", site).front(), -5.0, 10.0);
}

TEST_F(ColumnPositionsTest, OfGridsAndStations) {
  const auto crossed =
      read({"y", "x"}, {{"y", {"y"}, in_north, {10, 20}}, {"x", {"x"}, in_east, {1, 2, 3}}});
  ASSERT_EQ(crossed.size(), 6u);
  expect(crossed[0], 10, 1);
  expect(crossed[5], 20, 3);
  // Fields in another order of their dimensions, without an attribute that links them.
  const auto fields = read({"y", "x"}, {{"latitude", {"x", "y"}, in_north, {1, 2, 3, 4, 5, 6}},
                                        {"longitude", {"y", "x"}, in_east, {7, 8, 9, 10, 11, 12}}});
  expect(fields[1], 3, 8);
  expect(fields[3], 2, 10);
  const auto stations =
      read({"x"}, {{"lat", {"x"}, in_north, {1, 2, 3}}, {"lon", {"x"}, in_east, {4, 5, 6}}});
  expect(stations[2], 3, 6);
  // Those that belong to the variable come before others.
  const auto linked = read({"x"},
                           {{"lat", {"x"}, in_north, {1, 2, 3}},
                            {"lon", {"x"}, in_east, {4, 5, 6}},
                            {"other", {"x"}, in_north, {7, 8, 9}}},
                           {}, "other lon");
  expect(linked[1], 8, 5);
}

TEST_F(ColumnPositionsTest, NotKnown) {
  // One coordinate alone, a rotated pole, corners of other dimensions, values that cannot be.
  EXPECT_FALSE(read({"x"}, {{"lat", {"x"}, in_north, {1, 2, 3}}})[0].known());
  const Attributes rotated{{"units", "degrees"}, {"standard_name", "grid_latitude"}};
  EXPECT_TRUE(std::isnan(read({"x"}, {{"rlat", {"x"}, rotated, {1, 2, 3}}})[0].latitude));
  EXPECT_TRUE(std::isnan(read({"x"}, {{"corner", {"y"}, in_north, {1, 2}}})[0].latitude));
  EXPECT_TRUE(std::isnan(read({}, {{"lat", {}, in_north, {-9999}}})[0].latitude));
  EXPECT_TRUE(std::isnan(read({}, {}, {{"latitude", "31.5 N"}})[0].latitude));
  EXPECT_TRUE(std::isnan(read({"x"}, {}, {{"latitude", "31.5"}})[0].latitude));
}

} // namespace
} // namespace glebe
