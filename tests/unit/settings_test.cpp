// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/parameter_use.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "settings_case.hpp"

namespace glebe {
namespace {

TEST(Settings, ReadsACompleteNamelist) {
  const Settings settings = parse_settings(estimate, "folder/case.nml");
  EXPECT_EQ(settings.run.mode, Mode::estimate);
  EXPECT_EQ(settings.run.output, "folder/case.nc");
  EXPECT_EQ(seconds_between(Calendar::standard, settings.time.start, settings.time.stop),
            60 * 3600.0);
  EXPECT_EQ(iso_text(Calendar::standard, settings.time.start), "2017-07-01T00:00:00");
  EXPECT_EQ(settings.time.scheme, Scheme::sdirk2);
  EXPECT_EQ(settings.soil.nodes, 51);
  ASSERT_EQ(settings.horizons.size(), 2u);
  EXPECT_EQ(settings.horizons[1].name, "sub");
  EXPECT_EQ(settings.surface.turbulence, Turbulence::humidity);
  EXPECT_EQ(settings.forcing.file,
            (std::vector<std::filesystem::path>{"folder/a.nc", "folder/b.nc"}));
  EXPECT_EQ(settings.forcing.stamp, Stamp::end);
  EXPECT_FALSE(settings.forcing.constant[Input::wind]);
  EXPECT_EQ(settings.observations.at(0).name, "soil_temperature_5cm");
  EXPECT_EQ(settings.observations.at(0).variable, "soil_temperature_5cm");
  EXPECT_EQ(settings.observations.at(0).qc_accept, std::vector<int>{0});
  EXPECT_EQ(settings.parameters.at(0).upper, 3.0);
  EXPECT_EQ(settings.parameters.at(2).name, Parameter::heat_capacity);
  EXPECT_EQ(settings.text, estimate);
}

TEST(Settings, KnowsWhereGroupsAndKeysStand) {
  const std::string text = replaced(estimate, "&soil depth", "&soil\n\n depth");
  const Settings settings = parse_settings(text, "case.nml");
  EXPECT_EQ(settings.soil.at(), "case.nml:3");
  EXPECT_EQ(settings.soil.at("depth"), "case.nml:5");
  EXPECT_EQ(settings.soil.at("nodes"), "case.nml:3");
  EXPECT_EQ(settings.soil.where("depth"), "case.nml:5: &soil depth");
  EXPECT_TRUE(settings.soil.given("depth"));
  EXPECT_FALSE(settings.soil.given("nodes"));
  EXPECT_EQ(settings.optimizer.line(), 0);
  EXPECT_EQ(settings.optimizer.where("method"), "case.nml: &optimizer method");
}

TEST(Settings, AllProblemsAreReportedTogether) {
  const Messages found = problems_in("&soil depth = 1 nodez = 5\n stretch = 0.5 /\n"
                                     "&tme step = 1 /\n"
                                     "&run mode = 'estimat' seed = 1.5 series = 3 /\n"
                                     "&time start = 'yesterday' step = -5 /\n"
                                     "&soil depth = 2 /\n");
  const Messages expected{
      "folder/case.nml:3: &tme: unknown group (did you mean 'time'?)",
      "folder/case.nml:4: &run mode = 'estimat': must be 'forward', 'twin', 'estimate', "
      "'design', 'gradient_test' (did you mean 'estimate'?)",
      "folder/case.nml:4: &run seed = 1.5: must be an integer",
      "folder/case.nml:4: &run series = 3: must be .true. or .false.",
      "folder/case.nml:5: &time start = 'yesterday': must be a date or a date and time (ISO 8601, "
      "UTC) such as '2017-07-01' or '2017-07-01T06:30:00'",
      "folder/case.nml:5: &time stop: required, but not given",
      "folder/case.nml:5: &time step = -5: must be 0.001 to 1000000000 s",
      "folder/case.nml:6: &soil: given twice, first on line 1",
      "folder/case.nml:1: &soil nodez: unknown key (did you mean 'nodes'?)",
      "folder/case.nml:2: &soil stretch = 0.5: must be 1 to 2",
      "folder/case.nml: &forcing: required group is missing"};
  for (const std::string& message : expected)
    EXPECT_EQ(std::count(found.begin(), found.end(), message), 1) << message;
}

TEST(Settings, SyntaxErrorsComeWithTheOthers) {
  const Messages found = problems("depth = 1.0 /", "depth = 2*1*1 nodez = 3 /");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], "case.nml:3: &soil depth: bad repeat in '1*1': one '*' only");
  EXPECT_EQ(found[1], "case.nml:3: &soil nodez: unknown key (did you mean 'nodes'?)");
}

