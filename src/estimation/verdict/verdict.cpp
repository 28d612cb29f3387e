// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/verdict/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "combinations.hpp"

namespace glebe {

namespace {

class ColumnJudgement {
public:
  ColumnJudgement(const VerdictContext& context, const ColumnEvidence& evidence)
      : context_(context), evidence_(evidence), m_(context.controls.size()) {
    verdict_.of_control.assign(m_, Verdict::determined);
  }

  ColumnVerdict judge() {
    for (Combination& combination : exact_combinations(context_, evidence_))
      add(std::move(combination));
    for (std::size_t k = 0; k < m_; ++k) verdict_.of_control[k] = judge_control(k);
    if (evidence_.distinct_minima > 1)
      std::replace(verdict_.of_control.begin(), verdict_.of_control.end(), Verdict::determined,
                   Verdict::several_minima);
    return std::move(verdict_);
  }

private:
  void add(Combination combination) { verdict_.combinations.push_back(std::move(combination)); }

  bool combined(std::size_t k, bool exactly) const {
    return std::any_of(verdict_.combinations.begin(), verdict_.combinations.end(), [&](auto& c) {
      return (!exactly || c.kind == Combination::Kind::exact) &&
             std::find(c.members.begin(), c.members.end(), k) != c.members.end();
    });
  }

  Verdict judge_control(std::size_t k) {
    if (evidence_.bound[k] == AtBound::lower) return Verdict::at_lower_bound;
    if (evidence_.bound[k] == AtBound::upper) return Verdict::at_upper_bound;
    if (combined(k, true)) return Verdict::in_combination;
    const double variance = evidence_.covariance(k, k);
    if (std::isnan(variance)) return Verdict::not_determined;

    const ControlTraits& control = context_.controls[k];
    const PosteriorSettings& limits = context_.limits;
    const double std = control.scale() * std::sqrt(variance);
    const double estimate = evidence_.estimate[k];
    if (std < limits.precision * prior_knowledge_std(control, estimate, false))
      return Verdict::determined;
    if (combined(k, false)) return Verdict::in_combination;

    // If k would be determined for known other controls, but is not, a combination is determined.
    const double H_kk = evidence_.curvature(k);
    const double most = limits.std_limit * prior_knowledge_std(control, estimate, true);
    const double others_known = control.scale() / std::sqrt(H_kk);
    const double explained = 1.0 - 1.0 / (variance * H_kk); // multiple correlation, squared
    if (explained >= limits.correlation_limit * limits.correlation_limit && others_known < most) {
      add(correlated_combination(context_, evidence_, k));
      return Verdict::in_combination;
    }
    return std >= most ? Verdict::not_determined : Verdict::determined;
  }

  const VerdictContext& context_;
  const ColumnEvidence& evidence_;
  std::size_t m_;
  ColumnVerdict verdict_;
};

} // namespace

double prior_knowledge_std(const ControlTraits& control, double estimate, bool with_prior) {
  double known = control.scale() / std::sqrt(12.0);
  if (is_positive(control.parameter)) known = std::min(known, std::abs(estimate));
  if (with_prior && control.prior_std > 0.0) known = std::min(known, control.prior_std);
  return known;
}

std::vector<std::size_t> ColumnEvidence::free() const {
  std::vector<std::size_t> controls;
  for (std::size_t k = 0; k < bound.size(); ++k)
    if (bound[k] == AtBound::free) controls.push_back(k);
  return controls;
}

ColumnVerdict judge(const VerdictContext& context, const ColumnEvidence& evidence) {
  return ColumnJudgement(context, evidence).judge();
}

} // namespace glebe
