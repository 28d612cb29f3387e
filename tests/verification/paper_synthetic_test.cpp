// SPDX-License-Identifier: BSD-3-Clause
// The synthetic case of Huang, Heaney and van Reeuwijk (arXiv:2505.02979): against its published
// series, and against a second implementation that shares nothing with the kernel but the equations
// of the paper.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "../support/exact_case.hpp"

namespace glebe {
namespace {

constexpr std::size_t n_node = 101, node_at_5_cm = 5;
constexpr double dz = 0.01, dt = 3600.0;                            // [m], [s]
constexpr double lambda = 0.8, C = 2.2e6;                           // [W m-1 K-1], [J m-3 K-1]
constexpr double albedo = 0.2, emissivity = 0.95;                   // [1]
constexpr double h = 15.0, bowen_ratio = 1.5;                       // [W m-2 K-1], [1]
constexpr double deep_temperature = 293.0, air_temperature = 296.0; // [K]
constexpr double longwave = 100.0;                                  // [W m-2]

double shortwave(std::size_t hour) {
  const double sunrise = 7.0, sunset = 21.0;
  const double of_day = static_cast<double>(hour % 24);
  if (of_day <= sunrise || of_day >= sunset) return 0.0;
  return 800.0 * std::cos(std::numbers::pi * ((of_day - sunrise) / (sunset - sunrise) - 0.5));
}

using Profile = std::vector<double>; ///< temperature of every node [K]

/// Profiles at the ends of all hours, the initial one first.
std::vector<Profile> run_kernel(std::size_t n_hour) {
  const ModelForm form{Scheme::backward_euler,
                       Bottom::temperature,
                       Initial::uniform,
                       {Longwave::full, Turbulence::bowen},
                       dt};
  const SoilGrid grid(stretched_nodes(1.0, n_node, 1.0));
  const std::vector<double> values =
      test::parameter_values(grid.layout(), {{{Parameter::thermal_conductivity}, lambda},
                                             {{Parameter::heat_capacity}, C},
                                             {{Parameter::albedo}, albedo},
                                             {{Parameter::emissivity}, emissivity},
                                             {{Parameter::heat_transfer}, h},
                                             {{Parameter::bowen_ratio}, bowen_ratio},
                                             {{Parameter::deep_temperature}, deep_temperature}});
  test::OwnedColumn<LinearColumn<double>> owned(form, grid.view(), grid.layout());
  owned.column.set_parameters(values.data());
  owned.column.start({});

  struct Keep {
    const LinearColumn<double>& model;
    std::vector<Profile> profiles{};

    void keep() {
      Profile profile(model.temperature(), model.temperature() + n_node);
      for (double& T : profile) T += freezing_temperature;
      profiles.push_back(std::move(profile));
    }
    void start(const Inputs<double>&) { keep(); }
    void stage(std::size_t, std::size_t, const Inputs<double>&) { keep(); }
  } visitor{owned.column};
  const test::AnalyticForcing forcing{
      [](double t) {
        return Inputs<double>{shortwave(static_cast<std::size_t>(std::lround(t / 3600))),
                              longwave,
                              air_temperature,
                              0.0,
                              1e5,
                              0.0};
      },
      form};
  simulate(owned.column, {}, forcing, n_hour, visitor);
  EXPECT_FALSE(owned.column.failed());
  return visitor.profiles;
}

// Dense Gaussian elimination without pivoting: the matrix is diagonally dominant.
Profile solve_dense(std::vector<Profile> A, Profile b) {
  const std::size_t n = b.size();
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = j + 1; i < n; ++i) {
      const double factor = A[i][j] / A[j][j];
      if (factor == 0.0) continue;
      for (std::size_t k = j; k < n; ++k) A[i][k] -= factor * A[j][k];
      b[i] -= factor * b[j];
    }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= A[i][k] * b[k];
    b[i] /= A[i][i];
  }
  return b;
}

