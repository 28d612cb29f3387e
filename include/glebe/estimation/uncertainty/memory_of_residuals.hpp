// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/estimation/problem/objective.hpp"

#include <map>
#include <span>
#include <vector>

namespace glebe {

/// The likelihood of the time scale tau on which residuals are correlated, for residuals r at times
/// t that are AR(1) in continuous time about zero, with a variance of their own in every column:
///
///     -2 log L = n log(Q / n) + sum_k log(1 - phi_k^2)
///     Q = r_0^2 + sum_k (r_k - phi_k r_(k-1))^2 / (1 - phi_k^2),   phi_k = exp(-(t_k - t_(k-1)) /
///     tau)
///
/// Only sums over the gaps of each length are kept.
class MemoryLikelihood {
public:
  /// Adds the residuals of one column [observation], NaN where there is none, at increasing times
  /// [s]. With fewer than three values, or all zero, they tell nothing.
  void add(std::span<const double> residual, std::span<const double> times);

  /// -2 log L of every column added [column] for a time scale [s]; zero: independent.
  std::vector<double> deviance(double memory) const;
  /// The shortest time between two values [s]; infinite without any.
  double shortest_gap() const;

private:
  // Pairs of successive values r', r at one distance.
  struct Pairs {
    double count = 0.0;
    double now = 0.0;    // sum of r^2
    double cross = 0.0;  // of r r'
    double before = 0.0; // of r'^2
  };
  struct OfColumn {
    double count = 0.0;
    double first = 0.0;             // r_0^2
    std::map<long long, Pairs> gap; // by their length in ms, to which times are rounded
  };
  std::vector<OfColumn> columns_;
};

/// What residuals tell of the memory of the errors.
struct MemoryEstimate {
  double hours = 0.0;   ///< time scale, to three digits; zero where they are independent
  bool endless = false; ///< no shorter than the longest one allowed
};

/// The most likely time scale of all columns of all ranks together, up to `longest` [s]; zero where
/// it is no better than independence by more than 4 in -2 log L, which white noise exceeds in 2 %
/// of cases. The same to the last bit for any number of ranks. Collective.
MemoryEstimate most_likely_memory(const Ranks& ranks, const MemoryLikelihood& likelihood,
                                  double longest);

/// The memory of every stream [stream], from the residuals of the columns with data at a point x;
/// of streams that are not fitted, none. Takes one run of the model. Collective. Throws RunError.
std::vector<MemoryEstimate> memory_of_residuals(const Objective& objective, Vec x);

/// The largest autocorrelation of whitened residuals, from one value to the next, that errors which
/// come and go may have: means over short intervals of such errors have 1/4. What is above it
/// changes more smoothly: a misfit with a shape of its own, a daily wave say. Whitening would take
/// the small changes of that misfit from value to value for the accuracy of the data.
inline constexpr double largest_beyond_memory = 0.3;

/// That autocorrelation at a point x for every stream whose errors have a memory [stream]: the
/// median over the columns of all ranks; NaN for other streams. Takes one run of the model.
/// Collective. Throws RunError.
std::vector<double> autocorrelation_beyond_memory(const Objective& objective, Vec x);

} // namespace glebe
