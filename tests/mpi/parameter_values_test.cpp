// SPDX-License-Identifier: BSD-3-Clause
// Parameters that vary in space and time, as read from settings and files on any number of ranks.
#include "glebe/config/read_settings.hpp"
#include "glebe/data/parameter_values.hpp"

#include "netcdf_fixture.hpp"

namespace glebe {
namespace {

/// A grid of 2 x 3 cells without the last but one, over five days from 2004-02-27.
class ParameterValuesTest : public NetcdfFileTest {
protected:
  ParameterValuesTest()
      : columns_(ranks_, {{{"y", 2}, {"x", 3}}}, {true, true, true, true, false, true}) {
    foreign_file("map.nc", NC_NETCDF4, [](int id) {
      int dimensions[2];
      int soil = 0, bare = 0, broken = 0, conductivity = 0;
      nc_def_dim(id, "y", 2, &dimensions[0]);
      nc_def_dim(id, "x", 3, &dimensions[1]);
      nc_def_var(id, "soil", NC_BYTE, 2, dimensions, &soil);
      nc_def_var(id, "bare", NC_INT, 2, dimensions, &bare);
      nc_def_var(id, "broken", NC_DOUBLE, 2, dimensions, &broken);
      nc_def_var(id, "conductivity", NC_DOUBLE, 2, dimensions, &conductivity);
      nc_put_att_text(id, conductivity, "units", 9, "W m-1 K-1");
      const signed char classes[] = {1, 4, 9};
      nc_put_att_schar(id, soil, "flag_values", NC_BYTE, 3, classes);
      nc_put_att_text(id, soil, "flag_meanings", 14, "sand loam rock");
      const signed char fill = -1;
      nc_put_att_schar(id, soil, "_FillValue", NC_BYTE, 1, &fill);
      nc_put_att_schar(id, broken, "flag_values", NC_BYTE, 3, classes);
      nc_put_att_text(id, broken, "flag_meanings", 9, "sand loam");
      EXPECT_EQ(nc_enddef(id), NC_NOERR);
      const auto write = [&](int variable, const Numbers& values) {
        EXPECT_EQ(nc_put_var_double(id, variable, values.data()), NC_NOERR);
      };
      write(soil, {4, 4, 1, 5, -1, 1}); // missing where there is no column
      write(bare, {-7, 12, -7, 12, 3, 12});
      write(broken, {1, 1, 1, 1, 1, 1.5});
      write(conductivity, {0.5, 0.6, 0.7, 0.8, missing, 0.9});
    });
  }

  /// The parameters with `more` groups, which bring what `base` leaves out.
  ParameterValues read(const std::string& more, const Columns& columns) {
    const std::string base = R"(&run mode = 'forward' /
&time start = '2004-02-27' stop = '2004-03-03' step = 3600 /
&soil depth = 1.0 /
&horizon bottom = 0.3 name = 'top' /
&horizon bottom = 1.0 name = 'sub' /
&forcing source = 'clear_sky' longwave_constant = 300 air_temperature_constant = 290 /
&parameter name = 'heat_capacity' value = 2e6 /
&parameter name = 'albedo' value = 0.2 /
&parameter name = 'emissivity' value = 0.95 /
&parameter name = 'deep_temperature' value = 290 /
)";
    settings_ = parse_settings(base + more, path("case.nml"));
    SoilGrid soil(settings_);
    return read_parameters(ranks_, settings_, time_, soil, columns, Log(false));
  }

  std::string refusal(const std::string& more, const Columns& columns) {
    return complaint([&] { read(more, columns); });
  }

  /// The cell of each local column.
  std::size_t cell(std::size_t column) const { return columns_.cells()[column]; }

  Columns columns_;
  Settings settings_;
  ModelTime time_{Calendar::standard, {2004, 2, 27, 0}, 3600.0, 120, Scheme::sdirk2};
};

const std::string constant_transfer = "&parameter name = 'heat_transfer' value = 10 /\n";
const std::string constant_conductivity = "&parameter name = 'thermal_conductivity' value = 1 /\n";

TEST_F(ParameterValuesTest, ConstantColumnsAreAsBefore) {
  const ParameterValues values =
      read(constant_transfer + "&parameter name = 'thermal_conductivity' file = 'map.nc' "
                               "variable = 'conductivity' estimate = T lower = 0.1 upper = 3 /",
           columns_);
  EXPECT_EQ(values.schedule.n_value(), values.schedule.layout.size());
  EXPECT_TRUE(values.schedule.varying.empty());
  EXPECT_TRUE(values.regions.empty());
  ASSERT_EQ(values.controls.size(), 2u); // one for each horizon
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(values.controls[k].slot.index, k);
    EXPECT_EQ(values.controls[k].value, k);
    EXPECT_EQ(values.controls[k].space, Space::column);
    EXPECT_EQ(values.controls[k].region, -1);
  }
  const double expected[] = {0.5, 0.6, 0.7, 0.8, missing, 0.9};
  for (std::size_t c = 0; c < columns_.n_local(); ++c)
    EXPECT_EQ(values.first_guess(Eigen::Index(c), 0), expected[cell(c)]);
}

