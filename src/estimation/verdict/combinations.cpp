// SPDX-License-Identifier: BSD-3-Clause
#include "combinations.hpp"

#include "glebe/estimation/algebra/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

// Directions in the scaled controls, and gradients of a quantity by them, are vectors [m].

// v^T G v divided by its value for uncorrelated controls, sum_k v_k^2 G_kk; 1, which means no
// combination, if the data do not depend on any of these controls.
double curvature_along(const ColumnEvidence& evidence, const DenseVector& v) {
  const double along = v.dot(evidence.block * v);
  const double apart = v.cwiseAbs2().dot(evidence.block.diagonal());
  return apart > 0.0 ? std::abs(along) / apart : 1.0;
}

std::vector<std::size_t> members_of(const DenseVector& v) {
  std::vector<std::size_t> members;
  for (Eigen::Index k = 0; k < v.size(); ++k)
    if (v[k] != 0.0) members.push_back(static_cast<std::size_t>(k));
  return members;
}

// The relative standard deviation of a quantity with the relative gradient `slope` (in the scaled
// controls). Undetermined directions are excluded, because the quantity does not vary along them.
double relative_std(const ColumnEvidence& evidence, const DenseVector& slope) {
  const std::vector<std::size_t> free = evidence.free();
  const DenseMatrix H = (evidence.block + evidence.precision)(free, free);
  // Every control in units of its conditional standard deviation.
  const DenseVector unit =
      (H.diagonal().array() > 0.0).select(H.diagonal().cwiseSqrt().cwiseInverse(), 0.0);
  const EigenSystem system = eigen_system(unit.asDiagonal() * H * unit.asDiagonal());
  const DenseVector along = system.vectors.transpose() * unit.cwiseProduct(slope(free));
  constexpr double undetermined = 1e-10;
  double variance = 0.0;
  for (Eigen::Index e = 0; e < along.size(); ++e)
    if (system.values[e] >= undetermined) variance += along[e] * along[e] / system.values[e];
  if (evidence.considered.any())
    variance += (slope.transpose() * evidence.considered.gain(free)).squaredNorm();
  return std::sqrt(variance);
}

bool is(const VerdictContext& context, std::size_t k, Parameter parameter) {
  return context.controls[k].parameter == parameter && !context.controls[k].is_ratio;
}

// (heat_transfer + heat_transfer_wind U) (1 + 1 / bowen_ratio). To first order in t it is constant
// along h (1 + t), h_wind (1 + t), B (1 + (B + 1) t).
Combination bowen_combination(const VerdictContext& context, const ColumnEvidence& evidence) {
  const std::size_t m = context.controls.size();
  DenseVector along = DenseVector::Zero(m), slope = along;
  double transfer = 0.0, ratio = 0.0;
  int n_transfer = 0, n_ratio = 0;
  bool wind = false;
  for (const std::size_t k : evidence.free()) {
    const double p = evidence.estimate[k], scale = context.controls[k].scale();
    if (is(context, k, Parameter::heat_transfer) || is(context, k, Parameter::heat_transfer_wind)) {
      along[k] = p / scale;
      slope[k] = scale / p;
      transfer = p;
      ++n_transfer;
      wind = wind || is(context, k, Parameter::heat_transfer_wind);
    } else if (is(context, k, Parameter::bowen_ratio)) {
      along[k] = p * (p + 1.0) / scale;
      slope[k] = -scale / (p * (p + 1.0));
      ratio = p;
      ++n_ratio;
    }
  }
  Combination found{Combination::Kind::exact, members_of(along)};
  found.quantity = wind ? "(heat_transfer + heat_transfer_wind * U) * (1 + 1/bowen_ratio)"
                        : "heat_transfer * (1 + 1/bowen_ratio)";
  if (n_transfer == 1 && n_ratio == 1 && !wind) {
    found.value = transfer * (1.0 + 1.0 / ratio);
    found.std = relative_std(evidence, slope);
  }
  const bool exact = n_transfer > 0 && n_ratio > 0 && curvature_along(evidence, along) < 1e-10;
  if (!exact) found.members.clear();
  return found;
}

