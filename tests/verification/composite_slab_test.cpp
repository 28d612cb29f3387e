// SPDX-License-Identifier: BSD-3-Clause
// Convergence to the exact daily wave in a slab of two and three horizons: hyperbolic functions of
// complex argument in each, joined by continuity of temperature and heat flux, plus the steady
// profile that carries the geothermal flux.
#include <gtest/gtest.h>

#include <complex>

#include "../support/exact_case.hpp"

namespace glebe {
namespace {

using test::expect_limiting_order;
using test::expect_order;

struct Horizon {
  double thickness;    ///< [m]
  double conductivity; ///< [W m-1 K-1]
  double capacity;     ///< [J m-3 K-1]
};

// Sand over clay; litter over sand over rock. About three damping depths in all: the wave feels
// every interface and the bottom.
const std::vector<Horizon> two_horizons{{0.08, 0.4, 1.3e6}, {0.22, 1.6, 2.7e6}};
const std::vector<Horizon> three_horizons{
    {0.03, 0.15, 0.6e6}, {0.09, 0.9, 1.8e6}, {0.18, 2.8, 2.2e6}};

constexpr double amplitude = 12.0;         ///< of the surface temperature [K]
constexpr double deep_temperature = 288.0; ///< mean at the bottom [K]
constexpr double geothermal_flux = 14.0;   ///< upward at the bottom [W m-2], far above any real one

// Gaussian elimination with partial pivoting; the matrix has few rows.
std::vector<Complex> solve(std::vector<std::vector<Complex>> A, std::vector<Complex> b) {
  const std::size_t n = b.size();
  for (std::size_t j = 0; j < n; ++j) {
    std::size_t pivot = j;
    for (std::size_t i = j + 1; i < n; ++i)
      if (std::abs(A[i][j]) > std::abs(A[pivot][j])) pivot = i;
    std::swap(A[j], A[pivot]);
    std::swap(b[j], b[pivot]);
    for (std::size_t i = j + 1; i < n; ++i) {
      const Complex factor = A[i][j] / A[j][j];
      for (std::size_t k = j; k < n; ++k) A[i][k] -= factor * A[j][k];
      b[i] -= factor * b[j];
    }
  }
  for (std::size_t j = n; j-- > 0;) {
    for (std::size_t k = j + 1; k < n; ++k) b[j] -= A[j][k] * b[k];
    b[j] /= A[j][j];
  }
  return b;
}

// theta(z) = a cosh(s (z - top)) + b sinh(s (z - top)), s^2 = i w C / lambda, in each horizon;
// T = steady profile + Re(theta exp(i w t)).
class PeriodicSlab {
public:
  PeriodicSlab(const std::vector<Horizon>& horizons, Bottom bottom) : horizons_(horizons) {
    const std::size_t n = horizons.size();
    for (const Horizon& horizon : horizons) {
      tops_.push_back(depth_);
      depth_ += horizon.thickness;
      wave_numbers_.push_back(
          std::sqrt(Complex(0, test::daily_frequency) * horizon.capacity / horizon.conductivity));
    }
    std::vector<std::vector<Complex>> A(2 * n, std::vector<Complex>(2 * n));
    std::vector<Complex> rhs(2 * n);
    A[0][0] = 1.0; // theta(0) = amplitude
    rhs[0] = amplitude;
    for (std::size_t h = 0; h < n; ++h) {
      const Complex angle = wave_numbers_[h] * horizons[h].thickness;
      const Complex value[] = {std::cosh(angle), std::sinh(angle)};
      const Complex slope[] = {std::sinh(angle), std::cosh(angle)};
      const std::size_t row = 2 * h + 1;
      for (std::size_t k = 0; k < 2; ++k) {
        if (h + 1 < n) {
          A[row][2 * h + k] = value[k];
          A[row + 1][2 * h + k] = admittance(h) * slope[k];
        } else {
          A[row][2 * h + k] = bottom == Bottom::temperature ? value[k] : slope[k];
        }
      }
      if (h + 1 == n) break;
      A[row][2 * h + 2] = -1.0;
      A[row + 1][2 * h + 3] = -admittance(h + 1);
    }
    coefficients_ = solve(std::move(A), std::move(rhs));
  }

  double temperature(double z, double t) const {
    std::size_t h = horizons_.size() - 1;
    while (h > 0 && z < tops_[h]) --h;
    const Complex angle = wave_numbers_[h] * (z - tops_[h]);
    const Complex theta =
        coefficients_[2 * h] * std::cosh(angle) + coefficients_[2 * h + 1] * std::sinh(angle);
    return steady(z) + (theta * rotation(t)).real();
  }

  double ground_flux(double t) const {
    return -geothermal_flux - (admittance(0) * coefficients_[1] * rotation(t)).real();
  }

private:
  static Complex rotation(double t) { return std::polar(1.0, test::daily_frequency * t); }
  Complex admittance(std::size_t h) const { return horizons_[h].conductivity * wave_numbers_[h]; }

  // lambda dT/dz = geothermal flux everywhere.
  double steady(double z) const {
    double T = deep_temperature;
    for (std::size_t h = 0; h < horizons_.size(); ++h) {
      const double bottom = tops_[h] + horizons_[h].thickness;
      T -= geothermal_flux / horizons_[h].conductivity *
           std::max(0.0, bottom - std::max(z, tops_[h]));
    }
    return T;
  }