TEST(Settings, ParametersFollowThePhysics) {
  EXPECT_EQ(problems("&parameter name = 'albedo' value = 0.2 /", ""),
            Messages{"case.nml: &parameter: albedo is missing"});
  EXPECT_EQ(problems("horizon = 'sub'", "horizon = 'top'"),
            (Messages{"case.nml:10: &parameter name = 'thermal_conductivity': given twice for "
                      "horizon 'top', first at folder/case.nml:9",
                      "case.nml: &parameter: thermal_conductivity is missing for horizon 'sub'"}));
  EXPECT_EQ(problems("'humidity'", "'bowen'"),
            (Messages{"case.nml:15: &parameter name = 'latent_transfer': not used by this model, "
                      "only with &surface turbulence = 'humidity' and evaporation = 'coefficient'",
                      "case.nml: &parameter: bowen_ratio is missing, needed with &surface "
                      "turbulence = 'bowen'"}));
  EXPECT_EQ(problems("depth = 1.0", "depth = 1.0 bottom = 'flux'"),
            Messages{"case.nml: &parameter: geothermal_flux is missing, needed with &soil bottom "
                     "= 'flux'"});
  EXPECT_EQ(problems("depth = 1.0", "depth = 1.0 initial = 'profile'"),
            Messages{"case.nml: &parameter: initial_temperature is missing, needed with &soil "
                     "initial = 'profile'"});
}

TEST(Settings, DefaultsThatAreUsedAreKnown) {
  EXPECT_EQ(parameters_by_default(parse_settings(estimate, "case.nml")), "");
  std::string text = replaced(estimate, "depth = 1.0", "depth = 1.0 properties = 'freezing'");
  text = replaced(text, "'thermal_conductivity' horizon = 'top'", "'porosity' horizon = 'top'");
  text = replaced(text, "value=1 estimate = T lower = 0.1 upper = 3", "value = 0.4");
  text = replaced(text, "mode = 'estimate'", "mode = 'forward'");
  text = replaced(text, "'thermal_conductivity' horizon = 'sub'",
                  "'solid_conductivity' horizon = 'sub'");
  text = replaced(text, "'heat_capacity' value = 2e6", "'water_content' value = 0.2");
  EXPECT_EQ(parameters_by_default(parse_settings(text, "case.nml")),
            "porosity = 0.45 in horizon 'sub', dry_conductivity = 0.25 W m-1 K-1, "
            "solid_conductivity = 3 W m-1 K-1 in horizon 'top', kersten_shape = 1.9, "
            "frozen_kersten_shape = 0.85, solid_heat_capacity = 2.1e+06 J m-3 K-1, "
            "freezing_a = 0.05 degC^b, freezing_b = 0.5");
  text = replaced(text, "'freezing'",
                  "'freezing' conductivity_model = 'lu' freezing_model = 'linear'");
  EXPECT_EQ(parameters_by_default(parse_settings(text, "case.nml")),
            "porosity = 0.45 in horizon 'sub', dry_conductivity = 0.25 W m-1 K-1, "
            "solid_conductivity = 3 W m-1 K-1 in horizon 'top', kersten_shape = 0.27, "
            "solid_heat_capacity = 2.1e+06 J m-3 K-1, freezing_window = 0.5 K, "
            "unfrozen_water = 0");
}

TEST(Settings, BowenRatioKeepsAwayFromZero) {
  const std::string text =
      replaced(replaced(estimate, "'humidity'", "'bowen'"), "'latent_transfer' value = 5",
               "'bowen_ratio' value = 2 estimate = T lower = -1 upper = 3");
  EXPECT_EQ(problems_in(text), Messages{"folder/case.nml:15: &parameter lower = -1: lower and "
                                        "upper = 3 must not enclose 0"});
  EXPECT_EQ(problems_in(replaced(text, "lower = -1", "lower = 0")),
            Messages{"folder/case.nml:15: &parameter lower = 0: bowen_ratio must not be 0"});
  EXPECT_TRUE(problems_in(replaced(text, "lower = -1", "lower = 0.1")).empty());
}

TEST(Settings, InitialProfileHasKnots) {
  const std::string text = replaced(estimate, "depth = 1.0", "depth = 1.0 initial = 'profile'");
  const auto knots = [&](const std::string& keys) {
    return problems_in(text + "&parameter name = 'initial_temperature' " + keys + " /");
  };
  EXPECT_TRUE(knots("depth = 0, 0.5, 1 value = 3*290").empty());
  EXPECT_TRUE(knots("depth = 0, 0.5, 1 value = 290").empty());
  EXPECT_EQ(knots("value = 290").size(), 1u);
  EXPECT_EQ(knots("depth = 0, 0.5 value = 3*290").size(), 1u);
  EXPECT_EQ(knots("depth = 0.5, 0.5 value = 290").size(), 1u);
  EXPECT_EQ(knots("depth = 0, 1.5 value = 290").size(), 1u);
  EXPECT_EQ(knots("depth = 0 value = 290 / &parameter name = 'initial_temperature' depth = 0, 1 "
                  "value = 290")
                .size(),
            1u);
  EXPECT_TRUE(knots("depth = 0 value = 290 / &parameter name = 'initial_temperature' depth = 1 "
                    "value = 285")
                  .empty());
}

