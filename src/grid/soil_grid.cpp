// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/grid/soil_grid.hpp"

#include "glebe/base/error.hpp"
#include "glebe/config/settings.hpp"

#include <algorithm>
#include <cmath>

#include "conduction_modes.hpp"

namespace glebe {

namespace {

constexpr double same_depth = 1e-9; ///< [m], below which two depths are one

std::size_t nearest_node(const std::vector<double>& depths, double z) {
  const auto distance = [z](double a, double b) { return std::abs(a - z) < std::abs(b - z); };
  return static_cast<std::size_t>(std::min_element(depths.begin(), depths.end(), distance) -
                                  depths.begin());
}

// The nodes of a uniform or stretched grid; the nearest one is moved to each horizon boundary.
std::vector<double> regular_nodes(const Settings& settings) {
  const SoilSettings& soil = settings.soil;
  std::vector<double> depths =
      stretched_nodes(soil.depth - soil.top, static_cast<std::size_t>(soil.nodes), soil.stretch);
  if (soil.top > 0.0)
    for (double& z : depths) z += soil.top;
  depths.back() = soil.depth;
  std::size_t previous = 0;
  for (std::size_t h = 0; h + 1 < settings.horizons.size(); ++h) {
    const HorizonSettings& horizon = settings.horizons[h];
    const std::size_t node = nearest_node(depths, horizon.bottom);
    if (node <= previous || node + 1 >= depths.size())
      throw InputError(fmt::format("{} = {} m: no node of the soil grid is left for this boundary; "
                                   "use more nodes or thicker horizons",
                                   horizon.where("bottom"), horizon.bottom));
    depths[node] = horizon.bottom;
    previous = node;
  }
  return depths;
}

void check_listed_nodes(const Settings& settings) {
  for (const HorizonSettings& horizon : settings.horizons) {
    const std::vector<double>& depths = settings.soil.node_depths;
    const double nearest = depths[nearest_node(depths, horizon.bottom)];
    if (std::abs(nearest - horizon.bottom) > same_depth)
      throw InputError(fmt::format("{} = {} m: must be one of node_depths (nearest: {} m)",
                                   horizon.where("bottom"), horizon.bottom, nearest));
  }
}

// The heat that flows through an element of no thickness would leave nothing else to be seen.
void check_thickness(const SoilSettings& soil, const std::vector<double>& thickness) {
  constexpr double least = 1e-6; // [m]
  const double thinnest = *std::min_element(thickness.begin(), thickness.end());
  if (thinnest >= least) return;
  const bool listed = !soil.node_depths.empty();
  throw InputError(fmt::format("{}: the thinnest element between two nodes is {:.3g} m: must be "
                               "{:g} m or more{}",
                               soil.where(listed ? "node_depths" : "nodes"), thinnest, least,
                               listed ? "" : "; use fewer nodes or a stretch nearer to 1"));
}

std::vector<double> knot_depths(const Settings& settings) {
  std::vector<double> knots;
  for (const ParameterSettings& parameter : settings.parameters)
    if (parameter.name == Parameter::initial_temperature)
      knots.insert(knots.end(), parameter.depth.begin(), parameter.depth.end());
  std::sort(knots.begin(), knots.end());
  return knots;
}

} // namespace

std::vector<double> stretched_nodes(double depth, std::size_t n_node, double stretch) {
  std::vector<double> depths(n_node, 0.0);
  double thickness = 1.0;
  for (std::size_t i = 1; i < n_node; ++i, thickness *= stretch)
    depths[i] = depths[i - 1] + thickness;
  for (double& z : depths) z *= depth / depths.back();
  depths.back() = depth;
  return depths;
}

SoilGrid::SoilGrid(std::vector<double> node_depths) : depths_(std::move(node_depths)) {
  for (std::size_t i = 0; i + 1 < depths_.size(); ++i)
    thickness_.push_back(depths_[i + 1] - depths_[i]);
  to_above_.resize(depths_.size());
  to_below_.resize(depths_.size());
  for (std::size_t i = 1; i + 1 < depths_.size(); ++i) {
    const double dz = 0.5 * (thickness_[i - 1] + thickness_[i]);
    to_above_[i] = 1.0 / (dz * thickness_[i - 1]);
    to_below_[i] = 1.0 / (dz * thickness_[i]);
  }
  set_horizons({depths_.back()}, {"soil"});
}

SoilGrid::SoilGrid(const Settings& settings)
    : SoilGrid(settings.soil.node_depths.empty() ? regular_nodes(settings)
                                                 : settings.soil.node_depths) {
  check_thickness(settings.soil, thickness_);
  if (!settings.soil.node_depths.empty()) check_listed_nodes(settings);
  std::vector<double> bottoms;
  std::vector<std::string> names;
  for (const HorizonSettings& horizon : settings.horizons) {
    bottoms.push_back(horizon.bottom);
    names.push_back(horizon.name);
  }
  if (!bottoms.empty()) set_horizons(bottoms, std::move(names));
  if (settings.soil.initial == Initial::profile) set_knots(knot_depths(settings));
}

Soil SoilGrid::view_with_modes(Top top, Bottom bottom) const {
  const bool fixed_top = top == Top::temperature, fixed_bottom = bottom == Bottom::temperature;
  Modes& modes = modes_[(fixed_top ? 2 : 0) + (fixed_bottom ? 1 : 0)];
  Soil soil = view();
  if (!modes)
    modes =
        std::make_shared<const ConductionModes>(conduction_modes(soil, fixed_top, fixed_bottom));
  soil.modes = modes.get();
  return soil;
}

void SoilGrid::set_horizons(const std::vector<double>& bottoms, std::vector<std::string> names) {
  horizon_names_ = std::move(names);
  horizon_top_ = {0};
  for (const double bottom : bottoms) horizon_top_.push_back(nearest_node(depths_, bottom));
}

std::vector<double> SoilGrid::horizon_bottoms() const {
  std::vector<double> bottoms;
  for (std::size_t h = 1; h < horizon_top_.size(); ++h) bottoms.push_back(depths_[horizon_top_[h]]);
  return bottoms;
}

} // namespace glebe
