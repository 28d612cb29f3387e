// SPDX-License-Identifier: BSD-3-Clause
// The groups &posterior, &design and &ranking: what they hold, and every mistake in them.
#include "settings_case.hpp"

namespace glebe {
namespace {

/// The complete estimate as a design, with `groups` after its &run on line 1.
std::string design_with(const std::string& groups) {
  return replaced(estimate, "mode = 'estimate' /", "mode = 'design' / " + groups);
}

std::string all_kinds() {
  std::string names;
  for (const ObservationKindInfo& kind : observation_kind_table)
    names += (names.empty() ? "'" : ", '") + std::string(kind.name) + "'";
  return names;
}

TEST(DesignSettings, AreRead) {
  const Settings settings = parse_settings(
      design_with(
          "&design name = 'near' streams = 'soil_temperature_5cm' depths = 0.02, 0.1 "
          "sigma = 0.2 error_memory = 6 sensors = 2 days = 1, 2.5 start = '2017-07-02' / &design / "
          "&ranking criterion = 'volume' parameters = 'thermal_conductivity' /"),
      "case.nml");
  ASSERT_EQ(settings.designs.size(), 2u);
  const DesignSettings& near = settings.designs[0];
  EXPECT_EQ(near.streams, std::vector<std::string>{"soil_temperature_5cm"});
  EXPECT_EQ(near.depths, (std::vector<double>{0.02, 0.1}));
  EXPECT_EQ(near.kind, ObservationKind::soil_temperature);
  EXPECT_EQ(near.sigma, 0.2);
  EXPECT_EQ(near.error_memory, 6.0);
  EXPECT_EQ(near.sensors, 2);
  EXPECT_EQ(near.days, (std::vector<double>{1.0, 2.5}));
  EXPECT_EQ(near.start.day, 2);
  EXPECT_EQ(settings.designs[1].name, "design_2");
  EXPECT_TRUE(settings.designs[1].streams.empty());
  EXPECT_FALSE(settings.designs[1].given("start"));
  EXPECT_EQ(settings.ranking.criterion, Criterion::volume);
  EXPECT_EQ(settings.ranking.parameters, std::vector<std::string>{"thermal_conductivity"});
}

TEST(PosteriorSettings, HaveDefaults) {
  const PosteriorSettings posterior = parse_settings(estimate, "case.nml").posterior;
  EXPECT_FALSE(posterior.scale_by_chi_square);
  EXPECT_TRUE(posterior.autocorrelation);
  EXPECT_EQ(posterior.precision, 0.1);
  EXPECT_EQ(posterior.correlation_limit, 0.95);
  EXPECT_EQ(posterior.std_limit, 0.7);
  EXPECT_TRUE(posterior.profile.empty());
  EXPECT_EQ(posterior.bootstrap, 0);
}

/// A design reads no observations, so that their files may be those it writes.
TEST(DesignSettings, NeedNoValues) {
  EXPECT_EQ(problems_in(design_with("&design /")), Messages{});
  EXPECT_EQ(problems_in(replaced(design_with("&design /"), "file = 'obs.nc'", "")), Messages{});
}

struct Mistake {
  const char* groups;
  std::string message;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.groups; }

class DesignMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(DesignMistake, IsReportedOnce) {
  Messages found = problems_in(design_with(GetParam().groups));
  for (std::string& message : found)
    if (message.starts_with("folder/")) message.erase(0, 7);
  EXPECT_EQ(found, Messages{GetParam().message});
}

INSTANTIATE_TEST_SUITE_P(
    Design, DesignMistake,
    ::testing::Values(
        Mistake{"", "case.nml:1: &run mode: mode 'design' needs a &design"},
        Mistake{"&design streams = 'soil_temperature_5' /",
                "case.nml:1: &design streams = 'soil_temperature_5': no such &observation (did you "
                "mean 'soil_temperature_5cm'?)"},
        Mistake{"&design depths = 0.1 /", "case.nml:1: &design sigma: required with depths"},
        Mistake{"&design depths = 0.1 sigma = 0.1 kind = 'albedo' /",
                "case.nml:1: &design kind = 'albedo': must be " + all_kinds()},
        Mistake{"&design depths = 0.1 sigma = 0.1 kind = 'latent_heat' /",
                "case.nml:1: &design kind = 'latent_heat': has no depth"},
        Mistake{"&design depths = 0.1, 1.2 sigma = 0.1 /",
                "case.nml:1: &design depths = 1.2: must be within the soil, 0 to 1 m"},
        Mistake{"&design depths = 0.1, 0.2, 0.1 sigma = 0.1 /",
                "case.nml:1: &design depths = 0.1: given twice"},
        Mistake{"&design depths = 0.1 sigma = 0.1 sensors = 2 /",
                "case.nml:1: &design sensors = 2: more than the number of depths, 1"},
        Mistake{"&design sigma = 0.1 /", "case.nml:1: &design sigma: needs depths"},
        Mistake{"&design error_memory = 2 /", "case.nml:1: &design error_memory: needs depths"},
        Mistake{"&design days = 0 /", "case.nml:1: &design days = 0: must be 1e-06 to 1000000 d"},
        Mistake{"&design name = 'a' / &design name = 'a' /",
                "case.nml:1: &design name = 'a': already the name of the design at "
                "folder/case.nml:1"},
        Mistake{"&design / &ranking parameters = 'heat_capacity' /",
                "case.nml:1: &ranking parameters = 'heat_capacity': is not a parameter that is "
                "estimated"},
        Mistake{"&design / &posterior profile = 'thermal_conductivty' /",
                "case.nml:1: &posterior profile = 'thermal_conductivty': is not a parameter that "
                "is estimated (did you mean 'thermal_conductivity'?)"},
        Mistake{"&design / &posterior bootstrap = 1 /",
                "case.nml:1: &posterior bootstrap = 1: must be 0 or at least 2"},
        Mistake{"&design / &posterior correlation_limit = 1.5 /",
                "case.nml:1: &posterior correlation_limit = 1.5: must be 0 to 1"}));

/// There are no residuals that could tell.
TEST(DesignSettings, MemoryIsANumber) {
  const std::string text =
      replaced(design_with("&design /"), "sigma = 0.1", "sigma = 0.1 error_memory = 'auto'");
  EXPECT_EQ(problems_in(text),
            Messages{"folder/case.nml:8: &observation error_memory = 'auto': is found by mode = "
                     "'estimate'; mode = 'design' needs a number of hours"});
}

TEST(DesignSettings, EveryStreamHasAnError) {
  Messages found = problems_in(replaced(design_with("&design /"), "sigma = 0.1 ", ""));
  EXPECT_EQ(found, Messages{"folder/case.nml:8: &observation sigma: required for mode = 'design'"});
}

} // namespace
} // namespace glebe
