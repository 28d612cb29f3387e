// SPDX-License-Identifier: BSD-3-Clause
// Every kind of mistake in a namelist, one at a time.
#include <algorithm>

#include "settings_case.hpp"

namespace glebe {
namespace {

struct Mistake {
  const char* from;
  const char* to;
  std::string message;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.to; }

class SettingsMistake : public ::testing::TestWithParam<Mistake> {};

/// One mistake, one message.
TEST_P(SettingsMistake, IsReportedOnce) {
  EXPECT_EQ(problems(GetParam().from, GetParam().to), Messages{GetParam().message});
}

// 'thermal_conductivity', 'heat_capacity', ...
std::string all_parameters() {
  std::string names;
  for (const ParameterInfo& parameter : parameter_table)
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", parameter.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(
    Values, SettingsMistake,
    ::testing::Values(
        Mistake{"depth = 1.0", "depth = 1.0 nodes = 2",
                "case.nml:3: &soil nodes = 2: must be 3 to 10000"},
        Mistake{"depth = 1.0", "depth = 1.0 nodes = 5, 6",
                "case.nml:3: &soil nodes: must be one value, found 2"},
        Mistake{"depth = 1.0", "depth(1) = 1.0",
                "case.nml:3: &soil depth: is not a list and takes no index"},
        Mistake{"depth = 1.0", "depth = nan", "case.nml:3: &soil depth = nan: must be finite"},
        Mistake{"depth = 1.0", "depth = '1.0'",
                "case.nml:3: &soil depth = '1.0': must be a number"},
        Mistake{"file = 'a.nc', 'b.nc'", "file(2) = 'a.nc'",
                "case.nml:7: &forcing file: element 1 is not given"},
        Mistake{"file = 'a.nc'", "file = 3",
                "case.nml:7: &forcing file = 3: must be text in quotes"},
        Mistake{"'a.nc'", "'${GLEBE_NOT_SET}/a.nc'",
                "case.nml:7: &forcing file = '${GLEBE_NOT_SET}/a.nc': the environment variable "
                "'GLEBE_NOT_SET' is not set"},
        Mistake{"'a.nc'", "'a\x1b[2J.nc'",
                "case.nml:7: &forcing file = 'a\x1b[2J.nc': must not contain control characters"},
        Mistake{"'a.nc'", "'${HOME/a.nc'",
                "case.nml:7: &forcing file = '${HOME/a.nc': '${' without its '}'"},
        Mistake{"'2017-07-01'", "'2017-13-29'",
                "case.nml:2: &time start = '2017-13-29': must be a date or a date and time (ISO "
                "8601, UTC) such as '2017-07-01' or '2017-07-01T06:30:00'"},
        Mistake{"'2017-07-01'", "'99999-07-01'",
                "case.nml:2: &time start = '99999-07-01': must be of a year from -9999 to 9999"},
        Mistake{"step = 1800", "step = 1e-14",
                "case.nml:2: &time step = 1e-14: must be 0.001 to 1000000000 s"},
        Mistake{"sigma = 0.1", "sigma = 1e-300",
                "case.nml:8: &observation sigma = 1e-300: must be 1e-09 to 1000000000"},
        Mistake{"sigma = 0.1", "sigma = 0.1 interval = 1e300",
                "case.nml:8: &observation interval = 1e300: must be 0.001 to 10000000000 s"},
        Mistake{"sigma = 0.1", "sigma = 0.1 error_memory = 1e300",
                "case.nml:8: &observation error_memory = 1e300: must be 0 to 10000000 h"},
        Mistake{"&parameter", "&optimizer starts = 2000000000 / &parameter",
                "case.nml:9: &optimizer starts = 2000000000: must be 1 to 10000"},
        Mistake{"&parameter", "&optimizer gradient_tolerance = 1e300 / &parameter",
                "case.nml:9: &optimizer gradient_tolerance = 1e300: must be 1e-16 to 1"},
        Mistake{"'2017-07-01'", "'2017-07-03T12:00:00Z'",
                "case.nml:2: &time stop = '2017-07-03T12:00': must be after start = "
                "'2017-07-03T12:00'"},
        Mistake{"mode = 'estimate'", "mode = 'estimate' output = 'case.nml'",
                "case.nml:1: &run output = 'folder/case.nml': would overwrite a file that the "
                "run also reads or writes"}));

INSTANTIATE_TEST_SUITE_P(
    Soil, SettingsMistake,
    ::testing::Values(
        Mistake{"depth = 1.0", "", "case.nml:3: &soil: depth or node_depths is required"},
        Mistake{"depth = 1.0", "node_depths = 0 0.5 1 nodes = 3",
                "case.nml:3: &soil nodes: must not be given with node_depths"},
        Mistake{"depth = 1.0", "node_depths = 0 0.5 0.5 1",
                "case.nml:3: &soil node_depths: must increase from 0"},
        Mistake{"depth = 1.0", "node_depths = 0.1 0.5 1",
                "case.nml:3: &soil node_depths: must increase from 0"},
        Mistake{"depth = 1.0", "depth = 1.0 initial = 'file' initial_variable = 'T'",
                "case.nml:3: &soil initial_file: required for initial = 'file'"},
        Mistake{"depth = 1.0", "depth = 1.0 initial = 'file' initial_file = 'i.nc'",
                "case.nml:3: &soil initial_variable: required for initial = 'file'"},
        Mistake{"depth = 1.0", "depth = 2",
                "case.nml:5: &horizon bottom = 1: the last horizon must end at the depth of the "
                "soil, 2 m"},
        Mistake{
            "bottom = 0.3", "bottom = 1.0",
            "case.nml:5: &horizon bottom = 1: must be below the bottom of the horizon above, 1 m"},
        Mistake{"&surface", "&grid mask_file = 'm.nc' / &surface",
                "case.nml:6: &grid mask_variable: required with mask_file"}));

INSTANTIATE_TEST_SUITE_P(
    Forcing, SettingsMistake,
    ::testing::Values(
        Mistake{"file = 'a.nc', 'b.nc'", "",
                "case.nml:7: &forcing file: required for source = 'file'"},
        Mistake{"stamp = 'end'", "", "case.nml:7: &forcing stamp: required for source = 'file'"},
        Mistake{"stamp = 'end'", "stamp = 'end' humidity = ''",
                "case.nml:7: &forcing: humidity or humidity_constant is required for turbulence = "
                "'humidity' or a longwave_model"},
        Mistake{"stamp = 'end'", "stamp = 'end' longwave = ''",
                "case.nml:7: &forcing: longwave, longwave_model or longwave_constant is "
                "required"},
        Mistake{"stamp = 'end'", "stamp = 'end' wind_east = 'U'",
                "case.nml:7: &forcing wind_east: wind_east and wind_north must be given together"},
        Mistake{"stamp = 'end'", "stamp = 'end' wind = 'W' wind_east = 'U' wind_north = 'V'",
                "case.nml:7: &forcing wind: must not be given with wind_east and wind_north"},
        Mistake{"&observation", "&parameter name = 'heat_transfer_wind' value = 1 / &observation",
                "case.nml:7: &forcing: wind or wind_constant is required for heat_transfer_wind, "
                "exchange = 'stability' or 'louis', or vegetation_fraction"},
        Mistake{
            "file = 'a.nc', 'b.nc' stamp = 'end'",
            "source = 'clear_sky' longwave_constant = 350 humidity_constant = 0.01 "
            "pressure_constant = 1e5",
            "case.nml:7: &forcing: air_temperature_constant is required for source = 'clear_sky'"},
        Mistake{"file = 'a.nc', 'b.nc' stamp = 'end'",
                "source = 'clear_sky' longwave_constant = 350 air_temperature_constant = 290 "
                "humidity_constant = 0.01 pressure_constant = 1e5 sunrise = 19",
                "case.nml:7: &forcing sunset = 18: must be after sunrise, 19 h"}));

// The estimate with net radiation in place of its parts, without the parameters of those; one thing
// changed in it.
Messages problems_with_net_radiation(const std::string& from, const std::string& to) {
  std::string text = replaced(estimate, "&parameter name = 'albedo' value = 0.2 /\n", "");
  text = replaced(text, "&parameter name = 'emissivity' value = 0.95 /\n", "");
  text = replaced(text, "stamp = 'end'", "stamp = 'end' net_radiation = 'Rnet'");
  Messages messages = problems_in(replaced(text, from, to));
  for (std::string& message : messages) message.erase(0, message.find(": ") + 2);
  return messages;
}

TEST(NetRadiation, TakesThePlaceOfItsParts) {
  EXPECT_EQ(problems_with_net_radiation("", ""), Messages{});
  EXPECT_EQ(problems_with_net_radiation("'Rnet'", "'' net_radiation_constant = 100"), Messages{});
  EXPECT_EQ(problems_with_net_radiation("'Rnet'", "'Rnet' shortwave = 'SWdown'"),
            Messages{"&forcing shortwave: must not be given with net_radiation, which takes its "
                     "place"});
  EXPECT_EQ(
      problems_with_net_radiation("'Rnet'", "'Rnet' longwave_constant = 300"),
      Messages{"&forcing longwave_constant: must not be given with net_radiation, which takes "
               "its place"});
  EXPECT_EQ(problems_with_net_radiation("'Rnet'", "'' net_radiation_constant = 100 "
                                                  "air_temperature_constant = 290"),
            Messages{"&forcing net_radiation_constant: must not be given with "
                     "air_temperature_constant: the times and the grid of the forcing are those of "
                     "one of the two"});
  EXPECT_EQ(problems_with_net_radiation("turbulence", "longwave = 'full' turbulence"),
            Messages{"&surface longwave: not used, only with shortwave and longwave radiation, not "
                     "with &forcing net_radiation"});
  EXPECT_EQ(problems_with_net_radiation("file = 'a.nc', 'b.nc'",
                                        "source = 'clear_sky' air_temperature_constant = 290 "
                                        "humidity_constant = 0.01 pressure_constant = 1e5 "
                                        "net_radiation_constant = 100"),
            Messages{"&forcing net_radiation: must not be given with source = 'clear_sky', which "
                     "makes shortwave radiation"});
}

TEST(NetRadiation, LeavesNothingOfThePartsToEstimate) {
  for (const std::string name :
       {"albedo", "emissivity", "longwave_bias", "shortwave_scale", "vegetation_fraction"}) {
    const Messages found = problems_with_net_radiation(
        "value = 10 /", "value = 10 / &parameter name = '" + name +
                            "' value = 0.5 estimate = T lower = 0.1 upper = 1 /");
    EXPECT_EQ(std::ranges::count(found, "&parameter name = '" + name +
                                            "': not used by this model, only with shortwave and "
                                            "longwave radiation, not with &forcing net_radiation"),
              1)
        << name;
  }
}

TEST(NetRadiation, LeavesNothingOfThePartsToObserve) {
  const auto of_kind = [](const std::string& kind) {
    return problems_with_net_radiation("&parameter",
                                       "&observation kind = '" + kind + "' / &parameter");
  };
  EXPECT_EQ(of_kind("net_radiation"), Messages{"&observation kind = 'net_radiation': is an input "
                                               "of this run, &forcing net_radiation"});
  for (const std::string kind : {"longwave_up", "radiometric_temperature"})
    EXPECT_EQ(of_kind(kind),
              Messages{"&observation kind = '" + kind +
                       "': needs shortwave and longwave radiation, not &forcing net_radiation, in "
                       "which the emission of the surface is contained"});
  for (const std::string kind : {"surface_temperature", "sensible_heat", "latent_heat"})
    EXPECT_EQ(of_kind(kind), Messages{});
}

TEST(NetRadiation, LeavesNoSkinInStableAir) {
  const std::string cover = "&parameter name = 'cover_resistance' value = 0.02 / &surface";
  EXPECT_EQ(problems_with_net_radiation("&surface", cover), Messages{});
  EXPECT_EQ(problems_with_net_radiation("&surface turbulence = 'humidity' /\n&forcing",
                                        "&parameter name = 'snow_conductivity' value = 0.2 / "
                                        "&surface turbulence = 'humidity' exchange = 'stability' "
                                        "/\n&forcing snow_depth = 'D' wind = 'U'"),
            Messages{"&forcing net_radiation: with &surface exchange = 'stability', nothing may "
                     "cover the soil, neither cover_resistance nor snow: without its longwave "
                     "radiation the skin may have two temperatures in stable air; use exchange = "
                     "'coefficients'"});
}

INSTANTIATE_TEST_SUITE_P(
    Observations, SettingsMistake,
    ::testing::Values(
        Mistake{"depth = 0.05", "",
                "case.nml:8: &observation depth: required for kind = 'soil_temperature'"},
        Mistake{"depth = 0.05", "depth = 1.05",
                "case.nml:8: &observation depth = 1.05: must be within the soil, 0 to 1 m"},
        Mistake{"'soil_temperature'", "'surface_temperature'",
                "case.nml:8: &observation depth: kind = 'surface_temperature' has no depth"},
        Mistake{"sigma = 0.1", "sigma = 0.1 error_memory = -1",
                "case.nml:8: &observation error_memory = -1: must be 0 to 10000000 h"},
        Mistake{"sigma = 0.1", "sigma = 0.1 error_memory = 'aut'",
                "case.nml:8: &observation error_memory = 'aut': must be a number of hours or "
                "'auto' (did you mean 'auto'?)"},
        Mistake{"sigma = 0.1", "sigma = 0.1 error_memory = 'auto' loss = 'huber'",
                "case.nml:8: &observation error_memory: must not be given with loss = 'huber': an "
                "error that lasts is told by the values after it, so that a single bad one cannot "
                "be weighed by itself; leave outliers out by qc_variable, and use loss = "
                "'gaussian'"},
        Mistake{"sigma = 0.1", "sigma = 0.1 sigma_variable = 's'",
                "case.nml:8: &observation sigma: must not be given with sigma_variable"},
        Mistake{"sigma = 0.1", "",
                "case.nml:8: &observation: sigma or sigma_variable is required for mode = "
                "'estimate' unless the stream is withheld"},
        Mistake{"stamp = 'middle'", "", "case.nml:8: &observation stamp: required with file"},
        Mistake{"stamp = 'middle'", "stamp = 'middle' name = 'a/b'",
                "case.nml:8: &observation name = 'a/b': must be a NetCDF name: letters, digits and "
                "_ . @ + -, beginning with a letter, a digit or _"},
        Mistake{"stamp = 'middle'", "stamp = 'middle' withhold = T",
                "case.nml:1: &run mode: mode 'estimate' needs an &observation with a file that is "
                "not withheld"},
        Mistake{"&parameter", "&observation kind = 'soil_temperature' depth = 0.05 / &parameter",
                "case.nml:9: &observation name = 'soil_temperature_5cm': already the name of the "
                "stream at folder/case.nml:8"},
        Mistake{"&parameter", "&observation kind = 'latent_heat' qc_variable = 'q' / &parameter",
                "case.nml:9: &observation qc_variable: needs file, from which it is read"}));

INSTANTIATE_TEST_SUITE_P(
    Parameters, SettingsMistake,
    ::testing::Values(
        Mistake{"'albedo'", "'albido'",
                "case.nml:12: &parameter name = 'albido': not a known name (did you mean "
                "'albedo'?)"},
        Mistake{"'albedo'", "'colour'",
                "case.nml:12: &parameter name = 'colour': must be " + all_parameters()},
        Mistake{"value = 0.2", "value = 1.2",
                "case.nml:12: &parameter value = 1.2: albedo must be 0 to 1"},
        Mistake{"value = 0.95", "value = 0",
                "case.nml:13: &parameter value = 0: emissivity must be 1e-09 to 1"},
        Mistake{"value = 290", "value = 20",
                "case.nml:16: &parameter value = 20: deep_temperature must be 150 to 400 K"},
        Mistake{"upper = 3", "", "case.nml:9: &parameter upper: required with estimate = .true."},
        Mistake{"lower = 0.1", "lower = 3",
                "case.nml:9: &parameter lower = 3: must be less than upper = 3"},
        Mistake{"value=1 estimate = T lower = 0.1 upper = 3",
                "value=1 estimate = T lower = 1 upper = 1.0000000000000002",
                "case.nml:9: &parameter upper = 1.0000000000000002: must be above lower = 1 by a "
                "billionth of it or more"},
        Mistake{"upper = 3", "upper = 3 prior_std = 1e-300",
                "case.nml:9: &parameter prior_std = 1e-300: must be 1e-15 to 1000000000000"},
        Mistake{"upper = 3", "upper = 3 prior_std = 1e-12",
                "case.nml:9: &parameter prior_std = 1e-12: must be 1e-09 to 1e+09 times upper - "
                "lower = 2.9"},
        Mistake{"value = 2e6", "value = 1e-300",
                "case.nml:11: &parameter value = 1e-300: heat_capacity must be 1 to 1000000000 J "
                "m-3 K-1"},
        Mistake{"lower = 0.1", "lower = 2",
                "case.nml:9: &parameter value = 1: must be from lower = 2 to upper = 3"},
        Mistake{"value = 0.2", "value = 0.2 file = 'p.nc'",
                "case.nml:12: &parameter file: must not be given with value"},
        Mistake{"value = 0.2", "", "case.nml:12: &parameter: value or file is required"},
        Mistake{"value = 0.2", "value = 0.2, 0.3",
                "case.nml:12: &parameter value: must be one value, found 2"},
        Mistake{"value = 0.2", "value = 0.2 depth = 0.1",
                "case.nml:12: &parameter depth: albedo has no depth"},
        Mistake{"value = 0.2", "value = 0.2 horizon = 'top'",
                "case.nml:12: &parameter horizon: albedo does not belong to a horizon"},
        Mistake{"horizon = 'sub'", "horizon = 'subs'",
                "case.nml:10: &parameter horizon = 'subs': no such horizon (did you mean 'sub'?)"},
        Mistake{"estimate = T", "",
                "case.nml:1: &run mode: mode 'estimate' needs a &parameter with estimate = .true."},
        Mistake{
            "'albedo' value = 0.2 /",
            "'albedo' value = 0.2 / &parameter name = 'albedo' value = 0.3 /",
            "case.nml:12: &parameter name = 'albedo': given twice, first at folder/case.nml:12"},
        Mistake{"&surface", "&parameter name = 'bowen_ratio' value = 1 / &surface",
                "case.nml:6: &parameter name = 'bowen_ratio': not used by this model, only with "
                "&surface turbulence = 'bowen'"}));

// The estimated conductivity on line 9 is `value=1 estimate = T`.
INSTANTIATE_TEST_SUITE_P(
    Space, SettingsMistake,
    ::testing::Values(
        Mistake{"value=1", "value=1 space = 'regions' ",
                "case.nml:9: &parameter space = 'regions': must be 'column', 'region', 'domain' "
                "(did you mean 'region'?)"},
        Mistake{"value=1", "value=1 space = 'region' region_file = 'r.nc' ",
                "case.nml:9: &parameter region_variable: required for space = 'region'"},
        Mistake{"value=1", "value=1 space = 'region' region_variable = 'soil' ",
                "case.nml:9: &parameter region_file: required for space = 'region'"},
        Mistake{"value=1", "value=1 region_variable = 'soil' ",
                "case.nml:9: &parameter region_variable: needs space = 'region'"},
        Mistake{"value=1", "value=1 space = 'domain' region_file = 'r.nc' ",
                "case.nml:9: &parameter region_file: needs space = 'region'"},
        Mistake{"value=1", "value=1 space = 'region' region_file = 3 region_variable = 'soil' ",
                "case.nml:9: &parameter region_file = 3: must be text in quotes"},
        Mistake{
            "value=1", "file = 'p.nc' space = 'domain' ",
            "case.nml:9: &parameter file: with space = 'domain' the first guess must be one value "
            "for all columns: give value instead of file"},
        Mistake{"value=1", "value=1 correlation_length = 5 ",
                "case.nml:9: &parameter correlation_length: needs prior_std"},
        Mistake{"value=1", "value=1 prior_std = 1 correlation_length = 5 space = 'domain' ",
                "case.nml:9: &parameter correlation_length: needs space = 'column'"}));

INSTANTIATE_TEST_SUITE_P(
    Time, SettingsMistake,
    ::testing::Values(
        Mistake{"value=1", "value=1 time = 'step' ",
                "case.nml:9: &parameter time = 'step': must be 'constant', 'steps', 'linear' (did "
                "you mean 'steps'?)"},
        Mistake{"value=1", "value=1 time = 'steps' ",
                "case.nml:9: &parameter time = 'steps': knots or knot_interval is required"},
        Mistake{"value=1", "value=1 time = 'linear' knots = '' ",
                "case.nml:9: &parameter time = 'linear': knots or knot_interval is required"},
        Mistake{"value=1", "value=1 time = 'linear' knots = 'monthly' knot_interval = 24 ",
                "case.nml:9: &parameter knot_interval: must not be given with knots"},
        Mistake{"value=1", "value=1 knots = 'monthly' ",
                "case.nml:9: &parameter knots: needs time = 'steps' or time = 'linear'"},
        Mistake{"value=1", "value=1 knot_interval = 24 ",
                "case.nml:9: &parameter knot_interval: needs time = 'steps' or time = 'linear'"},
        Mistake{"value=1", "value=1 time_std = 0.1 ",
                "case.nml:9: &parameter time_std: needs time = 'steps' or time = 'linear'"},
        Mistake{"value=1", "value=1 time = 'steps' knot_interval = 24 time_std = 0 ",
                "case.nml:9: &parameter time_std = 0: must be 1e-15 to 1000000000000"},
        Mistake{"value=1", "value=1 time = 'steps' knot_interval = 0.25 ",
                "case.nml:9: &parameter knot_interval = 0.25 h: must not be shorter than &time "
                "step = 1800 s"},
        Mistake{"value=1", "value=1 time = 'steps' knots = 'montly' ",
                "case.nml:9: &parameter knots = 'montly': must be 'monthly' or dates (ISO 8601, "
                "UTC) such as '2017-07-01' or '2017-07-01T06:30:00' (did you mean 'monthly'?)"},
        Mistake{"value=1", "value=1 time = 'steps' knots = '2017-07-01', 'monthly' ",
                "case.nml:9: &parameter knots = '2017-07-01': 'monthly' must be the only value"},
        Mistake{"value=1", "value=1 time = 'steps' knots = '2017-07-01', '2017-07-32' ",
                "case.nml:9: &parameter knots = '2017-07-32': must be 'monthly' or dates (ISO "
                "8601, UTC) such as '2017-07-01' or '2017-07-01T06:30:00'"},
        Mistake{"value=1", "value=1 time = 'linear' knots = '2017-07-02', '2017-07-01' ",
                "case.nml:9: &parameter knots: must increase, but '2017-07-01T00:00' follows "
                "'2017-07-02T00:00'"},
        Mistake{"value=1", "value=1 time = 'steps' knots = '2017-07-01T12:00', '2017-07-02' ",
                "case.nml:9: &parameter knots = '2017-07-01T12:00': with time = 'steps' the first "
                "knot must not be later than &time start = '2017-07-01T00:00'"},
        Mistake{"value=1", "value=1,1,1 time = 'linear' knots = '2017-07-01', '2017-07-02' ",
                "case.nml:9: &parameter value: 3 values for 2 knots: must be one, or one for "
                "each"},
        Mistake{"value=1", "value=1,5 time = 'linear' knots = '2017-07-01', '2017-07-02' ",
                "case.nml:9: &parameter value = 5: must be from lower = 0.1 to upper = 3"}));

INSTANTIATE_TEST_SUITE_P(
    Longwave, SettingsMistake,
    ::testing::Values(
        Mistake{"'end' /", "'end' longwave_model = 'pratta' /",
                "case.nml:7: &forcing longwave_model = 'pratta': must be 'none', 'brutsaert', "
                "'prata', 'dilley_obrien' (did you mean 'prata'?)"},
        Mistake{"'end' /", "'end' longwave_model = 'prata' longwave_constant = 300 /",
                "case.nml:7: &forcing longwave_constant: must not be given with longwave_model"},
        Mistake{"'end' /", "'end' longwave_model = 'prata' longwave = 'LWdown' /",
                "case.nml:7: &forcing longwave: must not be given with longwave_model"},
        Mistake{"'end' /", "'end' cloud = 'tva' /",
                "case.nml:7: &forcing cloud: not used, only with a longwave_model"},
        Mistake{"'end' /", "'end' longwave_model = 'prata' pressure = '' /",
                "case.nml:7: &forcing: pressure or pressure_constant is required for turbulence = "
                "'humidity', exchange = 'louis' or a longwave_model"},
        Mistake{"'end' /", "'end' longwave_model = 'prata' shortwave_constant = 300 /",
                "case.nml:7: &forcing shortwave_constant: must not be given with a longwave_model "
                "unless cloud = 'none', because clouds are told from shortwave radiation"}));

INSTANTIATE_TEST_SUITE_P(
    Site, SettingsMistake,
    ::testing::Values(
        Mistake{"&surface", "&site latitude = 3 / &surface",
                "case.nml:6: &site longitude: latitude and longitude must be given together"},
        Mistake{"&surface", "&site latitude = 93, longitude = 0 / &surface",
                "case.nml:6: &site latitude = 93: must be -90 to 90 degrees"}));

INSTANTIATE_TEST_SUITE_P(
    Optimizer, SettingsMistake,
    ::testing::Values(
        Mistake{"&surface", "&optimizer gradient = 'tangent' / &surface",
                "case.nml:6: &optimizer gradient = 'tangent': must be 'auto', 'adjoint', "
                "'tangent_linear'"},
        Mistake{"&surface", "&optimizer method = 'bnrt' / &surface",
                "case.nml:6: &optimizer method = 'bnrt': must be 'auto', 'column_newton', 'bntr', "
                "'bnls', 'bntl', 'bqnls', 'blmvm', 'bncg' (did you mean 'bntr'?)"},
        Mistake{"&surface", "&optimizer method = 'bntr' starts = 5 / &surface",
                "case.nml:6: &optimizer starts = 5: needs method = 'column_newton'"}));

} // namespace
} // namespace glebe
