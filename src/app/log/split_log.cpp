// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/split_log.hpp"

#include "glebe/estimation/problem/control_names.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

class SplitLog {
public:
  SplitLog(const Case& inputs, const Controls& controls, const Split& split)
      : ranks_(inputs.ranks), log_(inputs.log), inputs_(inputs), controls_(controls), split_(split),
        one_(inputs.columns.n_active() == 1) {}

  void write() const {
    log_windows();
    log_estimates();
    for (const PredictedStream& stream : split_.streams) log_predictions(stream);
  }

private:
  void log_windows() const {
    for (std::size_t p = 0; p < split_.n_part(); ++p) {
      const PartEstimate& part = split_.parts[p];
      log_.info("  part {}: {} to {}", p + 1, inputs_.time.text(part.window.begin),
                inputs_.time.text(part.window.end));
      if (!part.converged) log_.warning("the optimiser did not converge in part {}", p + 1);
    }
  }

  void log_estimates() const {
    const std::vector<SumOfSquares> z = z_of_controls(ranks_, split_, controls_.all());
    std::size_t width = 0;
    for (std::size_t k = 0; k < z.size(); ++k) width = std::max(width, title_of(k).size());
    log_.info("{:<{}} {:>6}  estimate and standard deviation of each part{}", "between parts",
              width, "rms z", one_ ? "" : ", medians over columns");
    SumOfSquares all;
    std::size_t n_compared = 0;
    std::vector<std::string> left_out;
    bool has_state = false;
    for (std::size_t k = 0; k < z.size(); ++k) {
      if (!is_compared(controls_[k])) {
        has_state = true;
        continue;
      }
      log_.info("{:<{}} {:>6}  {}", title_of(k), width,
                z[k].count > 0.0 ? fmt::format("{:.2f}", z[k].rms()) : "-", texts_of_parts(k));
      if (z[k].count == 0.0) left_out.push_back(name_of_control(k));
      n_compared += z[k].count > 0.0;
      all.count += z[k].count;
      all.sum += z[k].sum;
    }
    if (n_compared > 0)
      log_.info(
          "rms z-score: {:.2f} over {} parameter{} (1 where the standard deviations are right)",
          all.rms(), n_compared, n_compared == 1 ? "" : "s");
    log_left_out(left_out, has_state);
  }

  void log_left_out(const std::vector<std::string>& left_out, bool has_state) const {
    if (!left_out.empty())
      log_.info("not compared, at a bound or given one in too many parts: {}",
                fmt::join(left_out, ", "));
    if (has_state) log_.info("not compared: the initial state, which is each part's own");
  }

  // "1.23 +- 0.04, 1.30 (at its upper bound)"
  std::string texts_of_parts(std::size_t k) const {
    std::vector<std::string> texts;
    for (const PartEstimate& part : split_.parts) texts.push_back(text_of(part, k));
    return fmt::format("{}", fmt::join(texts, ", "));
  }

  std::string text_of(const PartEstimate& part, std::size_t k) const {
    const double estimate = median_of(part.estimate, k), std = median_of(part.std, k);
    if (std::isnan(estimate)) return "no estimate";
    const std::string value = fmt::format("{:.4g}", estimate);
    const std::string condition = one_ ? condition_of(part, k) : "";
    if (!condition.empty()) return fmt::format("{} ({})", value, condition);
    return std::isnan(std) ? value : fmt::format("{} +- {:.2g}", value, std);
  }

  // Of one column, the verdict if the estimate does not stand alone. Collective.
  std::string condition_of(const PartEstimate& part, std::size_t k) const {
    std::int64_t verdict = -1;
    if (part.estimate.rows() > 0) verdict = static_cast<std::int64_t>(part.verdict(0, k));
    switch (static_cast<Verdict>(ranks_.max(verdict))) {
    case Verdict::at_lower_bound:
      return "at its lower bound";
    case Verdict::at_upper_bound:
      return "at its upper bound";
    case Verdict::conditional:
      return "given a bound";
    default:
      return "";
    }
  }

  void log_predictions(const PredictedStream& stream) const {
    const ObservationSettings& settings = inputs_.observations.streams[stream.stream].settings;
    for (std::size_t part = 0; part < split_.n_part(); ++part) {
      const SkillSummary own = summary_of(ranks_, split_.skill(stream, part, part));
      const SkillSummary from = summary_of(ranks_, skill_from_others(split_, stream, part));
      if (from.n_column == 0) continue;
      const Skill& skill = from.median;
      std::string regressions;
      for (const auto& [name, rmse] :
           {std::pair("1lin", skill.rmse_1lin), std::pair("2lin", skill.rmse_2lin),
            std::pair("3km27", skill.rmse_3km27)})
        if (!std::isnan(rmse))
          regressions += fmt::format("{} {} {:.3g}", regressions.empty() ? ";" : ",", name, rmse);
      log_.info(
          "part {} from the other{}, {}{}: rmse {:.3g} ({} {:.3g}), bias {:.3g} {}{}{}", part + 1,
          split_.n_part() > 2 ? "s" : "", settings.name, settings.withhold ? " (withheld)" : "",
          skill.rmse, settings.withhold ? "from itself" : "fitted", own.median.rmse, skill.bias,
          info(settings.kind).unit,
          std::isnan(skill.skill) ? "" : fmt::format(", skill {:.3g}", skill.skill), regressions);
    }
  }

  double median_of(const DenseMatrix& numbers, std::size_t k) const {
    const DenseVector column = numbers.col(Eigen::Index(k));
    return median(ranks_, {column.begin(), column.end()});
  }
  std::string name_of_control(std::size_t k) const {
    return control_name(controls_, k, inputs_.soil, inputs_.time);
  }
  std::string title_of(std::size_t k) const {
    return fmt::format("{} [{}]", name_of_control(k),
                       unit_of(controls_[k], inputs_.settings.observations));
  }

  const Ranks& ranks_;
  const Log& log_;
  const Case& inputs_;
  const Controls& controls_;
  const Split& split_;
  bool one_;
};

} // namespace

void log_split(const Case& inputs, const Controls& controls, const Split& split) {
  SplitLog(inputs, controls, split).write();
}

} // namespace glebe