TEST_F(ParameterValuesTest, RegionsAreTheSameOnAllRanks) {
  const ParameterValues values =
      read("&parameter name = 'thermal_conductivity' value = 1 estimate = T lower = 0.1 upper = 3 "
           "space = 'region' region_file = 'map.nc' region_variable = 'soil' /\n"
           "&parameter name = 'heat_transfer' value = 10 estimate = T lower = 1 upper = 60 "
           "prior_std = 4 space = 'region' region_file = 'map.nc' region_variable = 'bare' /\n",
           columns_);
  ASSERT_EQ(values.controls.size(), 3u);
  ASSERT_EQ(values.regions.size(), 2u); // two horizons share one map
  EXPECT_EQ(values.controls[0].region, 0);
  EXPECT_EQ(values.controls[1].region, 0);
  EXPECT_EQ(values.controls[2].region, 1);
  EXPECT_EQ(values.controls[2].prior_std, 4.0);
  const RegionMap& soil = values.regions[0];
  EXPECT_EQ(soil.variable, "soil");
  EXPECT_EQ(soil.value, (std::vector<std::int32_t>{1, 4, 5}));
  EXPECT_EQ(soil.name, (Texts{"sand", "loam", "class 5"}));
  const RegionMap& bare = values.regions[1];
  EXPECT_EQ(bare.value, (std::vector<std::int32_t>{-7, 12}));
  EXPECT_EQ(bare.name, (Texts{"class -7", "class 12"}));
  const std::int32_t in_soil[] = {1, 1, 0, 2, -1, 0}, in_bare[] = {0, 1, 0, 1, -1, 1};
  ASSERT_EQ(soil.of_column.size(), columns_.n_local());
  for (std::size_t c = 0; c < columns_.n_local(); ++c) {
    EXPECT_EQ(soil.of_column[c], in_soil[cell(c)]);
    EXPECT_EQ(bare.of_column[c], in_bare[cell(c)]);
  }
}

// Only the classes of active columns count; a rank may have no column.
TEST_F(ParameterValuesTest, OneColumnHasOneRegion) {
  const Columns one(ranks_, {{{"y", 2}, {"x", 3}}}, {false, false, false, true, false, false});
  const ParameterValues values =
      read(constant_conductivity + "&parameter name = 'heat_transfer' value = 10 estimate = T "
                                   "lower = 1 upper = 60 space = 'region' region_file = 'map.nc' "
                                   "region_variable = 'soil' /",
           one);
  ASSERT_EQ(values.regions.size(), 1u);
  EXPECT_EQ(values.regions[0].value, std::vector<std::int32_t>{5});
  EXPECT_EQ(values.regions[0].of_column, std::vector<std::int32_t>(one.n_local(), 0));
  EXPECT_EQ(ranks_.sum(static_cast<std::int64_t>(one.n_local())), 1);
}

