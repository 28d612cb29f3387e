// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/analysis.hpp"
#include "glebe/app/log/fit_table.hpp"
#include "glebe/base/median.hpp"
#include "glebe/estimation/problem/control_names.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace glebe {

namespace {

// The median of all ranks' numbers that are not NaN; NaN without any.
double median(const Ranks& ranks, const std::vector<double>& local) {
  return glebe::median(ranks.all_gather(local));
}

class AnalysisLog {
public:
  AnalysisLog(const Case& inputs, const ColumnProblem& problem, const Objective& objective,
              const Minimisation& minimum, const Analysis& analysis)
      : ranks_(inputs.ranks), log_(inputs.log), inputs_(inputs), problem_(problem),
        objective_(objective), minimum_(minimum), analysis_(analysis),
        controls_(objective.controls()), m_(controls_.per_column()),
        n_column_(controls_.n_column()),
        typical_(inputs.columns.n_active() > 1 ? " (medians over columns)" : "") {}

  void write() {
    log_chi_square();
    if (analysis_.residuals) log_independence();
    if (!analysis_.profiles.empty()) log_profiles();
    if (analysis_.bootstrap) log_bootstrap();
    log_.info("verdict:");
    std::istringstream lines(analysis_.verdict_text);
    for (std::string line; std::getline(lines, line);) log_.info("  {}", line);
  }

private:
  void log_chi_square() {
    const double of_all = analysis_.posterior.reduced_chi_square_of_all;
    const bool whole = !objective_.separable();
    const double chi_square =
        whole ? of_all : median(ranks_, analysis_.posterior.reduced_chi_square);
    if (std::isnan(chi_square)) return;
    const bool scaled = inputs_.settings.posterior.scale_by_chi_square;
    log_.info("reduced chi-square: {:.3g}{}{}", chi_square, whole ? " of all columns" : typical_,
              scaled ? ", by which the standard deviations are scaled" : "");
    constexpr double far = 2.0;
    if (!scaled && (chi_square > far || chi_square < 1.0 / far))
      log_.warning("the misfit is {:.2g} times what sigma says; standard deviations are too {} by "
                   "that factor unless sigma is corrected or scale_by_chi_square is set",
                   std::sqrt(chi_square), chi_square > 1.0 ? "small" : "large");
  }

  void log_independence() {
    const std::size_t n_stream = problem_.observations.streams.size();
    bool common = false;
    for (std::size_t s = 0; s < n_stream; ++s) {
      std::vector<double> lag_one, time, effective;
      for (std::size_t c = 0; c < n_column_; ++c) {
        if (objective_.left_out()[c]) continue;
        const Independence& found = analysis_.residuals->stream[c * n_stream + s];
        if (found.effective == 0.0) continue;
        lag_one.push_back(found.lag_one);
        time.push_back(found.time);
        effective.push_back(found.effective);
      }
      const double typical_time = median(ranks_, time), typical_lag = median(ranks_, lag_one),
                   count = median(ranks_, effective);
      const Stream& stream = problem_.observations.streams[s];
      if (!(typical_time > 1.0) || !stream.fitted()) continue;
      log_.info(
          "residuals of {}: autocorrelation {:.2f}, {:.0f} independent values, one in {:.1f}{}",
          stream.settings.name, typical_lag, count, typical_time, typical_);
      common = common || typical_time > noticeable;
    }
    if (!common) return;
    log_.warning("residuals are not independent; standard deviations grow to");
    for_shown([&](std::size_t k) {
      std::vector<double> std, inflated;
      for (std::size_t i = k; i < n_column_ * m_; i += m_) {
        std.push_back(analysis_.posterior.std[i]);
        inflated.push_back(analysis_.residuals->std_inflated[i]);
      }
      log_.info("  {:<32} {:.3g} from {:.3g}", name(k), median(ranks_, inflated),
                median(ranks_, std));
    });
  }

  void log_profiles() {
    const double chi_square_rise = 0.5;
    log_.info("{:<32} {:>12} {:>12} {:>12}  (68 % each side / linear std{})", "profile likelihood",
              "below", "above", "linear std", typical_);
    for (const Profile& profile : analysis_.profiles) {
      const std::size_t k = profile.control;
      std::vector<double> below, above, std;
      const std::vector<double> x = controls_.of_columns(minimum_.x.handle());
      for (std::size_t c = 0; c < n_column_; ++c) {
        if (!objective_.known(c, k)) continue;
        std::vector<double> value, cost;
        for (std::size_t i = 0; i < profile.n_point; ++i) {
          value.push_back(profile.value[i * n_column_ + c]);
          cost.push_back(profile.cost[i * n_column_ + c]);
        }
        const double estimate = controls_.controls()[k].lower + controls_.scale(k) * x[c * m_ + k];
        double least = *std::min_element(cost.begin(), cost.end(), [](double a, double b) {
          return !std::isnan(a) && (std::isnan(b) || a < b);
        });
        const Interval found = likelihood_interval(
            value, cost, estimate, least, chi_square_rise * analysis_.posterior.error_scale[c]);
        const double linear = analysis_.posterior.std[c * m_ + k];
        below.push_back((estimate - found.lower) / linear);
        above.push_back((found.upper - estimate) / linear);
        std.push_back(linear);
      }
      log_.info("{:<32} {:>12.3f} {:>12.3f} {:>12.3g}", name(k), median(ranks_, below),
                median(ranks_, above), median(ranks_, std));
    }
  }

  void log_bootstrap() {
    const Bootstrap& found = *analysis_.bootstrap;
    log_.info("{:<32} {:>12} {:>12} {:>12}  ({:.0f} of {} samples converged{})", "bootstrap", "std",
              "linear std", "ratio", median(ranks_, found.converged),
              inputs_.settings.posterior.bootstrap, typical_);
    for_shown([&](std::size_t k) {
      std::vector<double> std, linear, ratio;
      for (std::size_t i = k; i < n_column_ * m_; i += m_) {
        std.push_back(found.std[i]);
        linear.push_back(analysis_.posterior.std[i]);
        ratio.push_back(found.std[i] / analysis_.posterior.std[i]);
      }
      log_.info("{:<32} {:>12.3g} {:>12.3g} {:>12.3f}", name(k), median(ranks_, std),
                median(ranks_, linear), median(ranks_, ratio));
    });
  }

  // Of a parameter with many values a few, and how many there are.
  template <class LogControl>
  void for_shown(LogControl log_control) const {
    for (const ControlGroup& group : control_groups(controls_, inputs_.soil)) {
      for (const std::size_t i : shown_rows(group.members.size())) log_control(group.members[i]);
      if (group.members.size() > rows_per_parameter)
        log_.info("  {}: {} of {} values above, all in the result file", group.name,
                  rows_per_parameter, group.members.size());
    }
  }

  std::string name(std::size_t k) const {
    return control_name(controls_, k, inputs_.soil, inputs_.time);
  }

  static constexpr double noticeable = 1.5; ///< autocorrelation time, in values

  const Ranks& ranks_;
  const Log& log_;
  const Case& inputs_;
  const ColumnProblem& problem_;
  const Objective& objective_;
  const Minimisation& minimum_;
  const Analysis& analysis_;
  const Controls& controls_;
  std::size_t m_;
  std::size_t n_column_;
  const char* typical_;
};

} // namespace

void log_analysis(const Case& inputs, const ColumnProblem& problem, const Objective& objective,
                  const Minimisation& minimum, const Analysis& analysis) {
  AnalysisLog(inputs, problem, objective, minimum, analysis).write();
}

} // namespace glebe
