// SPDX-License-Identifier: BSD-3-Clause
// From files to the lanes of the model: every value is that of the file, converted in double
// precision and rounded once, for any number of ranks, lanes and files.
#include "glebe/data/forcing.hpp"
#include "glebe/data/input_files.hpp"
#include "glebe/data/observations.hpp"
#include "glebe/data/units.hpp"
#include "glebe/grid/soil_grid.hpp"

#include <array>
#include <cstdint>
#include <numeric>

#include "netcdf_fixture.hpp"

namespace glebe {
namespace {

constexpr std::size_t n_y = 3, n_x = 5, n_cell = n_y * n_x, hours_of_file = 6;
constexpr std::size_t n_file = 10; // more than are kept open
constexpr std::size_t n_hour = hours_of_file * n_file;
constexpr DateTime start{.year = 2001};

// What the files hold, by hour of the series and cell.
float sun_stored(std::size_t hour, std::size_t cell) {
  return static_cast<float>(0.01 * double(hour) + 0.001 * double(cell)); // [kW m-2]
}
short longwave_stored(std::size_t hour, std::size_t cell) {
  return static_cast<short>(100 * hour + cell); // packed
}
double air_stored(std::size_t hour, std::size_t cell) {
  return 0.1 * double(hour) - 0.37 * double(cell); // [degC]
}

struct Options {
  bool missing = false; ///< one temperature
  bool wild = false;    ///< two temperatures beyond belief, the second one earlier
};
constexpr std::size_t hole_hour = 25, hole_cell = 7;

class ReadingTest : public NetcdfFileTest {
protected:
  std::vector<fs::path> write(Options options) const {
    std::vector<fs::path> files;
    for (std::size_t f = 0; f < n_file; ++f)
      files.push_back(foreign_file("part" + std::to_string(f) + ".nc", NC_NETCDF4,
                                   [&](int id) { fill(id, f * hours_of_file, options); }));
    return files;
  }

  static void fill(int id, std::size_t first, Options options) {
    std::array<int, 3> dimensions{};
    int time = 0, sun = 0, longwave = 0, air = 0;
    nc_def_dim(id, "time", hours_of_file, &dimensions[0]);
    nc_def_dim(id, "y", n_y, &dimensions[1]);
    nc_def_dim(id, "x", n_x, &dimensions[2]);
    nc_def_var(id, "time", NC_DOUBLE, 1, dimensions.data(), &time);
    nc_def_var(id, "SWdown", NC_FLOAT, 3, dimensions.data(), &sun);
    nc_def_var(id, "LWdown", NC_SHORT, 3, dimensions.data(), &longwave);
    nc_def_var(id, "Tair", NC_DOUBLE, 3, dimensions.data(), &air);
    nc_put_att_text(id, time, "units", 22, "hours since 2001-01-01");
    nc_put_att_text(id, sun, "units", 6, "kW m-2");
    nc_put_att_text(id, longwave, "units", 5, "W m-2");
    nc_put_att_text(id, air, "units", 4, "degC");
    const double scale = 0.05, offset = 150.0;
    nc_put_att_double(id, longwave, "scale_factor", NC_DOUBLE, 1, &scale);
    nc_put_att_double(id, longwave, "add_offset", NC_DOUBLE, 1, &offset);
    nc_enddef(id);
    Numbers times(hours_of_file), airs;
    std::iota(times.begin(), times.end(), double(first));
    std::vector<float> suns;
    std::vector<short> longwaves;
    for (std::size_t hour = first; hour < first + hours_of_file; ++hour)
      for (std::size_t cell = 0; cell < n_cell; ++cell) {
        suns.push_back(sun_stored(hour, cell));
        longwaves.push_back(longwave_stored(hour, cell));
        airs.push_back(air_stored(hour, cell));
        if (options.missing && hour == hole_hour && cell == hole_cell) airs.back() = missing;
        if (options.wild && hour == 30 && cell == 2) airs.back() = 900.0;
        if (options.wild && hour == 10 && cell == 11) airs.back() = 800.0;
      }
    EXPECT_EQ(nc_put_var_double(id, time, times.data()), NC_NOERR);
    EXPECT_EQ(nc_put_var_float(id, sun, suns.data()), NC_NOERR);
    EXPECT_EQ(nc_put_var_short(id, longwave, longwaves.data()), NC_NOERR);
    EXPECT_EQ(nc_put_var_double(id, air, airs.data()), NC_NOERR);
  }