TEST_F(ParameterValuesTest, KnotsStandBehindTheSlots) {
  ParameterValues values =
      read("&parameter name = 'heat_transfer' value = 10, 12, 15 estimate = T lower = 1 upper = 60 "
           "time = 'linear' knots = '2004-02-27', '2004-02-29', '2004-03-05' time_std = 2 /\n"
           "&parameter name = 'thermal_conductivity' horizon = 'sub' file = 'map.nc' "
           "variable = 'conductivity' estimate = T lower = 0.1 upper = 3 prior_std = 0.5 "
           "correlation_length = 12.5 time = 'steps' knots = 'monthly' /\n"
           "&parameter name = 'thermal_conductivity' horizon = 'top' value = 1 /\n",
           columns_);
  const ParameterLayout layout = values.schedule.layout;
  const std::size_t n = layout.size(), h = layout.position(Parameter::heat_transfer);
  ASSERT_EQ(values.schedule.varying.size(), 2u);
  const VaryingSlot& conductivity = values.schedule.varying[0];
  const VaryingSlot& transfer = values.schedule.varying[1];
  EXPECT_EQ(conductivity.slot.index, 1u);
  EXPECT_EQ(conductivity.first, n);
  EXPECT_EQ(conductivity.n_knot, 2u);
  EXPECT_EQ(conductivity.at_step.size(), 120u);
  EXPECT_EQ(transfer.slot.parameter, Parameter::heat_transfer);
  EXPECT_EQ(transfer.first, n + 2);
  EXPECT_EQ(values.schedule.n_value(), n + 5);
  ASSERT_EQ(values.knot_time.size(), 2u);
  EXPECT_EQ(values.knot_time[0], (Numbers{0, 3 * 86400.0})); // 2004 has a 29 February
  EXPECT_EQ(values.knot_time[1], (Numbers{0, 2 * 86400.0, 7 * 86400.0}));

  ASSERT_EQ(values.controls.size(), 5u);
  for (std::size_t k = 0; k < 5; ++k) EXPECT_EQ(values.controls[k].value, n + k);
  EXPECT_EQ(values.controls[1].knot, 1u);
  EXPECT_EQ(values.controls[1].slot.index, 1u);
  EXPECT_EQ(values.controls[1].correlation_length, 12500.0);
  EXPECT_EQ(values.controls[1].time_std, 0.0);
  EXPECT_EQ(values.controls[4].knot, 2u);
  EXPECT_EQ(values.controls[4].time_std, 2.0);

  const double field[] = {0.5, 0.6, 0.7, 0.8, missing, 0.9};
  for (std::size_t c = 0; c < columns_.n_local(); ++c) {
    EXPECT_EQ(values.first_guess(Eigen::Index(c), Eigen::Index(0)), 1.0);
    for (const std::size_t value : {std::size_t{1}, n, n + 1})
      EXPECT_EQ(values.first_guess(Eigen::Index(c), Eigen::Index(value)), field[cell(c)]);
    EXPECT_EQ(values.first_guess(Eigen::Index(c), Eigen::Index(h)), 10.0);
    EXPECT_EQ(values.first_guess(Eigen::Index(c), Eigen::Index(n + 2)), 10.0);
    EXPECT_EQ(values.first_guess(Eigen::Index(c), Eigen::Index(n + 3)), 12.0);
    EXPECT_EQ(values.first_guess(Eigen::Index(c), Eigen::Index(n + 4)), 15.0);
  }
}

// What a twin needs: values that are known and vary.
TEST_F(ParameterValuesTest, AFixedParameterMayVaryToo) {
  ParameterValues values =
      read(constant_conductivity + "&parameter name = 'heat_transfer' value = 1, 2, 3, 4, 5 "
                                   "time = 'steps' knot_interval = 24 /",
           columns_);
  EXPECT_TRUE(values.controls.empty());
  ASSERT_EQ(values.schedule.varying.size(), 1u);
  for (std::size_t c = 0; c < columns_.n_local(); ++c)
    for (std::size_t j = 0; j < 5; ++j)
      EXPECT_EQ(
          values.first_guess(Eigen::Index(c), Eigen::Index(values.schedule.layout.size() + j)),
          1.0 + static_cast<double>(j));
}

TEST_F(ParameterValuesTest, WhatCannotBeReadIsRefused) {
  const auto region = [&](const std::string& variable) {
    return refusal(constant_transfer +
                       "&parameter name = 'thermal_conductivity' value = 1 estimate = T lower = "
                       "0.1 upper = 3 space = 'region' region_file = 'map.nc' region_variable = '" +
                       variable + "' /",
                   columns_);
  };
  EXPECT_TRUE(contains(region("sol"), "did you mean 'soil'")) << region("sol");
  const std::string names = region("broken");
  EXPECT_TRUE(contains(names, "'broken': 2 flag_meanings for 3 flag_values")) << names;

  const Columns all(ranks_, {{{"y", 2}, {"x", 3}}});
  const std::string map = "space = 'region' region_file = 'map.nc' region_variable = 'soil' /";
  const std::string hole = refusal(constant_conductivity +
                                       "&parameter name = 'heat_transfer' value = 10 estimate = T "
                                       "lower = 1 upper = 60 " +
                                       map,
                                   all);
  EXPECT_TRUE(contains(hole, "map.nc: variable 'soil': missing at column y=1, x=1: every active "
                             "column needs a class"))
      << hole;
  const std::string fraction = complaint([&] {
    ParameterSettings parameter;
    parameter.region_file = path("map.nc");
    parameter.region_variable = "conductivity";
    read_regions(ranks_, parameter, columns_, Log(false));
  });
  EXPECT_TRUE(contains(fraction, "0.5 at column y=0, x=0: classes are whole numbers")) << fraction;

  const Columns site(ranks_, {});
  const std::string smooth =
      refusal(constant_conductivity +
                  "&parameter name = 'heat_transfer' value = 10 estimate = T lower = 1 upper = 60 "
                  "prior_std = 3 correlation_length = 5 /",
              site);
  EXPECT_TRUE(contains(smooth, "case.nml:12: &parameter correlation_length: needs a grid of two "
                               "horizontal dimensions; the run has one site"))
      << smooth;
  const std::string count =
      refusal(constant_conductivity + "&parameter name = 'heat_transfer' value = 1, 2, 3, 4 time = "
                                      "'linear' knot_interval = 24 /",
              columns_);
  EXPECT_TRUE(contains(count, "case.nml:12: &parameter value: 4 values for 6 knots, "
                              "2004-02-27T00:00:00 to 2004-03-03T00:00:00: must be one, or one "
                              "for each"))
      << count;
}

