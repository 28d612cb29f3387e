// SPDX-License-Identifier: BSD-3-Clause
// Settings from the command line: what they change, the namelist that says the same, and mistakes.
#include <algorithm>

#include "settings_case.hpp"

namespace glebe {
namespace {

using Overrides = std::vector<std::string>;

Settings with(const Overrides& overrides, const std::string& text = estimate) {
  return parse_settings(text, "folder/case.nml", overrides);
}

Messages problems_with(const Overrides& overrides, const std::string& text = estimate) {
  try {
    with(overrides, text);
  } catch (const InputError& error) {
    return error.problems();
  }
  return {};
}

TEST(Overrides, ReplaceAndAddKeys) {
  const Settings settings = with({"soil.depth=2", "horizon(sub).bottom = 2", "Run.Seed=7",
                                  "forcing.humidity_kind=relative", "time.start=2017-07-02T06:30",
                                  "run.title=dry, it's hot", "run.output=a/b.nc"});
  EXPECT_EQ(settings.soil.depth, 2.0);
  EXPECT_EQ(settings.horizons[1].bottom, 2.0);
  EXPECT_EQ(settings.run.seed, 7);
  EXPECT_EQ(settings.forcing.humidity_kind, HumidityKind::relative);
  EXPECT_EQ(settings.time.start, (DateTime{2017, 7, 2, 6.5 * 3600}));
  EXPECT_EQ(settings.run.title, "dry, it's hot");
  EXPECT_EQ(settings.run.output, "folder/a/b.nc");
  EXPECT_EQ(settings.overrides[2], "run.seed=7");
  EXPECT_EQ(settings.overrides[1], "horizon(sub).bottom=2");
}

TEST(Overrides, FindGroupsByNumberAndByName) {
  const Settings settings =
      with({"parameter(thermal_conductivity(top)).upper=4", "parameter(2).value=1.5",
            "parameter(albedo).value=0.3", "observation(soil_temperature_5cm).sigma=0.2"});
  EXPECT_EQ(settings.parameters[0].upper, 4.0);
  EXPECT_EQ(settings.parameters[1].value, std::vector<double>{1.5});
  EXPECT_EQ(settings.parameters[3].value, std::vector<double>{0.3});
  EXPECT_EQ(settings.observations[0].sigma, 0.2);
  // The only group of its kind needs no name.
  EXPECT_EQ(with({"observation.sigma=0.3"}).observations[0].sigma, 0.3);
}

TEST(Overrides, ReplaceListsAndTheirElements) {
  using Paths = std::vector<std::filesystem::path>;
  EXPECT_EQ(with({"forcing.file=c.nc"}).forcing.file, Paths{"folder/c.nc"});
  EXPECT_EQ(with({"forcing.file=c.nc, d.nc"}).forcing.file, (Paths{"folder/c.nc", "folder/d.nc"}));
  EXPECT_EQ(with({"forcing.file='c,d.nc'"}).forcing.file, Paths{"folder/c,d.nc"});
  EXPECT_EQ(with({"forcing.file(2)=c.nc"}).forcing.file, (Paths{"folder/a.nc", "folder/c.nc"}));
  EXPECT_EQ(with({"observation.qc_accept=0,1,2"}).observations[0].qc_accept,
            (std::vector<int>{0, 1, 2}));
}

TEST(Overrides, MakeGroupsThatAreMissing) {
  const Settings settings =
      with({"posterior.bootstrap=20", "posterior.profile=thermal_conductivity", "split.parts=2"});
  EXPECT_EQ(settings.posterior.bootstrap, 20);
  EXPECT_EQ(settings.posterior.profile, std::vector<std::string>{"thermal_conductivity"});
  EXPECT_EQ(settings.split.parts, 2);
  EXPECT_EQ(settings.split.where("parts"), "--set split.parts=2: &split parts");
}

// The text in the settings, read without options, is the same run.
TEST(Overrides, AreInTheTextOfTheNamelist) {
  const Overrides overrides{"forcing.file=c.nc",    "horizon(2).bottom=1.5",     "soil.depth=1.5",
                            "parameter(1).upper=4", "run.title=it's hot",        "split.parts=2",
                            "soil.nodes=31",        "observation.qc_accept(2)=1"};
  const std::string text =
      "\xEF\xBB\xBF! a mark, and 'a quote\n" +
      replaced(replaced(estimate, "'a.nc', 'b.nc'", "'a.nc', ! first\n 'b.nc',"), "sigma = 0.1",
               "sigma = 0.1 qc_accept = 0, 5");
  const Settings set = with(overrides, text);
  const Settings read = parse_settings(set.text, "folder/case.nml");
  for (const Settings* one : {&set, &read}) {
    EXPECT_EQ(one->forcing.file, std::vector<std::filesystem::path>{"folder/c.nc"});
    EXPECT_EQ(one->forcing.stamp, Stamp::end);
    EXPECT_EQ(one->horizons[1].bottom, 1.5);
    EXPECT_EQ(one->soil.depth, 1.5);
    EXPECT_EQ(one->soil.nodes, 31);
    EXPECT_EQ(one->parameters[0].upper, 4.0);
    EXPECT_EQ(one->parameters[0].lower, 0.1);
    EXPECT_EQ(one->run.title, "it's hot");
    EXPECT_EQ(one->split.parts, 2);
    EXPECT_EQ(one->observations[0].qc_accept, (std::vector<int>{0, 1}));
  }
  EXPECT_EQ(with({}, text).text, text);
}

struct WrongOverride {
  Overrides overrides;
  std::string message;
};

void PrintTo(const WrongOverride& wrong, std::ostream* out) { *out << wrong.message; }

class OverrideMistake : public ::testing::TestWithParam<WrongOverride> {};

TEST_P(OverrideMistake, IsReportedOnce) {
  EXPECT_EQ(problems_with(GetParam().overrides), Messages{GetParam().message});
}

INSTANTIATE_TEST_SUITE_P(
    All, OverrideMistake,
    ::testing::Values(
        WrongOverride{{""}, "--set : must be group.key=value or group(name).key=value"},
        WrongOverride{{"soil.depth"},
                      "--set soil.depth: must be group.key=value or group(name).key=value"},
        WrongOverride{{"depth=2"},
                      "--set depth=2: must be group.key=value or group(name).key=value"},
        WrongOverride{{"sol.depth=2"},
                      "--set sol.depth=2: &sol: unknown group (did you mean 'soil'?)"},
        WrongOverride{{"soil.deph=2"},
                      "--set soil.deph=2: &soil deph: unknown key (did you mean 'depth'?)"},
        WrongOverride{{"soil.nodes=2"}, "--set soil.nodes=2: &soil nodes = 2: must be 3 to 10000"},
        WrongOverride{{"soil.nodes="}, "--set soil.nodes=: '' is not a value as a namelist has it"},
        WrongOverride{{"soil.nodes=5, depth = 3"},
                      "--set soil.nodes=5, depth = 3: '5, depth = 3' is not a value as a namelist "
                      "has it"},
        WrongOverride{{"soil.nodes=5 / &run seed = 4"},
                      "--set soil.nodes=5 / &run seed = 4: '5 / &run seed = 4' is not a value as a "
                      "namelist has it"},
        WrongOverride{{"run.title='open"},
                      "--set run.title='open: ''open' is not a value as a namelist has it"},
        WrongOverride{{"soil.nodes(2)=5"},
                      "--set soil.nodes(2)=5: &soil nodes: is not a list and takes no index"},
        WrongOverride{{"surface.turbulence=bown"},
                      "--set surface.turbulence=bown: &surface turbulence = 'bown': must be "
                      "'bowen', 'humidity', 'combined' (did you mean 'bowen'?)"},
        WrongOverride{{"soil(1).depth=2"},
                      "--set soil(1).depth=2: &soil is not repeated: must be soil.depth"},
        WrongOverride{
            {"horizon.bottom=2"},
            "--set horizon.bottom=2: there are 2 &horizon: must be horizon(name).bottom or "
            "horizon(number).bottom; they are 1: top, 2: sub"},
        WrongOverride{{"horizon(3).bottom=2"},
                      "--set horizon(3).bottom=2: &horizon number 3: must be 1 to 2"},
        WrongOverride{{"parameter(albdo).value=0.2"},
                      "--set parameter(albdo).value=0.2: no &parameter is called 'albdo' (did you "
                      "mean 'albedo'?)"},
        WrongOverride{{"design(one).days=3"},
                      "--set design(one).days=3: the namelist has no &design"},
        WrongOverride{{"soil.depth=2", "soil.depth=3"},
                      "--set soil.depth=3: set twice, first by --set soil.depth=2"},
        WrongOverride{
            {"horizon(2).name=deep", "horizon(sub).name=low"},
            "--set horizon(sub).name=low: set twice, first by --set horizon(2).name=deep"},
        WrongOverride{{"soil.depth=2"},
                      "folder/case.nml:5: &horizon bottom = 1: the last horizon must end at the "
                      "depth of the soil, 2 m"}));

TEST(Overrides, NameAllThatMayBeMeant) {
  const Messages found = problems_with({"parameter(thermal_conductivity).value=1"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(
      found[0].starts_with("--set parameter(thermal_conductivity).value=1: 2 &parameter are called "
                           "'thermal_conductivity'; they are 1: thermal_conductivity(top), 2: "
                           "thermal_conductivity(sub), 3: heat_capacity"))
      << found[0];
}

} // namespace
} // namespace glebe
