// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/grid/soil_grid.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace glebe {
namespace {

constexpr double rounding = 1e-14; ///< of depths of a few metres in double [m]

// Horizons as the reader leaves them: from the top, each with its place in the namelist.
void set_horizons(Settings& settings, const std::vector<double>& bottoms) {
  for (const double bottom : bottoms) {
    const auto count = settings.horizons.size();
    HorizonSettings horizon;
    static_cast<GroupOrigin&>(horizon) =
        GroupOrigin("case.nml", "horizon", 10 + static_cast<int>(count));
    horizon.bottom = bottom;
    horizon.name = "horizon_" + std::to_string(count + 1);
    settings.horizons.push_back(horizon);
  }
}

Settings regular(double depth, int nodes, double stretch, const std::vector<double>& bottoms) {
  Settings settings;
  settings.soil.depth = depth;
  settings.soil.nodes = nodes;
  settings.soil.stretch = stretch;
  set_horizons(settings, bottoms);
  return settings;
}

Settings listed(const std::vector<double>& depths, const std::vector<double>& bottoms) {
  Settings settings;
  settings.soil.depth = depths.back();
  settings.soil.node_depths = depths;
  set_horizons(settings, bottoms);
  return settings;
}

// What every grid must be for the kernel to stand on.
void expect_sound(const SoilGrid& grid) {
  const Soil soil = grid.view();
  ASSERT_GE(soil.n_node(), 2u);
  ASSERT_EQ(soil.thickness.size() + 1, soil.n_node());
  EXPECT_EQ(soil.depth[0], 0.0);
  for (std::size_t i = 0; i < soil.thickness.size(); ++i) {
    EXPECT_GT(soil.thickness[i], 0.0);
    EXPECT_NEAR(soil.thickness[i], soil.depth[i + 1] - soil.depth[i], rounding);
  }
  ASSERT_GE(soil.horizon_top.size(), 2u);
  EXPECT_EQ(soil.horizon_top.front(), 0u);
  EXPECT_EQ(soil.horizon_top.back(), soil.thickness.size());
  for (std::size_t h = 0; h + 1 < soil.horizon_top.size(); ++h)
    EXPECT_LT(soil.horizon_top[h], soil.horizon_top[h + 1]);
  EXPECT_EQ(grid.layout().n_horizon, soil.n_horizon());
  EXPECT_EQ(grid.layout().n_knot, soil.knot_depth.size());
  EXPECT_EQ(grid.horizon_names().size(), soil.n_horizon());
}

void expect_depths(const std::vector<double>& depths, const std::vector<double>& expected) {
  ASSERT_EQ(depths.size(), expected.size());
  for (std::size_t i = 0; i < depths.size(); ++i)
    EXPECT_NEAR(depths[i], expected[i], rounding) << "node " << i;
}

// The message of the error that making the grid throws, or an empty string.
std::string problem_of(const Settings& settings) {
  try {
    const SoilGrid grid(settings);
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems().size(), 1u);
    return error.problems().front();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(StretchedNodes, are_uniform_without_stretch) {
  expect_depths(stretched_nodes(1.0, 5, 1.0), {0.0, 0.25, 0.5, 0.75, 1.0});
  expect_depths(stretched_nodes(0.3, 2, 1.0), {0.0, 0.3});
}

TEST(StretchedNodes, grow_by_the_ratio) {
  expect_depths(stretched_nodes(1.5, 5, 2.0), {0.0, 0.1, 0.3, 0.7, 1.5});
  const auto depths = stretched_nodes(2.7, 40, 1.13);
  for (std::size_t i = 2; i < depths.size(); ++i)
    EXPECT_NEAR((depths[i] - depths[i - 1]) / (depths[i - 1] - depths[i - 2]), 1.13, 1e-11);
  EXPECT_EQ(depths.front(), 0.0);
  EXPECT_EQ(depths.back(), 2.7); // to the last bit: the bottom is compared with horizons
}

TEST(SoilGrid, of_nodes_has_one_horizon) {
  const SoilGrid grid({0.0, 0.02, 0.1, 0.4});
  expect_sound(grid);
  EXPECT_EQ(grid.depths(), (std::vector<double>{0.0, 0.02, 0.1, 0.4}));
  EXPECT_EQ(grid.horizon_bottoms(), std::vector<double>{0.4});
}

TEST(SoilGrid, is_uniform_from_settings) {
  const SoilGrid grid(regular(1.0, 101, 1.0, {1.0}));
  expect_sound(grid);
  ASSERT_EQ(grid.depths().size(), 101u);
  for (std::size_t i = 0; i < 101; ++i)
    EXPECT_NEAR(grid.depths()[i], 0.01 * static_cast<double>(i), rounding);
  EXPECT_EQ(grid.horizon_names(), std::vector<std::string>{"horizon_1"});
}

TEST(SoilGrid, is_stretched_from_settings) {
  const SoilGrid grid(regular(1.5, 5, 2.0, {1.5}));
  expect_sound(grid);
  expect_depths(grid.depths(), {0.0, 0.1, 0.3, 0.7, 1.5});
}

TEST(SoilGrid, is_as_listed) {
  const SoilGrid grid(listed({0.0, 0.01, 0.05, 0.2, 1.0}, {0.05, 1.0}));
  expect_sound(grid);
  EXPECT_EQ(grid.depths(), (std::vector<double>{0.0, 0.01, 0.05, 0.2, 1.0}));
  EXPECT_EQ(grid.horizon_bottoms(), (std::vector<double>{0.05, 1.0}));
  EXPECT_EQ(grid.view().horizon_top[1], 2u);
  EXPECT_EQ(grid.horizon_names(), (std::vector<std::string>{"horizon_1", "horizon_2"}));
}

TEST(SoilGrid, moves_the_nearest_node_onto_a_boundary) {
  const SoilGrid grid(regular(1.0, 11, 1.0, {0.13, 0.58, 1.0}));
  expect_sound(grid);
  expect_depths(grid.depths(), {0.0, 0.13, 0.2, 0.3, 0.4, 0.5, 0.58, 0.7, 0.8, 0.9, 1.0});
  // Boundaries are met to the last bit.
  EXPECT_EQ(grid.horizon_bottoms(), (std::vector<double>{0.13, 0.58, 1.0}));
}

TEST(SoilGrid, keeps_elements_positive_wherever_boundaries_lie) {
  for (const double stretch : {1.0, 1.05})
    for (int i = 5; i < 85; ++i) {
      const double upper = 0.01 * i;
      const SoilGrid grid(regular(1.0, 21, stretch, {upper, upper + 0.12, 1.0}));
      expect_sound(grid);
      EXPECT_EQ(grid.horizon_bottoms(), (std::vector<double>{upper, upper + 0.12, 1.0}));
      EXPECT_EQ(grid.depths().back(), 1.0);
    }
}

TEST(SoilGrid, leaves_nodes_that_are_on_boundaries) {
  const SoilGrid grid(regular(1.0, 11, 1.0, {0.3, 1.0}));
  expect_depths(grid.depths(), SoilGrid(regular(1.0, 11, 1.0, {1.0})).depths());
  EXPECT_EQ(grid.view().horizon_top[1], 3u);
}

TEST(SoilGrid, takes_sorted_knots_of_an_initial_profile) {
  Settings settings = regular(1.0, 11, 1.0, {1.0});
  for (const std::vector<double>& depths : {std::vector{0.5, 1.0}, std::vector{0.05, 0.2}}) {
    ParameterSettings parameter;
    parameter.name = Parameter::initial_temperature;
    parameter.depth = depths;
    settings.parameters.push_back(parameter);
  }
  ParameterSettings other;
  other.name = Parameter::albedo;
  settings.parameters.push_back(other);

  EXPECT_TRUE(SoilGrid(settings).knots().empty()); // initial = 'uniform'
  settings.soil.initial = Initial::profile;
  const SoilGrid grid(settings);
  EXPECT_EQ(grid.knots(), (std::vector<double>{0.05, 0.2, 0.5, 1.0}));
  expect_sound(grid);
}

TEST(SoilGrid, refuses_a_boundary_between_listed_nodes) {
  const std::string problem = problem_of(listed({0.0, 0.01, 0.05, 0.2, 1.0}, {0.07, 1.0}));
  EXPECT_TRUE(contains(problem, "case.nml:10: &horizon bottom = 0.07 m")) << problem;
  EXPECT_TRUE(contains(problem, "node_depths")) << problem;
  EXPECT_TRUE(contains(problem, "0.05 m")) << problem; // the nearest one
}

// Depths that went through text differ in the last digits.
TEST(SoilGrid, accepts_a_boundary_that_differs_by_rounding) {
  const SoilGrid grid(listed({0.0, 0.1, 0.1 + 0.2, 1.0}, {0.3, 1.0}));
  expect_sound(grid);
  EXPECT_EQ(grid.view().horizon_top[1], 2u);
}

TEST(SoilGrid, refuses_two_boundaries_for_one_node) {
  const std::string problem = problem_of(regular(1.0, 6, 1.0, {0.41, 0.43, 1.0}));
  EXPECT_TRUE(contains(problem, "case.nml:11: &horizon bottom = 0.43 m")) << problem;
  EXPECT_TRUE(contains(problem, "more nodes")) << problem;
}

TEST(SoilGrid, refuses_a_boundary_nearest_to_the_surface_or_the_bottom) {
  EXPECT_TRUE(contains(problem_of(regular(1.0, 11, 1.0, {0.04, 1.0})), "case.nml:10"));
  EXPECT_TRUE(contains(problem_of(regular(1.0, 11, 1.0, {0.96, 1.0})), "case.nml:10"));
}

TEST(SoilGrid, refuses_more_horizons_than_elements) {
  EXPECT_TRUE(contains(problem_of(regular(1.0, 3, 1.0, {0.3, 0.6, 1.0})), "no node"));
  EXPECT_EQ(problem_of(regular(1.0, 4, 1.0, {0.3, 0.6, 1.0})), "");
}

TEST(ParameterLayout, has_a_slot_of_its_own_for_every_parameter) {
  SoilGrid grid(stretched_nodes(1.0, 11, 1.0));
  grid.set_horizons({0.2, 0.5, 1.0}, {"a", "b", "c"});
  grid.set_knots({0.1, 0.4});
  ParameterLayout layout = grid.layout();
  layout.n_stream = 3;
  std::vector<int> used(layout.size(), 0);
  for (std::size_t p = 0; p < parameter_count; ++p)
    for (std::size_t i = 0; i < layout.count(static_cast<Parameter>(p)); ++i)
      ++used.at(layout.position(static_cast<Parameter>(p), i));
  EXPECT_EQ(used, std::vector<int>(16 * 3 + 18 + 6 + 2 + 2 * 3, 1));
}

TEST(Interpolate, is_linear_between_places_and_held_beyond) {
  const std::vector<double> places{0.1, 0.2, 0.6};
  const auto value = [&](double z) { // of the function that is z at the places
    const auto [lower, weight] = interpolate(places, z);
    return weight > 0.0 ? (1 - weight) * places[lower] + weight * places.at(lower + 1)
                        : places[lower];
  };
  for (const double z : {0.1, 0.15, 0.2, 0.45, 0.6}) EXPECT_NEAR(value(z), z, rounding);
  EXPECT_EQ(value(0.0), 0.1);
  EXPECT_EQ(value(7.0), 0.6);
  const std::vector<double> one{0.3};
  for (const double z : {0.0, 0.3, 1.0}) {
    EXPECT_EQ(interpolate(one, z).lower, 0u);
    EXPECT_EQ(interpolate(one, z).weight, 0.0);
  }
}

// Of 1,000 nodes that each double their distance, most would lie on top of each other.
TEST(SoilGrid, RefusesElementsOfNoThickness) {
  EXPECT_NO_THROW(SoilGrid(regular(1.0, 1000, 1.0, {1.0})));
  EXPECT_THROW(SoilGrid(regular(1.0, 1000, 2.0, {1.0})), InputError);
  EXPECT_THROW(SoilGrid(listed({0.0, 1e-9, 0.5, 1.0}, {1.0})), InputError);
}

} // namespace
} // namespace glebe
