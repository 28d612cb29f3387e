// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/verdict/verdict.hpp"

#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

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
    for (std::size_t k = 0; k < m_; ++k) judge_condition(k);
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
    const double std = control.scale() * std::sqrt(variance) * evidence_.enlargement(k);
    const double estimate = evidence_.estimate[k];
    if (std < limits.precision * prior_knowledge_std(control, estimate, false))
      return Verdict::determined;
    if (combined(k, false)) return Verdict::in_combination;

    // If k would be determined for known other controls, but is not, a combination is determined.
    const double H_kk = evidence_.curvature(k);
    const double most = limits.std_limit * prior_knowledge_std(control, estimate, true);
    const double others_known = control.scale() / std::sqrt(H_kk);
    const double given = evidence_.covariance_given()(k, k);
    const double explained = 1.0 - 1.0 / (given * H_kk); // multiple correlation, squared
    if (explained >= limits.correlation_limit * limits.correlation_limit && others_known < most) {
      add(correlated_combination(context_, evidence_, k));
      return Verdict::in_combination;
    }
    return std >= most ? Verdict::not_determined : Verdict::determined;
  }

  // The root of the variance of control k, scaled, if the controls `freed` were not held, and its
  // squared shift.
  double std_with(std::size_t k, const std::vector<std::size_t>& freed) const {
    std::vector<std::size_t> free = evidence_.free();
    free.insert(free.end(), freed.begin(), freed.end());
    std::sort(free.begin(), free.end());
    double variance =
        covariance_of(evidence_.block + evidence_.precision_unheld, free).matrix(k, k);
    if (evidence_.considered.any())
      variance += evidence_.considered.gain(free).row(Eigen::Index(k)).squaredNorm();
    return std::hypot(std::sqrt(variance), evidence_.shift.empty() ? 0.0 : evidence_.shift[k]);
  }

  // Bounds are not data: what is known only because another control cannot move is conditional.
  void judge_condition(std::size_t k) {
    Verdict& verdict = verdict_.of_control[k];
    if (verdict != Verdict::determined && verdict != Verdict::several_minima) return;
    std::vector<std::size_t> held;
    for (std::size_t j = 0; j < m_; ++j)
      if (evidence_.bound[j] != AtBound::free) held.push_back(j);
    if (held.empty() && !evidence_.held_elsewhere) return;
    const double most = ratio_limit * std::sqrt(evidence_.covariance(k, k));
    const double free_std =
        evidence_.held_elsewhere
            ? std::hypot(std::sqrt(evidence_.covariance_unheld(k, k)), evidence_.shift[k])
            : std_with(k, held);
    if (!(free_std > most)) return;
    const ControlTraits& control = context_.controls[k];
    Condition condition{k, {}, control.scale() * std::min(free_std, 1.0 / std::sqrt(12.0))};
    // The bounds of one column do not decide what is known of a value that many share.
    if (!evidence_.held_elsewhere || !control.shared)
      std::copy_if(held.begin(), held.end(), std::back_inserter(condition.given),
                   [&](std::size_t j) { return std_with(k, {j}) > most; });
    if (condition.given.empty() && !evidence_.held_elsewhere) condition.given = held;
    verdict_.conditions.push_back(std::move(condition));
    verdict = Verdict::conditional;
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

DenseMatrix ColumnEvidence::considered_covariance() const {
  const Eigen::Index m = covariance.rows();
  return with_considered(DenseMatrix::Zero(m, m),
                         considered.any() ? considered.gain(free()) : DenseMatrix());
}

DenseMatrix ColumnEvidence::covariance_given() const {
  return considered.any() ? DenseMatrix(covariance - considered_covariance()) : covariance;
}

std::vector<double> ColumnEvidence::considered_shares(const VerdictContext& context,
                                                      std::size_t k) const {
  std::vector<double> shares(context.considered.size(), 0.0);
  if (!considered.any()) return shares;
  const DenseMatrix gain = considered.gain(free());
  for (std::size_t r = 0; r < considered.parameter.size(); ++r)
    shares[considered.parameter[r]] += gain(Eigen::Index(k), Eigen::Index(r)) *
                                       gain(Eigen::Index(k), Eigen::Index(r)) /
                                       covariance(Eigen::Index(k), Eigen::Index(k));
  return shares;
}

double ColumnEvidence::enlargement(std::size_t k) const {
  double largest = 1.0;
  for (const std::vector<double>* ratio : {&bootstrap_ratio, &profile_ratio})
    if (!ratio->empty() && (*ratio)[k] > ratio_limit) largest = std::max(largest, (*ratio)[k]);
  return largest;
}

ColumnVerdict judge(const VerdictContext& context, const ColumnEvidence& evidence) {
  return ColumnJudgement(context, evidence).judge();
}

} // namespace glebe
