// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/estimation/uncertainty/at_bound.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace glebe {

/// What the data say of one parameter. The numbers are those of the result file.
enum class Verdict : signed char {
  determined,
  in_combination,
  not_determined,
  at_lower_bound,
  at_upper_bound,
  several_minima,
  not_estimated
};
inline constexpr std::array verdict_names{"determined",     "in_combination", "not_determined",
                                          "at_lower_bound", "at_upper_bound", "several_minima",
                                          "not_estimated"};

/// A control as the verdict sees it: what it is, and what was known of it before.
struct ControlTraits {
  std::string name;
  Parameter parameter = Parameter::thermal_conductivity;
  double lower = 0.0;
  double upper = 1.0;
  double prior_std = 0.0; ///< zero: none
  bool shared = false;    ///< one value for several columns

  double scale() const { return upper - lower; }
};

/// What all columns have in common.
struct VerdictContext {
  std::vector<ControlTraits> controls;
  Turbulence turbulence = Turbulence::combined;
  std::vector<ObservationSettings> streams; ///< those that are fitted
  PosteriorSettings limits;
};

/// The estimate of one column with m controls, in their units, and what is known of it in the
/// scaled controls; covariance rows of controls at a bound are NaN.
struct ColumnEvidence {
  std::vector<double> estimate; ///< [m]
  DenseMatrix block;            ///< Gauss-Newton block without prior [m][m]
  DenseMatrix precision;        ///< of what is known without the data [m][m]
  DenseMatrix covariance;       ///< [m][m]
  std::vector<AtBound> bound;   ///< [m]
  int distinct_minima = 1;
  int starts = 1;
  double cost_spread = 0.0;
  bool observed = true; ///< has observations of its own

  /// The curvature along control k alone: what is known of it when the others are.
  double curvature(std::size_t k) const { return block(k, k) + precision(k, k); }
  /// The controls that are not at a bound.
  std::vector<std::size_t> free() const;
};

/// Controls of which the data know only a combination.
struct Combination {
  enum class Kind { exact, correlated, several } kind = Kind::several;
  std::vector<std::size_t> members = {}; ///< controls, ascending
  std::string quantity = {};             ///< what is known instead; may be empty
  double correlation = 0.0;              ///< of two members, or multiple correlation of the first
  double value = 0.0;                    ///< of the quantity where known
  double std = 0.0;                      ///< relative, zero where not known
};

struct ColumnVerdict {
  std::vector<Verdict> of_control; ///< [m]
  std::vector<Combination> combinations;
};

/// The standard deviation of a control before any data, in its unit: of a uniform distribution over
/// the bounds, or the estimate itself where the parameter cannot be zero; `with_prior` counts the
/// prior too.
double prior_knowledge_std(const ControlTraits& control, double estimate, bool with_prior);

/// The verdict on one column by the rules of docs/theory.md.
ColumnVerdict judge(const VerdictContext& context, const ColumnEvidence& evidence);

/// The verdict on one column in words, a line for each parameter or combination.
std::vector<std::string> in_words(const VerdictContext& context, const ColumnEvidence& evidence,
                                  const ColumnVerdict& verdict);

/// "thermal_conductivity and heat_capacity": who is in a combination.
std::string members_in_words(const VerdictContext& context, const Combination& combination);

/// What to do about a parameter at its bound, and about one that is not determined.
std::string advice_at_bound(Parameter parameter);
std::string advice_for(const VerdictContext& context, std::span<const std::size_t> controls);

} // namespace glebe
