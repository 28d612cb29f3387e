// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/split.hpp"

#include <array>
#include <cmath>

namespace glebe {

namespace {

// Whether an estimate with this verdict and its standard deviation stand for what the part knows.
bool stands_alone(Verdict verdict) {
  switch (verdict) {
  case Verdict::at_lower_bound:
  case Verdict::at_upper_bound:
  case Verdict::conditional:
  case Verdict::not_estimated:
    return false;
  case Verdict::determined:
  case Verdict::in_combination:
  case Verdict::not_determined:
  case Verdict::several_minima:
    break;
  }
  return true;
}

// Calls `use` with the z-scores of every pair of parts.
template <class Use>
void for_each_pair(const Split& split, const std::vector<Control>& controls, Use use) {
  for (std::size_t a = 0; a < split.n_part(); ++a)
    for (std::size_t b = 0; b < a; ++b) use(z_scores(split, controls, a, b));
}

constexpr std::array errors{&Skill::rmse, &Skill::rmse_1lin, &Skill::rmse_2lin, &Skill::rmse_3km27};
constexpr std::array others{&Skill::bias, &Skill::observed_std, &Skill::skill};

Skill combined(const std::vector<Skill>& skills) {
  Skill result = no_skill;
  const auto mean_of = [&](SkillMember member, bool squared) {
    double count = 0.0, sum = 0.0;
    for (const Skill& one : skills) {
      const double value = one.*member;
      if (std::isnan(value)) continue;
      count += 1.0;
      sum += squared ? value * value : value;
    }
    return count > 0.0 ? sum / count : std::nan("");
  };
  for (const SkillMember member : errors) result.*member = std::sqrt(mean_of(member, true));
  for (const SkillMember member : others) result.*member = mean_of(member, false);
  return result;
}

} // namespace

bool is_compared(const Control& control) {
  return info(control.slot.parameter).place != Place::knot;
}

DenseMatrix z_scores(const Split& split, const std::vector<Control>& controls, std::size_t a,
                     std::size_t b) {
  const PartEstimate &first = split.parts[a], &second = split.parts[b];
  DenseMatrix z = DenseMatrix::Constant(first.estimate.rows(), first.estimate.cols(), std::nan(""));
  for (Eigen::Index c = 0; c < z.rows(); ++c)
    for (Eigen::Index k = 0; k < z.cols(); ++k) {
      const auto column = static_cast<std::size_t>(c), control = static_cast<std::size_t>(k);
      if (a == b || !is_compared(controls[control]) ||
          !stands_alone(first.verdict(column, control)) ||
          !stands_alone(second.verdict(column, control)))
        continue;
      z(c, k) = (first.estimate(c, k) - second.estimate(c, k)) /
                std::hypot(first.std(c, k), second.std(c, k));
    }
  return z;
}

double SumOfSquares::rms() const { return count > 0.0 ? std::sqrt(sum / count) : std::nan(""); }

std::vector<SumOfSquares> z_of_columns(const Split& split, const std::vector<Control>& controls) {
  std::vector<SumOfSquares> sums(static_cast<std::size_t>(split.parts.front().estimate.rows()));
  for_each_pair(split, controls, [&](const DenseMatrix& z) {
    for (Eigen::Index c = 0; c < z.rows(); ++c)
      for (Eigen::Index k = 0; k < z.cols(); ++k) {
        if (!std::isfinite(z(c, k))) continue;
        SumOfSquares& of_column = sums[static_cast<std::size_t>(c)];
        of_column.count += 1.0;
        of_column.sum += z(c, k) * z(c, k);
      }
  });
  return sums;
}

std::vector<SumOfSquares> z_of_controls(const Ranks& ranks, const Split& split,
                                        const std::vector<Control>& controls) {
  std::vector<std::vector<double>> squares(controls.size());
  for_each_pair(split, controls, [&](const DenseMatrix& z) {
    for (Eigen::Index c = 0; c < z.rows(); ++c)
      for (std::size_t k = 0; k < controls.size(); ++k)
        if (const double one = z(c, Eigen::Index(k)); std::isfinite(one))
          squares[k].push_back(one * one);
  });
  std::vector<SumOfSquares> sums;
  for (const std::vector<double>& of_control : squares)
    sums.push_back(
        {ranks.sum(static_cast<double>(of_control.size())), reproducible_sum(ranks, of_control)});
  return sums;
}

std::vector<Skill> skill_from_others(const Split& split, const PredictedStream& stream,
                                     std::size_t part) {
  std::vector<Skill> result;
  const std::size_t n_column = split.skill(stream, part, part).size();
  for (std::size_t c = 0; c < n_column; ++c) {
    std::vector<Skill> skills;
    for (std::size_t from = 0; from < split.n_part(); ++from)
      if (from != part) skills.push_back(split.skill(stream, part, from)[c]);
    result.push_back(combined(skills));
  }
  return result;
}

} // namespace glebe