TEST(Settings, ParametersVaryInSpaceAndTime) {
  const auto read = [](const std::string& keys) {
    return parse_settings(replaced(estimate, "value=1", "value=1 " + keys + " "), "folder/c.nml")
        .parameters.at(0);
  };
  const ParameterSettings constant = read("");
  EXPECT_EQ(constant.space, Space::column);
  EXPECT_EQ(constant.time, TimeBasis::constant);
  EXPECT_TRUE(constant.knots.empty());
  EXPECT_FALSE(constant.couples_columns());

  const ParameterSettings monthly =
      read("space = 'region' region_file = 'r.nc' region_variable = 'soil' time = 'steps' "
           "knots = 'monthly' time_std = 0.2");
  EXPECT_EQ(monthly.space, Space::region);
  EXPECT_EQ(monthly.region_file, "folder/r.nc");
  EXPECT_EQ(monthly.region_variable, "soil");
  EXPECT_TRUE(monthly.knots.monthly);
  EXPECT_EQ(monthly.time_std, 0.2);
  EXPECT_TRUE(monthly.couples_columns());

  const ParameterSettings smooth =
      read("prior_std = 0.5 correlation_length = 12 time = 'linear' knot_interval = 24");
  EXPECT_EQ(smooth.correlation_length, 12.0);
  EXPECT_EQ(smooth.knot_interval, 24.0);
  EXPECT_TRUE(smooth.couples_columns());

  // One value per knot; blank dates at the end of a list mean nothing; a line may begin anywhere.
  const ParameterSettings listed =
      read(", 2 time = 'linear' knots = '2017-07-01T06:00', '2017-07-02', 2*''");
  EXPECT_EQ(listed.value, (std::vector<double>{1, 2}));
  ASSERT_EQ(listed.knots.dates.size(), 2u);
  // Both are late on 30 June: what only a calendar can compare is left to it.
  EXPECT_EQ(read("time = 'steps' knots = '2017-07-01T00:00+01:00', '2017-06-30T23:30'")
                .knots.dates.size(),
            2u);
  EXPECT_EQ(listed.knots.dates[0].second_of_day, 6 * 3600.0);
}

TEST(Settings, TheMethodMustSuitTheControls) {
  const std::string shared = replaced(estimate, "value=1", "value=1 space = 'domain' ");
  EXPECT_EQ(parse_settings(shared, "c.nml").optimizer.method, OptimizerMethod::automatic);
  EXPECT_EQ(parse_settings(shared, "c.nml").optimizer.gradient, GradientMethod::automatic);
  EXPECT_TRUE(problems_in(shared + "&optimizer method = 'blmvm' gradient = 'adjoint' /").empty());
  EXPECT_EQ(problems_in(shared + "&optimizer method = 'column_newton' starts = 3 /"),
            Messages{"folder/case.nml:17: &optimizer method = 'column_newton': searches each "
                     "column by itself, but space = 'domain' of the parameter at "
                     "folder/case.nml:9 couples columns: must be 'auto' or one of the methods for "
                     "all columns together"});
  const std::string smooth =
      replaced(estimate, "value=1", "value=1 prior_std = 1 correlation_length = 10 ");
  EXPECT_EQ(problems_in(smooth + "&optimizer starts = 3 /"),
            Messages{"folder/case.nml:17: &optimizer starts = 3: needs method = 'column_newton', "
                     "but correlation_length of the parameter at folder/case.nml:9 couples "
                     "columns"});
  // What is not estimated couples nothing; knots in time do not couple columns.
  EXPECT_TRUE(problems_in(replaced(estimate, "albedo' value = 0.2",
                                   "albedo' value = 0.2 space = "
                                   "'domain'") +
                          "&optimizer method = 'column_newton' starts = 3 /")
                  .empty());
  EXPECT_TRUE(
      problems_in(replaced(estimate, "value=1", "value=1 time = 'steps' knot_interval = 24 ") +
                  "&optimizer starts = 3 /")
          .empty());
}