// One hour by backward Euler in kelvin. Below the surface the profile is linear in T_0: the solve
// is done for T_0 = 0 and T_0 = 1, and the surface balance then bisected.
Profile advance_dense(const Profile& old, double sun) {
  const double exchange = lambda * dt / (C * dz * dz);
  std::vector<Profile> A(n_node, Profile(n_node, 0.0));
  Profile at_zero = old, per_kelvin(n_node, 0.0);
  A.front().front() = A.back().back() = 1.0;
  at_zero.front() = 0.0;
  per_kelvin.front() = 1.0;
  at_zero.back() = deep_temperature;
  for (std::size_t i = 1; i + 1 < n_node; ++i) {
    A[i][i - 1] = A[i][i + 1] = -exchange;
    A[i][i] = 1.0 + 2.0 * exchange;
  }
  at_zero = solve_dense(A, at_zero);
  per_kelvin = solve_dense(A, per_kelvin);

  const auto surplus = [&](double T_0) {
    const double T_1 = at_zero[1] + per_kelvin[1] * T_0;
    const double radiation =
        (1 - albedo) * sun + longwave - emissivity * stefan_boltzmann * std::pow(T_0, 4);
    const double turbulence = h * (1 + 1 / bowen_ratio) * (T_0 - air_temperature);
    const double stored = 0.5 * dz * C * (T_0 - old.front()) / dt;
    return radiation - turbulence - lambda * (T_0 - T_1) / dz - stored;
  };
  double cold = 200.0, warm = 400.0;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = 0.5 * (cold + warm);
    (surplus(middle) > 0.0 ? cold : warm) = middle;
  }
  Profile now(n_node);
  for (std::size_t i = 0; i < n_node; ++i) now[i] = at_zero[i] + per_kelvin[i] * cold;
  return now;
}

// 1e-9 K is ten times Newton's tolerance; in kelvin a temperature has 13 digits.
TEST(PaperSynthetic, agrees_with_dense_solve) {
  constexpr std::size_t n_hour = 24;
  const std::vector<Profile> kernel = run_kernel(n_hour);
  ASSERT_EQ(kernel.size(), n_hour + 1);
  Profile profile(n_node, deep_temperature);
  for (std::size_t hour = 0; hour <= n_hour; ++hour) {
    if (hour > 0) profile = advance_dense(profile, shortwave(hour));
    for (std::size_t i = 0; i < n_node; ++i)
      ASSERT_NEAR(kernel[hour][i], profile[i], 1e-9) << "hour " << hour << ", node " << i;
  }
}

struct Published {
  std::size_t hour;
  double surface, at_5_cm; ///< [K]
};

// hour,surface_temperature_K,soil_temperature_5cm_K
std::vector<Published> read_published(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<Published> rows;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    Published row{};
    char comma = 0;
    if (fields >> row.hour >> comma >> row.surface >> comma >> row.at_5_cm) rows.push_back(row);
  }
  return rows;
}

// The published series carries the error of its own iteration, up to 0.011 K.
TEST(PaperSynthetic, agrees_with_published_series) {
  const char* const data = std::getenv("GLEBE_DATA");
  if (!data) GTEST_SKIP() << "GLEBE_DATA, the folder of paper/synthetic_targets.csv, is not set";
  const std::filesystem::path path = std::filesystem::path(data) / "paper/synthetic_targets.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " does not exist";

  const std::vector<Published> published = read_published(path);
  ASSERT_EQ(published.size(), 101u);
  const std::vector<Profile> kernel = run_kernel(100);
  double at_surface = 0.0, at_5_cm = 0.0;
  for (const Published& row : published) {
    const Profile& profile = kernel.at(row.hour);
    at_surface = std::max(at_surface, std::abs(profile[0] - row.surface));
    at_5_cm = std::max(at_5_cm, std::abs(profile[node_at_5_cm] - row.at_5_cm));
  }
  fmt::print("largest difference: {:.4f} K at the surface, {:.4f} K at 5 cm\n", at_surface,
             at_5_cm);
  EXPECT_LT(at_surface, 0.012);
  EXPECT_LT(at_5_cm, 0.012);
}

} // namespace
} // namespace glebe