  Settings settings_of(const std::vector<fs::path>& files) const {
    Settings settings;
    settings.time.start = start;
    settings.forcing.source = ForcingSource::file;
    settings.forcing.file = files;
    settings.forcing.variable[Input::shortwave] = "SWdown";
    settings.forcing.variable[Input::longwave] = "LWdown";
    settings.forcing.variable[Input::air_temperature] = "Tair";
    settings.forcing.stamp = Stamp::instant;
    ObservationSettings stream;
    stream.name = "air";
    stream.depth = 0.1;
    stream.file = files;
    stream.variable = "Tair";
    stream.sigma = 0.3;
    settings.observations = {stream};
    return settings;
  }

  // Calls work(reading, files) for columns of all cells.
  template <class Work>
  void with_reading(const Settings& settings, std::size_t lanes, Work work) const {
    const Log silent(false);
    InputFiles files(ranks_, settings, silent);
    const FileSeries& series = files.series(settings.forcing.file, "SWdown");
    const Columns columns(ranks_, horizontal_grid(series.first_file(), "SWdown"));
    const ModelTime time{series.calendar(), start, 3600.0, n_hour - 1, Scheme::sdirk2};
    MemoryBudget unlimited(ranks_, silent, std::nullopt, "");
    const Reading reading{ranks_, settings, time, columns, lanes, unlimited, silent};
    work(reading, files);
  }
};

// The air temperature as the model has it, in double precision.
double air(std::size_t hour, std::size_t cell) { return air_stored(hour, cell) + 273.15; }

TEST_F(ReadingTest, EveryValueIsThatOfTheFile) {
  const Settings settings = settings_of(write({.missing = true}));
  for (const std::size_t lanes : {1, 3, 4, 8})
    with_reading(settings, lanes, [&](const Reading& reading, InputFiles& files) {
      const Forcing forcing = read_forcing(reading, files);
      ASSERT_EQ(forcing.tracks().size(), 1U);
      const InputTrack& track = forcing.tracks().front();
      ASSERT_EQ(track.n_record(), n_hour);
      const auto value = [&](Input input, std::size_t column, std::size_t hour) {
        return track.series_of(track.row_of(input), column)[hour * track.stride()];
      };
      for (std::size_t c = 0; c < reading.columns.n_local(); ++c)
        for (std::size_t hour = 0; hour < n_hour; ++hour) {
          const std::size_t cell = reading.columns.cells()[c];
          EXPECT_EQ(value(Input::shortwave, c, hour),
                    static_cast<float>(double(sun_stored(hour, cell)) * 1000.0));
          EXPECT_EQ(value(Input::longwave, c, hour),
                    static_cast<float>(double(longwave_stored(hour, cell)) * 0.05 + 150.0));
          const float found = value(Input::air_temperature, c, hour);
          // A missing one lies on the straight line between its neighbours, here that of the truth.
          const bool hole = hour == hole_hour && cell == hole_cell;
          EXPECT_NEAR(found, static_cast<float>(air(hour, cell)), hole ? 1e-4 : 0.0);
        }
    });
}

TEST_F(ReadingTest, ObservationsAreNotRounded) {
  const Settings settings = settings_of(write({.missing = true}));
  const SoilGrid soil(stretched_nodes(1.0, 11, 1.0));
  for (const std::size_t lanes : {1, 3, 4, 8})
    with_reading(settings, lanes, [&](const Reading& reading, InputFiles& files) {
      const Observations read = read_observations(reading, soil.view(), files);
      const Stream& stream = read.streams.front();
      ASSERT_EQ(stream.times.size(), n_hour);
      for (std::size_t c = 0; c < reading.columns.n_local(); ++c)
        for (std::size_t hour = 0; hour < n_hour; ++hour) {
          const std::size_t cell = reading.columns.cells()[c], at = read.position(0, c, hour);
          const bool hole = hour == hole_hour && cell == hole_cell;
          EXPECT_EQ(std::isnan(stream.value[at]), hole);
          EXPECT_EQ(stream.inverse_sigma[at], hole ? 0.0F : static_cast<float>(1.0 / 0.3));
          if (hole) continue;
          EXPECT_EQ(stream.value[at], air(hour, cell));
        }
    });
}

// The first one by column, not by time.
TEST_F(ReadingTest, TheFirstColumnWithAWildValueIsNamed) {
  const Settings settings = settings_of(write({.wild = true}));
  for (const std::size_t lanes : {1, 8})
    with_reading(settings, lanes, [&](const Reading& reading, InputFiles& files) {
      const std::string text = complaint([&] { read_forcing(reading, files); });
      EXPECT_TRUE(contains(text, "air_temperature = 1173.15 K at 2001-01-02")) << text;
      EXPECT_TRUE(contains(text, "y=0, x=2")) << text;
    });
}

// Across the blocks in which values are converted, for every type of number.
TEST_F(ReadingTest, EveryTypeInSinglePrecision) {
  constexpr std::size_t n = 3000;
  const std::vector<std::pair<const char*, nc_type>> types{
      {"byte", NC_BYTE},     {"short", NC_SHORT},  {"int", NC_INT},   {"float", NC_FLOAT},
      {"double", NC_DOUBLE}, {"ubyte", NC_UBYTE},  {"uint", NC_UINT}, {"ushort", NC_USHORT},
      {"int64", NC_INT64},   {"uint64", NC_UINT64}};
  Numbers stored(n);
  for (std::size_t i = 0; i < n; ++i) stored[i] = double(i * 37 % 101);
  const fs::path name = foreign_file("types.nc", NC_NETCDF4, [&](int id) {
    int x = 0;
    nc_def_dim(id, "x", n, &x);
    for (const auto& [variable, type] : types) {
      int number = 0;
      const double scale = 0.1, offset = -3.0, fill = 50.0;
      nc_def_var(id, variable, type, 1, &x, &number);
      nc_put_att_double(id, number, "scale_factor", NC_DOUBLE, 1, &scale);
      nc_put_att_double(id, number, "add_offset", NC_DOUBLE, 1, &offset);
      EXPECT_EQ(nc_put_att_double(id, number, "_FillValue", type, 1, &fill), NC_NOERR);
      EXPECT_EQ(nc_put_var_double(id, number, stored.data()), NC_NOERR);
    }
  });
  const NetcdfFile file = NetcdfFile::open(ranks_, name);
  const UnitConverter convert("degC", "K");
  for (const auto& [variable, type] : types) {
    const std::vector<float> found = file.read_as<float>(variable, {0}, {n}, &convert);
    for (std::size_t i = 0; i < n; ++i) {
      const bool absent = stored[i] == 50.0;
      EXPECT_EQ(std::isnan(found[i]), absent) << variable << ' ' << i;
      if (absent) continue;
      EXPECT_EQ(found[i], static_cast<float>(stored[i] * 0.1 - 3.0 + 273.15)) << variable;
    }
  }
}

// In single precision without packing and unit to convert, numbers are values but for missing ones.
TEST_F(ReadingTest, FloatsThatStayWhatTheyAre) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> stored{1.5F, -9999.0F, NC_FILL_FLOAT, 0.1F, nan, 300.25F, -8888.5F};
  const fs::path name = foreign_file("floats.nc", NC_NETCDF4, [&](int id) {
    int x = 0, marked = 0, limited = 0;
    nc_def_dim(id, "x", stored.size(), &x);
    nc_def_var(id, "marked", NC_FLOAT, 1, &x, &marked);
    nc_def_var(id, "limited", NC_FLOAT, 1, &x, &limited);
    const std::array<double, 3> missing_values{-9999.0, -8888.5, 1e300};
    const double least = 0.5;
    nc_put_att_double(id, marked, "missing_value", NC_DOUBLE, 3, missing_values.data());
    nc_put_att_double(id, limited, "valid_min", NC_FLOAT, 1, &least);
    EXPECT_EQ(nc_put_var_float(id, marked, stored.data()), NC_NOERR);
    EXPECT_EQ(nc_put_var_float(id, limited, stored.data()), NC_NOERR);
  });
  const NetcdfFile file = NetcdfFile::open(ranks_, name);
  const UnitConverter same("K", "K");
  const auto expect = [&](const char* variable, const std::vector<float>& expected) {
    const std::vector<float> found = file.read_as<float>(variable, {0}, {stored.size()}, &same);
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_TRUE(std::isnan(expected[i]) ? std::isnan(found[i]) : found[i] == expected[i])
          << variable << ' ' << i;
  };
  expect("marked", {1.5F, nan, nan, 0.1F, nan, 300.25F, nan});
  expect("limited", {1.5F, nan, nan, nan, nan, 300.25F, nan});
}

} // namespace
} // namespace glebe