  std::vector<Horizon> horizons_;
  double depth_ = 0.0;
  std::vector<double> tops_;
  std::vector<Complex> wave_numbers_;
  std::vector<Complex> coefficients_; ///< a and b of each horizon in turn
};

// `n_element` elements in every horizon, the last `growth` times as thick as the first: the
// thickness jumps where horizons meet.
SoilGrid make_grid(const std::vector<Horizon>& horizons, std::size_t n_element, double growth) {
  const double stretch = std::pow(growth, 1.0 / static_cast<double>(n_element));
  std::vector<double> nodes{0.0}, bottoms;
  std::vector<std::string> names;
  double top = 0.0;
  for (const Horizon& horizon : horizons) {
    const auto inside = stretched_nodes(horizon.thickness, n_element + 1, stretch);
    for (std::size_t i = 1; i <= n_element; ++i) nodes.push_back(top + inside[i]);
    top = nodes.back();
    bottoms.push_back(top);
    names.push_back("horizon");
  }
  SoilGrid grid(nodes);
  grid.set_horizons(bottoms, names);
  return grid;
}

double error(const std::vector<Horizon>& horizons, const ModelForm& form, std::size_t n_element,
             double growth, std::size_t steps) {
  const PeriodicSlab slab(horizons, form.bottom);
  test::GivenParameters given{{{Parameter::deep_temperature}, deep_temperature},
                              {{Parameter::geothermal_flux}, geothermal_flux}};
  for (std::size_t h = 0; h < horizons.size(); ++h) {
    given.push_back({{Parameter::thermal_conductivity, h}, horizons[h].conductivity});
    given.push_back({{Parameter::heat_capacity, h}, horizons[h].capacity});
  }
  return test::largest_error({[&](double z, double t) { return slab.temperature(z, t); },
                              [&](double t) { return slab.ground_flux(t); }},
                             form, make_grid(horizons, n_element, growth), given, steps);
}

using Setting = std::tuple<Scheme, Bottom, SurfaceForm, double>;

class CompositeSlab : public testing::TestWithParam<Setting> {};

// Steps and elements are halved together, the error in time being the larger one. The first stage
// of sdirk2 is of first order, which leaves an error sqrt(dt) smaller than the main one in a thin
// layer below the surface; in thin horizons of unequal conductivity it takes long to fade.
TEST_P(CompositeSlab, converges_in_time) {
  const auto [scheme, bottom, surface, growth] = GetParam();
  const ModelForm form{scheme, bottom, Initial::profile, surface, 0.0};
  for (const auto& horizons : {two_horizons, three_horizons}) {
    SCOPED_TRACE(fmt::format("{} horizons, {}", horizons.size(), test::in_words(form)));
    std::vector<double> errors;
    for (const std::size_t refined : {1, 2, 4, 8})
      errors.push_back(error(horizons, form, 30 * refined, growth, 48 * refined));
    if (scheme == Scheme::backward_euler) {
      expect_order(1.0, errors);
    } else if (scheme == Scheme::crank_nicolson) {
      expect_order(2.0, errors);
    } else {
      errors.push_back(error(horizons, form, 30 * 16, growth, 48 * 16));
      expect_limiting_order(2.0, errors);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Forms, CompositeSlab,
    testing::Combine(testing::Values(Scheme::backward_euler, Scheme::crank_nicolson,
                                     Scheme::sdirk2),
                     testing::Values(Bottom::temperature, Bottom::flux),
                     testing::Values(SurfaceForm{Longwave::full, Turbulence::bowen},
                                     SurfaceForm{Longwave::absorbed, Turbulence::humidity},
                                     SurfaceForm{Longwave::full, Turbulence::combined}),
                     testing::Values(1.0, 6.0)));

TEST(CompositeSlabInDepth, converges_with_order_two) {
  for (const auto& horizons : {two_horizons, three_horizons})
    for (const Bottom bottom : {Bottom::temperature, Bottom::flux})
      for (const double growth : {1.0, 6.0}) {
        const ModelForm form{
            Scheme::sdirk2, bottom, Initial::profile, {Longwave::full, Turbulence::bowen}, 0.0};
        std::vector<double> errors;
        for (const std::size_t refined : {1, 2, 4, 8})
          errors.push_back(error(horizons, form, 4 * refined, growth, 2000));
        SCOPED_TRACE(fmt::format("{} horizons, {}", horizons.size(), test::in_words(form)));
        expect_order(2.0, errors);
      }
}

// The exact solution itself: horizons of equal properties are one, for which it is known in full.
TEST(PeriodicSlab, of_equal_horizons_is_one_slab) {
  const Horizon half{0.15, 0.9, 1.8e6};
  const Complex s =
      std::sqrt(Complex(0, test::daily_frequency) * half.capacity / half.conductivity);
  for (const Bottom bottom : {Bottom::temperature, Bottom::flux}) {
    const PeriodicSlab slab({half, half}, bottom);
    for (const double z : {0.0, 0.04, 0.15, 0.21, 0.3})
      for (const double t : {0.0, 20000.0}) {
        const Complex wave = bottom == Bottom::temperature
                                 ? std::sinh(s * (0.3 - z)) / std::sinh(s * 0.3)
                                 : std::cosh(s * (0.3 - z)) / std::cosh(s * 0.3);
        const double expected =
            deep_temperature - geothermal_flux / half.conductivity * (0.3 - z) +
            amplitude * (wave * std::polar(1.0, test::daily_frequency * t)).real();
        EXPECT_NEAR(slab.temperature(z, t), expected, 1e-11);
      }
  }
}

} // namespace
} // namespace glebe