// heat_transfer + heat_transfer_wind U, if U never changes; it is constant along (-U, 1).
Combination wind_combination(const VerdictContext& context, const ColumnEvidence& evidence) {
  Combination found{Combination::Kind::exact, {}};
  const std::vector<std::size_t> free = evidence.free();
  const auto find = [&](Parameter parameter) {
    return std::find_if(free.begin(), free.end(),
                        [&](std::size_t k) { return is(context, k, parameter); });
  };
  const auto of_h = find(Parameter::heat_transfer), of_wind = find(Parameter::heat_transfer_wind);
  if (of_h == free.end() || of_wind == free.end()) return found;
  const std::size_t h = *of_h, h_wind = *of_wind;
  if (!(evidence.block(h, h) > 0.0)) return found;
  const double per_unit = evidence.block(h, h_wind) / evidence.block(h, h);
  const DenseVector zero = DenseVector::Zero(context.controls.size());
  DenseVector along = zero, slope = zero;
  along[h] = -per_unit;
  along[h_wind] = 1.0;
  if (!(per_unit > 0.0) || curvature_along(evidence, along) > 1e-10) return found;
  const double wind = per_unit * context.controls[h].scale() / context.controls[h_wind].scale();
  found.members = {std::min(h, h_wind), std::max(h, h_wind)};
  found.quantity = "heat_transfer + heat_transfer_wind * U with U the same at all times";
  found.value = evidence.estimate[h] + wind * evidence.estimate[h_wind];
  slope[h] = context.controls[h].scale() / found.value;
  slope[h_wind] = wind * context.controls[h_wind].scale() / found.value;
  found.std = relative_std(evidence, slope);
  return found;
}

// For two correlated positive parameters the data determine a product of powers a * b^-e: along the
// major axis of their covariance the logarithm of a changes e times as much as that of b.
void name_product_of_powers(const VerdictContext& context, const ColumnEvidence& evidence,
                            Combination& pair) {
  const std::size_t a = pair.members[0], b = pair.members[1];
  const ControlTraits &A = context.controls[a], &B = context.controls[b];
  if (!is_positive(A.parameter) || !is_positive(B.parameter)) return;
  const DenseMatrix covariance = evidence.covariance_given();
  const double std_a = std::sqrt(covariance(a, a)) * A.scale() / evidence.estimate[a];
  const double std_b = std::sqrt(covariance(b, b)) * B.scale() / evidence.estimate[b];
  constexpr double nearly = 0.15; // an exponent this close to one counts as one
  double exponent = std_a / std_b;
  const bool thermal =
      is(context, a, Parameter::thermal_conductivity) && is(context, b, Parameter::heat_capacity);
  if (std::abs(exponent - 1.0) < nearly) exponent = 1.0;
  const bool quotient = pair.correlation > 0.0;
  const std::string power = exponent == 1.0 ? "" : fmt::format("^{:.2g}", exponent);
  const char* meaning = !thermal || exponent != 1.0 ? ""
                        : quotient                  ? " (the thermal diffusivity)"
                                                    : " (the square of the thermal inertia)";
  pair.quantity = fmt::format("{} {} {}{}{}", A.name, quotient ? "/" : "*", B.name, power, meaning);
  pair.value =
      evidence.estimate[a] * std::pow(evidence.estimate[b], quotient ? -exponent : exponent);
  DenseVector slope = DenseVector::Zero(context.controls.size());
  slope[a] = A.scale() / evidence.estimate[a];
  slope[b] = (quotient ? -exponent : exponent) * B.scale() / evidence.estimate[b];
  pair.std = relative_std(evidence, slope);
}

} // namespace

bool is_positive(Parameter parameter) {
  return info(parameter).lower_excluded && info(parameter).lower == 0.0;
}

std::vector<Combination> exact_combinations(const VerdictContext& context,
                                            const ColumnEvidence& evidence) {
  std::vector<Combination> found;
  if (context.turbulence == Turbulence::bowen)
    found.push_back(bowen_combination(context, evidence));
  found.push_back(wind_combination(context, evidence));
  std::erase_if(found, [](const Combination& c) { return c.members.empty(); });
  return found;
}

Combination correlated_combination(const VerdictContext& context, const ColumnEvidence& evidence,
                                   std::size_t k) {
  const DenseMatrix covariance = evidence.covariance_given();
  const std::vector<std::size_t> free = evidence.free();
  std::size_t partner = k;
  double strongest = 0.0;
  for (const std::size_t j : free) {
    if (j == k) continue;
    const double correlation = covariance(k, j) / std::sqrt(covariance(k, k) * covariance(j, j));
    if (std::abs(correlation) <= std::abs(strongest)) continue;
    strongest = correlation;
    partner = j;
  }
  Combination found;
  found.correlation = strongest;
  if (std::abs(strongest) >= context.limits.correlation_limit) {
    found.kind = Combination::Kind::correlated;
    found.members = {std::min(k, partner), std::max(k, partner)};
    name_product_of_powers(context, evidence, found);
    return found;
  }
  // Several controls: those with a large component in the least determined direction, in units of
  // their conditional standard deviations.
  found.correlation =
      std::sqrt(std::max(0.0, 1.0 - 1.0 / (covariance(k, k) * evidence.curvature(k))));
  constexpr double part = 0.3;
  const double own = std::sqrt(covariance(k, k) * evidence.curvature(k));
  for (const std::size_t j : free) {
    const double moves =
        covariance(k, j) / std::sqrt(covariance(k, k)) * std::sqrt(evidence.curvature(j));
    if (j == k || std::abs(moves) > part * own) found.members.push_back(j);
  }
  return found;
}

} // namespace glebe