// ---- Parameters that follow others --------------------------------------------------------------

const std::string conductivity_of_top =
    "&parameter name = 'thermal_conductivity' horizon = 'top' file = 'map.nc' "
    "variable = 'conductivity' /\n";

TEST_F(ParameterValuesTest, RatioToAFieldIsItsMultipleInEveryColumn) {
  const ParameterValues values =
      read(constant_transfer + conductivity_of_top +
               "&parameter name = 'thermal_conductivity' horizon = 'sub' value = 2 "
               "ratio_to = 'thermal_conductivity(top)' estimate = T lower = 1 upper = 3 /",
           columns_);
  const std::vector<double> top{0.5, 0.6, 0.7, 0.8, missing, 0.9};
  const DenseMatrix tied = tied_values(values.schedule, values.first_guess);
  for (std::size_t c = 0; c < columns_.n_local(); ++c) {
    EXPECT_EQ(values.first_guess(Eigen::Index(c), 1), 2.0);
    EXPECT_EQ(tied(Eigen::Index(c), 0), top[cell(c)]);
    EXPECT_EQ(tied(Eigen::Index(c), 1), 2.0 * top[cell(c)]);
  }
  ASSERT_EQ(values.controls.size(), 1U);
  EXPECT_EQ(values.controls[0].value, 1U);
  EXPECT_EQ(values.controls[0].ratio_unit, "1");
}

TEST_F(ParameterValuesTest, FollowerVariesWithItsParameter) {
  const ParameterValues values =
      read(constant_conductivity +
               "&parameter name = 'longwave_bias' ratio_to = 'heat_transfer' value = 0.1 "
               "estimate = T lower = 0 upper = 1 /\n"
               "&parameter name = 'heat_transfer' value = 10, 20 time = 'steps' "
               "knots = '2004-02-27', '2004-03-01' /\n",
           columns_);
  const VaryingSlot* transfer = values.schedule.find({Parameter::heat_transfer});
  const VaryingSlot* bias = values.schedule.find({Parameter::longwave_bias});
  ASSERT_TRUE(transfer && bias);
  EXPECT_EQ(bias->at_step, transfer->at_step);
  const std::size_t ratio = values.schedule.layout.position(Parameter::longwave_bias);
  ASSERT_EQ(values.controls.size(), 1U); // one ratio for both knots
  EXPECT_EQ(values.controls[0].value, ratio);
  const DenseMatrix tied = tied_values(values.schedule, values.first_guess);
  for (std::size_t c = 0; c < columns_.n_local(); ++c)
    for (std::size_t j = 0; j < 2; ++j)
      EXPECT_DOUBLE_EQ(tied(Eigen::Index(c), Eigen::Index(bias->first + j)), j == 0 ? 1.0 : 2.0);
}

TEST_F(ParameterValuesTest, RangeOfAMultipleIsCheckedInEveryColumn) {
  const std::string complaint =
      refusal(constant_transfer + conductivity_of_top +
                  "&parameter name = 'thermal_conductivity' horizon = 'sub' value = 2 "
                  "ratio_to = 'thermal_conductivity(top)' estimate = T lower = 1 upper = 1200 /",
              columns_);
  // 0.9 W m-1 K-1 in the last cell alone is more than 1000 / 1200.
  EXPECT_NE(complaint.find("thermal_conductivity(sub) would be 0.9 to 1080 W m-1 K-1 at "),
            std::string::npos)
      << complaint;
  EXPECT_NE(complaint.find("y=1, x=2"), std::string::npos) << complaint;
  EXPECT_NE(complaint.find("must be > 0 and <= 1000"), std::string::npos) << complaint;
}

} // namespace
} // namespace glebe
