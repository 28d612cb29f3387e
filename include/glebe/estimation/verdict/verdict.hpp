// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/config/result_names.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/estimation/uncertainty/at_bound.hpp"
#include "glebe/estimation/uncertainty/considered.hpp"
#include "glebe/estimation/uncertainty/interval.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace glebe {

/// How well the data determine one parameter: flag values and flag meanings of the result file.
enum class Verdict : signed char {
  determined,
  in_combination,
  not_determined,
  at_lower_bound,
  at_upper_bound,
  several_minima,
  not_estimated,
  conditional
};
inline constexpr std::array verdict_names{"determined",     "in_combination", "not_determined",
                                          "at_lower_bound", "at_upper_bound", "several_minima",
                                          "not_estimated",  "conditional"};
static_assert(verdict_names.size() == static_cast<std::size_t>(Verdict::conditional) + 1);

/// A control with its prior information.
struct ControlTraits {
  std::string name;
  Parameter parameter = Parameter::thermal_conductivity;
  double lower = 0.0;
  double upper = 1.0;
  double prior_std = 0.0;                  ///< zero: no prior
  bool shared = false;                     ///< between columns
  std::string unit = info(parameter).unit; ///< of its values
  bool is_ratio = false;                   ///< of the parameter to one that it follows

  /// The name of the parameter, without a place and a date.
  std::string quantity() const { return quantity_name(info(parameter).name, is_ratio); }
  double scale() const { return upper - lower; }
};

/// A parameter that is held at an uncertain value.
struct ConsideredTraits {
  std::string name;
  Parameter parameter = Parameter::albedo;
  double std = 0.0;
  std::string unit = info(parameter).unit; ///< of its value
};

/// The input of a verdict that is the same for all columns.
struct VerdictContext {
  std::vector<ControlTraits> controls;
  std::vector<ConsideredTraits> considered = {};
  Turbulence turbulence = Turbulence::combined;
  bool net_radiation = false;               ///< is an input
  std::vector<ObservationSettings> streams; ///< the fitted ones
  std::vector<BoundarySettings> boundaries; ///< what is measured at the ends
  PosteriorSettings limits;
  /// Whether the residuals show that depths or times are wrong, in the soil and of any stream; none
  /// where they were not looked at.
  std::optional<bool> phase_in_soil = {}, phase = {};
};

/// The estimate of one column with m controls and its uncertainty. Matrices are in the scaled
/// controls; covariance rows of controls at a bound are NaN. Block and covariance are those whose
/// standard deviations are reported: where residuals depend on each other, they allow for it, and
/// the covariance has what considered parameters add.
struct ColumnEvidence {
  std::vector<double> estimate; ///< in the units of the parameters [m]
  DenseMatrix block;            ///< Gauss-Newton block without prior [m][m]
  DenseMatrix precision;        ///< without the column's data [m][m]
  DenseMatrix precision_unheld; ///< the same with nothing held at a bound, in no column [m][m]
  DenseMatrix covariance;       ///< [m][m]
  DenseMatrix covariance_unheld = {}; ///< with nothing held at a bound [m][m]
  bool held_elsewhere = false;        ///< by bounds of other columns, to which this one is coupled
  std::vector<AtBound> bound;         ///< [m]
  int distinct_minima = 1;
  int starts = 1;
  double cost_spread = 0.0;
  bool observed = true; ///< has observations of its own that take part
  bool failed = false;  ///< has some that do not, because its model failed
  /// Standard deviations by other means, divided by that of the linearised model without allowance
  /// for dependent residuals [m]; NaN where unknown, empty where not computed.
  std::vector<double> bootstrap_ratio = {}, profile_ratio = {};
  /// How far each control would move if none were held at a bound, to first order [m]; empty if
  /// that was not looked at.
  std::vector<double> shift = {};
  /// How the estimates depend on the considered parameters, and the values at which these are held
  /// [parameter]; NaN for one that varies in time.
  ConsideredEffect considered = {};
  std::vector<double> considered_value = {};
  /// The 68 % intervals within all bounds, in the units of the parameters [m]; empty where no bound
  /// is felt; NaN for controls without information.
  std::vector<Interval> interval = {};
  /// By how many standard deviations the data contradict the bounds; zero where they do not.
  double contradiction = 0.0;
  /// By how much a temperature is above (positive) or below all that was measured [m] [K]; zero
  /// within it and for other parameters, empty where not known.
  std::vector<double> beyond_measured = {};
  /// How far each estimate is from its prior [m] [prior_std]; empty where not known.
  std::vector<double> from_prior = {};

