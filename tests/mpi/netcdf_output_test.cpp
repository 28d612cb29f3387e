// SPDX-License-Identifier: BSD-3-Clause
// Outputs: what is written comes back, and nothing is lost on the way.
#include "netcdf_fixture.hpp"

namespace glebe {
namespace {

/// A test that counts the incomplete outputs in its folder.
class OutputTest : public NetcdfFileTest {
protected:
  std::size_t partial_files() const {
    MPI_Barrier(ranks_.comm());
    std::size_t n = 0;
    for (const auto& entry : fs::directory_iterator(folder_))
      n += entry.path().extension() == ".partial";
    MPI_Barrier(ranks_.comm());
    return n;
  }
};

double cell(std::size_t time, std::size_t x) { return 100.0 * double(time) + double(x) + 0.25; }

TEST_F(NetcdfFileTest, HyperslabsComeBackAcrossRanks) {
  constexpr std::size_t n_time = 4;
  constexpr std::size_t n_x = 7;
  const auto [first, n] = columns_of(ranks_, n_x);
  {
    NetcdfFile file = NetcdfFile::create(ranks_, path("out.nc"));
    file.define_dimension("time", n_time);
    file.define_dimension("x", n_x);
    file.define_variable("t", Type::float64, {"time", "x"}, NetcdfFile::default_fill);
    file.define_variable("n", Type::int32, {"x"}, -1);
    file.define_variable("never", Type::float32, {"x"}, NetcdfFile::default_fill);
    file.define_variable("crs", Type::int32, {});
    file.end_definitions();
    Numbers values;
    for (std::size_t time = 0; time < n_time; ++time)
      for (std::size_t x = first; x < first + n; ++x)
        values.push_back(time == 1 && x == 2 ? missing : cell(time, x));
    file.write("t", {0, first}, {n_time, n}, values);
    Numbers indices;
    for (std::size_t x = first; x < first + n; ++x) indices.push_back(x == 3 ? missing : double(x));
    file.write("n", {first}, {n}, indices);
    file.write("crs", {}, {}, Numbers{42});
    file.commit();
  }
  const NetcdfFile file = NetcdfFile::open(ranks_, path("out.nc"));
  Numbers expected;
  for (std::size_t time = 0; time < n_time; ++time)
    for (std::size_t x = 0; x < n_x; ++x)
      expected.push_back(time == 1 && x == 2 ? missing : cell(time, x));
  expect_same(file.read_all("t"), expected);
  expect_same(file.read_all("n"), {0, 1, 2, missing, 4, 5, 6});
  expect_same(file.read_all("never"), Numbers(n_x, missing));
  expect_same(file.read_all("crs"), {42});
  // Each rank its own part, and one of them nothing.
  Numbers own;
  for (std::size_t x = first; x < first + n; ++x) own.push_back(cell(2, x));
  expect_same(file.read("t", {2, first}, {1, n}), own);
}

TEST_F(OutputTest, AnExistingFileIsUntouchedUntilCommit) {
  const fs::path name = path("result.nc");
  on_root([&] { std::ofstream(name) << "earlier results"; });
  const auto write = [&](NetcdfFile& file) {
    file.define_dimension("x", 3);
    file.define_variable("t", Type::float64, {"x"});
    file.end_definitions();
    file.write("t", {0}, {3}, Numbers{1, 2, 3});
  };
  {
    NetcdfFile file = NetcdfFile::create(ranks_, name);
    write(file);
    EXPECT_EQ(bytes(name), "earlier results");
    EXPECT_EQ(partial_files(), 1U);
  }
  MPI_Barrier(ranks_.comm());
  EXPECT_EQ(bytes(name), "earlier results");
  EXPECT_EQ(partial_files(), 0U);
  {
    NetcdfFile created = NetcdfFile::create(ranks_, name);
    NetcdfFile file = std::move(created);
    write(file);
    file.commit();
  }
  MPI_Barrier(ranks_.comm());
  EXPECT_EQ(partial_files(), 0U);
  expect_same(NetcdfFile::open(ranks_, name).read_all("t"), {1, 2, 3});
}

TEST_F(OutputTest, OutputsOfOneNameDoNotMeet) {
  const auto write = [&](NetcdfFile& file, double value) {
    file.define_variable("t", Type::float64, {});
    file.end_definitions();
    file.write("t", {}, {}, Numbers{value});
  };
  NetcdfFile first = NetcdfFile::create(ranks_, path("result.nc"));
  NetcdfFile second = NetcdfFile::create(ranks_, path("result.nc"));
  EXPECT_EQ(partial_files(), 2U);
  write(first, 1);
  write(second, 2);
  first.commit();
  expect_same(NetcdfFile::open(ranks_, path("result.nc")).read_all("t"), {1});
  second.commit();
  expect_same(NetcdfFile::open(ranks_, path("result.nc")).read_all("t"), {2});
  EXPECT_EQ(partial_files(), 0U);
}

TEST_F(OutputTest, ATrialInMemoryWritesNothing) {
  const fs::path name = path("trial.nc");
  NetcdfFile file = NetcdfFile::create_in_memory(ranks_, name);
  file.define_dimension("time", std::size_t{1} << 20);
  file.define_dimension("x", std::size_t{1} << 20);
  file.define_variable("t", Type::float64, {"time", "x"}, NetcdfFile::default_fill); // 8 TB
  EXPECT_THROW(file.define_variable("t", Type::float64, {"x"}), RunError);
  EXPECT_THROW(file.define_variable("a/b", Type::float64, {"x"}), RunError);
  file.end_definitions();
  file.commit();
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(NetcdfFileTest, DestinationsThatCannotBeWritten) {
  const std::string text = complaint([&] { NetcdfFile::create(ranks_, path("no/such/out.nc")); });
  EXPECT_TRUE(contains(text, "out.nc") && contains(text, "no folder")) << text;
  EXPECT_TRUE(contains(complaint([&] { NetcdfFile::create(ranks_, folder_); }), "is a folder"));
  EXPECT_TRUE(contains(complaint([&] { NetcdfFile::create(ranks_, "/dev/null"); }),
                       "/dev/null: cannot be written, it exists and is not a regular file"));
  EXPECT_TRUE(contains(complaint([&] { NetcdfFile::create(ranks_, "/proc/out.nc"); }),
                       "/proc/out.nc: cannot be written"));
}

TEST_F(NetcdfFileTest, WritingRefusesWhatDoesNotFit) {
  NetcdfFile file = NetcdfFile::create(ranks_, path("out.nc"));
  file.define_dimension("x", 3);
  EXPECT_NO_THROW(file.define_dimension("x", 3));
  EXPECT_THROW(file.define_dimension("x", 4), RunError);
  EXPECT_THROW(file.define_variable("t", Type::float64, {"y"}), RunError);
  file.define_variable("t", Type::float64, {"x"});
  file.define_variable("n", Type::int32, {"x"});
  file.end_definitions();
  EXPECT_THROW(file.write("t", {0}, {3}, Numbers{1, 2}), RunError);
  EXPECT_THROW(file.write("t", {1}, {3}, Numbers{1, 2, 3}), RunError);
  // Wrong on the root alone: the other ranks must not wait for it.
  const std::size_t start = ranks_.is_root() ? 3 : 0;
  EXPECT_THROW(file.write("t", {start}, {1}, Numbers{1}), RunError);
  EXPECT_THROW(file.write("n", {0}, {3}, Numbers{1, missing, 3}), RunError);
  EXPECT_NO_THROW(file.write("t", {0}, {3}, Numbers{1, missing, 3}));
}

TEST_F(NetcdfFileTest, PutAttributes) {
  {
    NetcdfFile file = NetcdfFile::create(ranks_, path("out.nc"));
    file.define_variable("status", Type::byte, {}, -127);
    file.put_attribute("status", "flag_values", {0, 1, 2}, Type::byte);
    file.put_attribute("status", "flag_meanings", "good bad ugly");
    file.put_attribute("status", "half", 0.5);
    file.put_attribute("status", "seven", 7);
    file.put_attribute("", "Conventions", "CF-1.10");
    file.end_definitions();
    file.commit();
  }
  const NetcdfFile file = NetcdfFile::open(ranks_, path("out.nc"));
  EXPECT_EQ(file.attribute_type("status", "flag_values"), Type::byte);
  EXPECT_EQ(file.number_attributes("status", "flag_values"), (Numbers{0, 1, 2}));
  EXPECT_EQ(file.number_attribute("status", "_FillValue"), -127);
  EXPECT_EQ(file.text_attribute("status", "flag_meanings"), "good bad ugly");
  EXPECT_EQ(file.number_attribute("status", "half"), 0.5);
  EXPECT_EQ(file.attribute_type("status", "seven"), Type::int32);
  EXPECT_EQ(file.text_attribute("", "Conventions"), "CF-1.10");
  expect_same(file.read_all("status"), {missing}); // never written
}

/// A copy gives way to what is there: dimensions by another name, attributes by none.
TEST_F(OutputTest, CopiesGiveWay) {
  const fs::path name = foreign_file("in.nc", NC_NETCDF4, [](int id) {
    int dimensions[2];
    int corners = 0;
    int kind = 0;
    int type = 0;
    int blob = 0;
    nc_def_dim(id, "x", NC_UNLIMITED, &dimensions[0]);
    nc_def_dim(id, "nv", 4, &dimensions[1]);
    nc_def_opaque(id, 3, "blob_t", &type);
    nc_def_var(id, "blob", type, 0, nullptr, &blob);
    nc_def_var(id, "corners", NC_INT, 2, dimensions, &corners);
    nc_def_enum(id, NC_BYTE, "kind", &kind);
    const signed char sand = 1;
    nc_insert_enum(id, kind, "sand", &sand);
    nc_put_att(id, corners, "soil", kind, 1, &sand);
    nc_put_att_text(id, corners, "units", 1, "m");
    nc_enddef(id);
    const int values[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const std::size_t start[] = {0, 0};
    const std::size_t count[] = {2, 4};
    EXPECT_EQ(nc_put_vara_int(id, corners, start, count, values), NC_NOERR);
  });
  const NetcdfFile from = NetcdfFile::open(ranks_, name);
  EXPECT_TRUE(from.is_user_defined("blob"));
  EXPECT_FALSE(from.is_user_defined("corners"));
  EXPECT_TRUE(contains(complaint([&] { from.variable("blob"); }), "user-defined type"));
  NetcdfFile file = NetcdfFile::create(ranks_, path("out.nc"));
  file.define_dimension("x", 2);
  file.define_dimension("nv", 2);
  const Texts refused = file.copy_variable(from, "corners");
  EXPECT_EQ(file.attribute_names("corners"), Texts{"units"});
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_TRUE(contains(refused[0], "variable 'corners': its attribute soil")) << refused[0];
  EXPECT_EQ(file.variable("corners").dimensions[0].name, "x");
  EXPECT_EQ(file.variable("corners").dimensions[1].name, "nv_4");
  file.end_definitions();
  file.copy_values(from, "corners");
  file.commit();
  expect_same(NetcdfFile::open(ranks_, path("out.nc")).read_all("corners"),
              {0, 1, 2, 3, 4, 5, 6, 7});
}

/// Station names and packed coordinates, out of a NetCDF-4 file with strings or a classic one.
class CopyTest : public NetcdfFileTest, public testing::WithParamInterface<int> {};

TEST_P(CopyTest, CoordinatesAreCarriedOver) {
  const bool has_strings = GetParam() == NC_NETCDF4;
  const fs::path name = foreign_file("in.nc", GetParam(), [&](int id) {
    int x = 0;
    int letters[2];
    int lat = 0;
    int crs = 0;
    int fixed = 0;
    int strings = 0;
    nc_def_dim(id, "station", 4, &x);
    letters[0] = x;
    nc_def_dim(id, "letters", 5, &letters[1]);
    nc_def_var(id, "lat", NC_SHORT, 1, &x, &lat);
    const double scale = 0.25;
    const short fill = -99;
    nc_put_att_double(id, lat, "scale_factor", NC_DOUBLE, 1, &scale);
    nc_put_att_short(id, lat, "_FillValue", NC_SHORT, 1, &fill);
    nc_put_att_text(id, lat, "units", 13, "degrees_north");
    nc_def_var(id, "crs", NC_INT, 0, nullptr, &crs);
    nc_put_att_text(id, crs, "grid_mapping_name", 18, "latitude_longitude");
    nc_def_var(id, "fixed", NC_CHAR, 2, letters, &fixed);
    if (has_strings) {
      nc_def_var(id, "name", NC_STRING, 1, &x, &strings);
      const char* role = "timeseries_id";
      nc_put_att_string(id, strings, "cf_role", 1, &role);
    }
    nc_enddef(id);
    const short lats[] = {4, 8, -99, 16};
    EXPECT_EQ(nc_put_var_short(id, lat, lats), NC_NOERR);
    const int code = 4326;
    EXPECT_EQ(nc_put_var_int(id, crs, &code), NC_NOERR);
    EXPECT_EQ(nc_put_var_text(id, fixed, "Akko Bonn CairoDelhi"), NC_NOERR);
    const char* names[] = {"West Phoenix", "", "Z\u00fcrich", "Ny-\u00c5lesund"};
    if (has_strings) {
      EXPECT_EQ(nc_put_var_string(id, strings, names), NC_NOERR);
    }
  });
  const NetcdfFile from = NetcdfFile::open(ranks_, name);
  {
    NetcdfFile file = NetcdfFile::create(ranks_, path("out.nc"));
    for (const std::string& variable : from.variable_names())
      EXPECT_TRUE(file.copy_variable(from, variable).empty());
    file.end_definitions();
    for (const std::string& variable : from.variable_names()) file.copy_values(from, variable);
    file.commit();
  }
  const NetcdfFile file = NetcdfFile::open(ranks_, path("out.nc"));
  EXPECT_EQ(file.variable("lat").type, Type::int16);
  EXPECT_EQ(file.attribute_names("lat").size(), 3U);
  EXPECT_EQ(file.text_attribute("lat", "units"), "degrees_north");
  expect_same(file.read_all("lat"), {1, 2, missing, 4});
  expect_same(file.read_all("crs"), {4326});
  EXPECT_EQ(file.text_attribute("crs", "grid_mapping_name"), "latitude_longitude");
  EXPECT_EQ(file.read_texts("fixed"), (Texts{"Akko", "Bonn", "Cairo", "Delhi"}));
  if (!has_strings) return;
  const Texts names{"West Phoenix", "", "Z\u00fcrich", "Ny-\u00c5lesund"};
  EXPECT_EQ(from.read_texts("name"), names);
  EXPECT_EQ(file.read_texts("name"), names);
  EXPECT_EQ(file.text_attribute("name", "cf_role"), "timeseries_id");
}

INSTANTIATE_TEST_SUITE_P(Formats, CopyTest, testing::Values(NC_NETCDF4, 0, NC_64BIT_DATA));

} // namespace
} // namespace glebe
