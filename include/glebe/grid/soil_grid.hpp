// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/parameter_layout.hpp"
#include "glebe/physics/soil.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace glebe {

struct Settings;

/// The vertical grid of all columns: nodes, elements between them, horizons, and the knots of the
/// initial profile. Owns the arrays to which a `Soil` refers.
class SoilGrid {
public:
  /// One horizon over all nodes.
  explicit SoilGrid(std::vector<double> node_depths);

  /// The grid of the settings. Horizon boundaries are nodes: on a uniform or stretched grid the
  /// nearest node is moved there; a list of nodes must contain them. Throws InputError.
  explicit SoilGrid(const Settings& settings);

  /// `bottoms` [m] must be nodes; the last one must be the last node.
  void set_horizons(const std::vector<double>& bottoms, std::vector<std::string> names);
  /// Depths of the knots of the initial profile, increasing [m].
  void set_knots(std::vector<double> depths) { knots_ = std::move(depths); }

  Soil view() const { return {depths_, thickness_, to_above_, to_below_, horizon_top_, knots_}; }
  /// The same with the modes of conduction of a column with these ends, which are found the first
  /// time and belong to the grid.
  Soil view_with_modes(Top top, Bottom bottom) const;
  ParameterLayout layout() const { return {horizon_top_.size() - 1, knots_.size()}; }
  const std::vector<double>& depths() const { return depths_; }
  const std::vector<double>& knots() const { return knots_; }
  const std::vector<std::string>& horizon_names() const { return horizon_names_; }
  /// Depth of the lower end of each horizon [m].
  std::vector<double> horizon_bottoms() const;

private:
  std::vector<double> depths_;
  std::vector<double> thickness_;
  std::vector<double> to_above_, to_below_;
  std::vector<std::size_t> horizon_top_;
  std::vector<std::string> horizon_names_;
  std::vector<double> knots_;
  using Modes = std::shared_ptr<const ConductionModes>;
  mutable std::array<Modes, 4> modes_; ///< by what is held at the ends, once they are asked for
};

/// Depths [m] of `n_node` nodes from 0 to `depth`, each element `stretch` times as thick as the one
/// above it.
std::vector<double> stretched_nodes(double depth, std::size_t n_node, double stretch);

} // namespace glebe