  /// The curvature of the cost along control k: the inverse variance of k if the others are known.
  double curvature(std::size_t k) const { return block(k, k) + precision(k, k); }
  /// The factor by which bootstrap or profile enlarge the standard deviation of control k: the
  /// larger ratio if it is beyond `ratio_limit`, otherwise 1.
  double enlargement(std::size_t k) const;
  /// The controls that are not at a bound.
  std::vector<std::size_t> free() const;
  /// What considered parameters add to the covariance [m][m].
  DenseMatrix considered_covariance() const;
  /// The covariance if the considered parameters were known [m][m].
  DenseMatrix covariance_given() const;
  /// The part of the variance of control k that each considered parameter adds [parameter].
  std::vector<double> considered_shares(const VerdictContext& context, std::size_t k) const;
};

/// Controls of which only a combination is determined.
struct Combination {
  /// The equations contain only the combination; two controls are correlated; several are.
  enum class Kind { exact, correlated, several } kind = Kind::several;
  std::vector<std::size_t> members = {}; ///< controls, ascending
  std::string quantity = {};             ///< the combination that is determined; may be empty
  double correlation = 0.0;              ///< of two members, or multiple correlation of the first
  double value = 0.0;                    ///< of the quantity
  double std = 0.0;                      ///< of the quantity, relative; zero: not computed
};

/// A control whose estimate and standard deviation hold only for the values at which others are
/// held by their bounds.
struct Condition {
  std::size_t control = 0;
  std::vector<std::size_t> given = {}; ///< controls at a bound, ascending; none: in other columns
  /// If none were held, the root of its variance and its squared shift, in its unit.
  double free_std = 0.0;
};

struct ColumnVerdict {
  std::vector<Verdict> of_control; ///< [m]
  std::vector<Combination> combinations;
  std::vector<Condition> conditions; ///< of the controls with the verdict `conditional`, ascending
};

/// An estimate farther than this from its prior contradicts it [prior_std].
inline constexpr double far_from_prior = 3.0;

/// Two standard deviations that differ by more than this factor disagree.
inline constexpr double ratio_limit = 1.5;

/// The standard deviation of a control without data, in its unit: that of a uniform distribution
/// between the bounds, or the estimate itself if this is smaller and the parameter cannot be zero;
/// `with_prior`: or prior_std if this is smaller.
double prior_knowledge_std(const ControlTraits& control, double estimate, bool with_prior);

/// The verdict on one column by the rules of docs/theory.md.
ColumnVerdict judge(const VerdictContext& context, const ColumnEvidence& evidence);

/// The verdict on one column in words, a line for each parameter or combination.
std::vector<std::string> in_words(const VerdictContext& context, const ColumnEvidence& evidence,
                                  const ColumnVerdict& verdict);

/// " K": what follows a value of the control; empty for a number without a unit.
std::string unit_suffix(const ControlTraits& control);
std::string unit_suffix(const ConsideredTraits& considered);

/// "thermal_conductivity and heat_capacity": the members of a combination.
std::string members_in_words(const VerdictContext& context, const Combination& combination);

/// Advice for a parameter at its bound, and for parameters that are not determined. Depths and
/// times are to be checked where `phase` says that the residuals show it, or it is not known.
std::string advice_at_bound(Parameter parameter, std::optional<bool> phase);
std::string advice_for(const VerdictContext& context, std::span<const std::size_t> controls);

} // namespace glebe
