// SPDX-License-Identifier: BSD-3-Clause
// Inputs: what other programs write is read right, on any number of ranks.
#include "glebe/data/time_axis.hpp"

#include "netcdf_fixture.hpp"

namespace glebe {
namespace {

TEST_F(NetcdfFileTest, AFailureOnOneRankIsThrownOnAll) {
  const fs::path name = foreign_file("short.nc", NC_NETCDF4, [](int id) {
    int x = 0;
    int variable = 0;
    nc_def_dim(id, "x", 5, &x);
    nc_def_var(id, "t", NC_DOUBLE, 1, &x, &variable);
  });
  const NetcdfFile file = NetcdfFile::open(ranks_, name);
  const std::size_t count = ranks_.is_root() ? 6 : 1;
  const std::string text = complaint([&] { file.read("t", {0}, {count}); });
  EXPECT_TRUE(contains(text, "variable 't'")) << text;
  EXPECT_TRUE(contains(text, "(6)") && contains(text, "(5)")) << text;
  EXPECT_THROW(file.read("t", {0, 0}, {1, 1}), InputError);
}

/// Packed data as ECMWF and others write them; the same bytes in three formats.
class PackedTest : public NetcdfFileTest, public testing::WithParamInterface<int> {};

TEST_P(PackedTest, PackingAndMissingValues) {
  const fs::path name = foreign_file("packed.nc", GetParam(), [](int id) {
    int x = 0;
    nc_def_dim(id, "x", 6, &x);
    const auto define = [&](const char* variable, nc_type type) {
      int result = 0;
      EXPECT_EQ(nc_def_var(id, variable, type, 1, &x, &result), NC_NOERR);
      return result;
    };
    const auto put = [&](int variable, const char* attribute, nc_type type, const Numbers& n) {
      EXPECT_EQ(nc_put_att_double(id, variable, attribute, type, n.size(), n.data()), NC_NOERR);
    };
    const int packed = define("packed", NC_SHORT);
    put(packed, "scale_factor", NC_DOUBLE, {0.5});
    put(packed, "add_offset", NC_DOUBLE, {273});
    put(packed, "_FillValue", NC_SHORT, {-9999});
    put(packed, "missing_value", NC_SHORT, {-8888, -7777});
    put(packed, "valid_range", NC_SHORT, {-100, 100});
    const int limited = define("limited", NC_SHORT);
    put(limited, "scale_factor", NC_DOUBLE, {0.5});
    put(limited, "valid_max", NC_DOUBLE, {10});
    const int single = define("single", NC_FLOAT);
    put(single, "missing_value", NC_DOUBLE, {-9999.9});
    put(single, "valid_min", NC_FLOAT, {-100});
    const int flags = define("flags", NC_BYTE);
    const int bytes = define("unsigned", NC_BYTE);
    nc_put_att_text(id, bytes, "_Unsigned", 4, "true");
    put(bytes, "_FillValue", NC_BYTE, {-1});
    put(bytes, "scale_factor", NC_FLOAT, {0.5});
    const int plain = define("plain", NC_DOUBLE);
    const int text = define("text", NC_CHAR);
    EXPECT_EQ(nc_enddef(id), NC_NOERR);
    const auto write = [&](int variable, const Numbers& n) {
      EXPECT_EQ(nc_put_var_double(id, variable, n.data()), NC_NOERR);
    };
    write(packed, {0, 100, -9999, -8888, -7777, 101});
    write(limited, {0, 20, 21, NC_FILL_SHORT, 2, 4});
    write(single, {1.5, -9999.9, NC_FILL_FLOAT, -101, missing, 2});
    write(flags, {0, 1, 2, -127, -128, 127});
    write(bytes, {0, 1, 127, -128, -2, -1});
    write(plain, {1, NC_FILL_DOUBLE, 3, missing, 5, 6});
    EXPECT_EQ(nc_put_var_text(id, text, "abc   "), NC_NOERR);
  });
  const NetcdfFile file = NetcdfFile::open(ranks_, name);
  expect_same(file.read_all("packed"), {273, 323, missing, missing, missing, missing});
  expect_same(file.read_all("limited"), {0, 10, missing, missing, 1, 2});
  expect_same(file.read_all("single"), {1.5, missing, missing, missing, missing, 2});
  expect_same(file.read_all("flags"), {0, 1, 2, -127, -128, 127});
  expect_same(file.read_all("unsigned"), {0, 0.5, 63.5, 64, 127, missing});
  expect_same(file.read_all("plain"), {1, missing, 3, missing, 5, 6});
  EXPECT_EQ(file.read_texts("text"), Texts{"abc"});
  const std::string text = complaint([&] { file.read_all("text"); });
  EXPECT_TRUE(contains(text, "holds text")) << text;
  EXPECT_TRUE(contains(complaint([&] { file.read_texts("plain"); }), "holds numbers"));
  const std::size_t none = ranks_.rank() == ranks_.size() - 1 && ranks_.size() > 1 ? 0 : 2;
  expect_same(file.read("plain", {4}, {none}), none ? Numbers{5, 6} : Numbers{});
}

INSTANTIATE_TEST_SUITE_P(Formats, PackedTest,
                         testing::Values(NC_NETCDF4, 0, NC_64BIT_OFFSET, NC_64BIT_DATA));

TEST_F(NetcdfFileTest, ChunkedCompressedRecords) {
  const fs::path name = foreign_file("chunked.nc", NC_NETCDF4, [](int id) {
    int dimensions[2];
    int variable = 0;
    nc_def_dim(id, "time", NC_UNLIMITED, &dimensions[0]);
    nc_def_dim(id, "x", 3, &dimensions[1]);
    nc_def_var(id, "t", NC_FLOAT, 2, dimensions, &variable);
    EXPECT_EQ(nc_def_var_deflate(id, variable, 1, 1, 4), NC_NOERR);
    const std::size_t start[] = {0, 0};
    const std::size_t count[] = {5, 3};
    Numbers values;
    for (std::size_t i = 0; i < 15; ++i) values.push_back(double(i));
    EXPECT_EQ(nc_put_vara_double(id, variable, start, count, values.data()), NC_NOERR);
  });
  const NetcdfFile file = NetcdfFile::open(ranks_, name);
  EXPECT_EQ(file.variable("t").shape(), (Extent{5, 3}));
  const auto [first, n] = columns_of(ranks_, 3);
  Numbers expected;
  for (std::size_t time = 3; time < 5; ++time)
    for (std::size_t x = first; x < first + n; ++x) expected.push_back(double(3 * time + x));
  expect_same(file.read("t", {3, first}, {2, n}), expected);
}

TEST_F(NetcdfFileTest, InquiryAndAttributes) {
  const fs::path name = foreign_file("attributes.nc", NC_NETCDF4, [](int id) {
    int x = 0;
    int t = 0;
    int lat = 0;
    int ignored = 0;
    nc_def_dim(id, "x", 2, &x);
    nc_def_var(id, "temperature", NC_FLOAT, 1, &x, &t);
    nc_def_var(id, "x", NC_DOUBLE, 1, &x, &ignored);
    nc_def_var(id, "lat", NC_DOUBLE, 1, &x, &lat);
    nc_def_var(id, "lat_bounds", NC_DOUBLE, 1, &x, &ignored);
    nc_def_var(id, "crs", NC_INT, 0, nullptr, &ignored);
    nc_put_att_text(id, lat, "bounds", 10, "lat_bounds");
    nc_put_att_text(id, t, "units", 3, "K \0");
    nc_put_att_text(id, t, "coordinates", 11, "lat missing");
    nc_put_att_text(id, t, "grid_mapping", 3, "crs");
    const char* strings[] = {"good", "bad"};
    nc_put_att_string(id, t, "flag_meanings", 2, strings);
    const double numbers[] = {1, 2.5};
    nc_put_att_double(id, t, "numbers", NC_DOUBLE, 2, numbers);
    nc_put_att_text(id, t, "number_text", 5, "-9999");
    nc_put_att_text(id, NC_GLOBAL, "title", 4, "soil");
  });
  const NetcdfFile file = NetcdfFile::open(ranks_, name);
  EXPECT_EQ(file.variable_names(), (Texts{"temperature", "x", "lat", "lat_bounds", "crs"}));
  EXPECT_TRUE(file.has_variable("lat"));
  EXPECT_FALSE(file.has_variable("lon"));
  EXPECT_EQ(file.dimension_length("x"), 2U);
  EXPECT_FALSE(file.dimension_length("y"));
  const NetcdfFile::VariableInfo info = file.variable("temperature");
  EXPECT_EQ(info.type, Type::float32);
  ASSERT_EQ(info.dimensions.size(), 1U);
  EXPECT_EQ(info.dimensions[0].name, "x");
  EXPECT_EQ(file.text_attribute("temperature", "units"), "K");
  EXPECT_EQ(file.text_attribute("temperature", "flag_meanings"), "good bad");
  EXPECT_EQ(file.text_attribute("temperature", "numbers"), "1 2.5");
  EXPECT_FALSE(file.text_attribute("temperature", "long_name"));
  EXPECT_EQ(file.number_attributes("temperature", "numbers"), (Numbers{1, 2.5}));
  EXPECT_EQ(file.number_attribute("temperature", "number_text"), -9999);
  EXPECT_FALSE(file.number_attribute("temperature", "sigma"));
  EXPECT_EQ(file.text_attribute("", "title"), "soil");
  EXPECT_EQ(file.coordinate_names("temperature"), (Texts{"x", "lat", "crs", "lat_bounds"}));
  const std::string text = complaint([&] { file.variable("temprature"); });
  EXPECT_TRUE(contains(text, "attributes.nc") && contains(text, "did you mean 'temperature'"))
      << text;
  EXPECT_TRUE(contains(complaint([&] { file.number_attribute("temperature", "units"); }), "'K'"));
}

TEST_F(NetcdfFileTest, MissingAndDamagedFiles) {
  EXPECT_TRUE(
      contains(complaint([&] { NetcdfFile::open(ranks_, path("none.nc")); }), "none.nc: no"));
  EXPECT_TRUE(contains(complaint([&] { NetcdfFile::open(ranks_, folder_); }), "folder"));
  on_root([&] {
    std::ofstream(path("text.nc")) << "time,temperature\n0,280\n";
    std::ofstream(path("empty.nc"));
    std::ofstream(path("head.nc")) << std::string("CDF\x01\0\0\0\0\0\0\0\x0a", 12);
  });
  for (const char* name : {"text.nc", "empty.nc"}) {
    const std::string text = complaint([&] { NetcdfFile::open(ranks_, path(name)); });
    EXPECT_TRUE(contains(text, std::string(name) + ": is not a NetCDF file")) << text;
  }
  EXPECT_TRUE(contains(complaint([&] { NetcdfFile::open(ranks_, path("head.nc")); }), "head.nc"));
}

class TruncatedTest : public NetcdfFileTest, public testing::WithParamInterface<int> {};

// Classic files come as: fixed size; records of one variable; records padded by a second variable.
TEST_P(TruncatedTest, EveryCutIsNoticed) {
  for (const int n_record_variable : {0, 1, 2}) {
    const fs::path name = foreign_file("whole.nc", GetParam(), [&](int id) {
      int dimensions[2];
      int fixed = 0;
      nc_def_dim(id, "time", NC_UNLIMITED, &dimensions[0]);
      nc_def_dim(id, "x", 3, &dimensions[1]);
      nc_put_att_text(id, NC_GLOBAL, "history", 9, "long ago.");
      nc_def_var(id, "fixed", NC_DOUBLE, 1, &dimensions[1], &fixed);
      nc_put_att_text(id, fixed, "units", 1, "K");
      int record[2] = {0, 0};
      for (int v = 0; v < n_record_variable; ++v)
        nc_def_var(id, v ? "second" : "first", NC_SHORT, 2, dimensions, &record[v]);
      nc_enddef(id);
      const double values[] = {1, 2, 3};
      EXPECT_EQ(nc_put_var_double(id, fixed, values), NC_NOERR);
      const short row[] = {1, 2, 3};
      const std::size_t count[] = {1, 3};
      for (std::size_t time = 0; time < 5; ++time)
        for (int v = 0; v < n_record_variable; ++v) {
          const std::size_t start[] = {time, 0};
          EXPECT_EQ(nc_put_vara_short(id, record[v], start, count, row), NC_NOERR);
        }
    });
    EXPECT_NO_THROW(NetcdfFile::open(ranks_, name));
    const std::uintmax_t whole = fs::file_size(name);
    for (const std::uintmax_t cut : {std::uintmax_t{8}, whole / 4, whole / 2, whole - 20}) {
      on_root([&] {
        fs::copy_file(name, path("cut.nc"), fs::copy_options::overwrite_existing);
        fs::resize_file(path("cut.nc"), whole - cut);
      });
      EXPECT_THROW(NetcdfFile::open(ranks_, path("cut.nc")), InputError)
          << n_record_variable << " record variables, " << cut << " of " << whole << " bytes cut";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, TruncatedTest,
                         testing::Values(NC_NETCDF4, 0, NC_64BIT_OFFSET, NC_64BIT_DATA));

TEST_F(NetcdfFileTest, TimeAxisWithBounds) {
  const fs::path name = foreign_file("time.nc", NC_NETCDF4, [](int id) {
    int dimensions[2];
    int time = 0;
    int bounds = 0;
    int ignored = 0;
    nc_def_dim(id, "time", 3, &dimensions[0]);
    nc_def_dim(id, "two", 2, &dimensions[1]);
    nc_def_var(id, "time", NC_DOUBLE, 1, dimensions, &time);
    nc_def_var(id, "time_bounds", NC_DOUBLE, 2, dimensions, &bounds);
    nc_def_var(id, "bare", NC_DOUBLE, 1, dimensions, &ignored);
    nc_put_att_text(id, time, "units", 22, "hours since 2004-02-28");
    nc_put_att_text(id, time, "calendar", 6, "noleap");
    nc_put_att_text(id, time, "bounds", 11, "time_bounds");
    const double times[] = {24, 25, 26};
    const double ends[] = {23, 24, 24, 25, 25, 26};
    EXPECT_EQ(nc_put_var_double(id, time, times), NC_NOERR);
    EXPECT_EQ(nc_put_var_double(id, bounds, ends), NC_NOERR);
  });
  const NetcdfFile file = NetcdfFile::open(ranks_, name);
  const DateTime start{2004, 3, 1, 0};
  EXPECT_EQ(time_calendar(file, "time"), Calendar::noleap);
  EXPECT_EQ(read_times(file, "time", start), (Numbers{0, 3600, 7200}));
  const auto bounds = read_time_bounds(file, "time", start);
  ASSERT_TRUE(bounds);
  EXPECT_EQ(*bounds, (std::vector<TimeInterval>{{-3600, 0}, {0, 3600}, {3600, 7200}}));
  EXPECT_FALSE(read_time_bounds(file, "bare", start));
  const std::string text = complaint([&] { read_times(file, "bare", start); });
  EXPECT_TRUE(contains(text, "time.nc") && contains(text, "'bare'") && contains(text, "units"))
      << text;
}

} // namespace
} // namespace glebe