TEST(Settings, TheInitialProfileDoesNotVaryInTime) {
  const std::string text = replaced(estimate, "depth = 1.0", "depth = 1.0 initial = 'profile'");
  EXPECT_EQ(problems_in(text + "&parameter name = 'initial_temperature' depth = 0, 1 value = 290 "
                               "time = 'linear' knot_interval = 24 /"),
            Messages{"folder/case.nml:17: &parameter time = 'linear': initial_temperature does "
                     "not vary in time"});
}

TEST(Settings, RegionMapsAreInputs) {
  const std::string text =
      replaced(replaced(estimate, "value=1", "value=1 space = 'domain' region_file = 'case.nc' "),
               "'domain'", "'region' region_variable = 'soil'");
  EXPECT_EQ(problems_in(text), Messages{"folder/case.nml:1: &run output = 'folder/case.nc': would "
                                        "overwrite a file that the run also reads or writes"});
}

TEST(Settings, AGradientTestWritesNoResult) {
  const std::string text = replaced(estimate, "'a.nc', 'b.nc'", "'case.nc'");
  EXPECT_EQ(problems_in(text).size(), 1U);
  EXPECT_TRUE(problems_in(replaced(text, "mode = 'estimate'", "mode = 'gradient_test'")).empty());
}

TEST(Settings, TwinNeedsAFileAndNoiseForItsStreams) {
  const std::string twin = replaced(estimate, "mode = 'estimate'", "mode = 'twin'");
  EXPECT_EQ(problems_in(twin), Messages{"folder/case.nml: &twin file: required for mode = 'twin'"});
  EXPECT_TRUE(problems_in(twin + "&twin file = 't.nc' noise = 0.1 /").empty());
  EXPECT_EQ(problems_in(twin + "&twin file = 't.nc' noise = 0.1, 0.2 /"),
            Messages{"folder/case.nml:17: &twin noise: 2 values for 1 observations: must be one, "
                     "or one for each"});
}

TEST(Settings, DepthsNameTheStreams) {
  const auto name = [](const std::string& depth) {
    return parse_settings(replaced(estimate, "depth = 0.05", "depth = " + depth), "c.nml")
        .observations.at(0)
        .name;
  };
  EXPECT_EQ(name("0.1"), "soil_temperature_10cm");
  EXPECT_EQ(name("0.025"), "soil_temperature_25mm");
  EXPECT_EQ(name("0"), "soil_temperature_0cm");
}

TEST(Settings, PathsAndEnvironment) {
  setenv("GLEBE_TEST_DATA", "/data/here", 1);
  const Settings settings = parse_settings(
      replaced(estimate, "'a.nc', 'b.nc'", "'../a.nc', '${GLEBE_TEST_DATA}/x/../b.nc', 2*''"),
      "/home/me/runs/case.nml");
  EXPECT_EQ(settings.forcing.file,
            (std::vector<std::filesystem::path>{"/home/me/runs/../a.nc", "/data/here/x/../b.nc"}));
  EXPECT_EQ(settings.run.output, "/home/me/runs/case.nc");
}

TEST(Settings, LaterAssignmentsWinElementByElement) {
  const Settings settings = parse_settings(
      replaced(estimate, "depth = 1.0", "depth = 3, nodes = 11 depth = 1.0 nodes = ,"), "c.nml");
  EXPECT_EQ(settings.soil.depth, 1.0);
  EXPECT_EQ(settings.soil.nodes, 11);
  const Settings flags =
      parse_settings(replaced(estimate, "sigma = 0.1", "sigma = 0.1 qc_accept(2) = 1, 2"), "c.nml");
  EXPECT_EQ(flags.observations.at(0).qc_accept, (std::vector<int>{0, 1, 2}));
}

TEST(Settings, ListedNodesGiveTheDepthAndTheWholeIsOneHorizon) {
  std::string text = replaced(estimate, "depth = 1.0", "node_depths = 0 0.1 0.4 1.0");
  text = replaced(text, "&horizon bottom = 0.3 name = 'top' /", "");
  text = replaced(text, "&horizon bottom = 1.0 name = 'sub' /", "");
  text = replaced(text, "horizon = 'top'", "");
  text = replaced(text, "&parameter name = 'thermal_conductivity' horizon = 'sub' value = 1 /", "");
  const Settings settings = parse_settings(text, "c.nml");
  EXPECT_EQ(settings.soil.depth, 1.0);
  ASSERT_EQ(settings.horizons.size(), 1u);
  EXPECT_EQ(settings.horizons[0].bottom, 1.0);
}

TEST(Settings, UnreadableFile) {
  EXPECT_THROW(read_settings("/nowhere/case.nml"), InputError);
  EXPECT_THROW(read_settings("/"), InputError);
}

} // namespace
} // namespace glebe
