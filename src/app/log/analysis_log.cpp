// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/log/analysis_log.hpp"

#include "glebe/app/log/estimate_table.hpp"
#include "glebe/base/median.hpp"
#include "glebe/estimation/problem/control_names.hpp"
#include "glebe/estimation/uncertainty/memory_of_residuals.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace glebe {

namespace {

class AnalysisLog {
public:
  AnalysisLog(const Case& inputs, const Analysis& analysis)
      : ranks_(inputs.ranks), log_(inputs.log), inputs_(inputs), analysis_(analysis),
        posterior_(analysis.solved.posterior), controls_(analysis.controls()),
        typical_(inputs.columns.n_active() > 1 ? " (medians over columns)" : "") {}

  void write() {
    log_chi_square();
    if (analysis_.residuals) log_autocorrelation();
    if (!analysis_.profiles.empty()) log_profiles();
    if (analysis_.bootstrap) log_bootstrap();
    if (analysis_.considered.any()) log_considered();
    log_bounds();
    log_.info("verdict:");
    std::istringstream lines(analysis_.verdict_text);
    for (std::string line; std::getline(lines, line);) log_.info("  {}", line);
  }

private:
  void log_chi_square() {
    const double of_all = posterior_.reduced_chi_square_of_all;
    const bool whole = !analysis_.objective().separable();
    const double chi_square = whole ? of_all : median(ranks_, posterior_.reduced_chi_square);
    if (std::isnan(chi_square)) return;
    const bool scaled = inputs_.settings.posterior.scale_by_chi_square;
    log_.info("reduced chi-square: {:.3g}{}{}", chi_square, whole ? " of all columns" : typical_,
              scaled ? ", by which the standard deviations are scaled" : "");
    constexpr double far = 2.0;
    if (!scaled && (chi_square > far || chi_square < 1.0 / far))
      log_.warning(
          "the misfit is {:.2g} times as large as sigma; the standard deviations are too {} "
          "by this factor: correct sigma or set scale_by_chi_square",
          std::sqrt(chi_square), chi_square > 1.0 ? "small" : "large");
  }

  void log_autocorrelation() {
    bool is_noticeable = false;
    for (std::size_t s = 0; s < analysis_.streams().size(); ++s) {
      std::vector<double> lag_one, time, size, loss;
      for (const std::size_t c : analysis_.objective().columns_with_data()) {
        const Autocorrelation& found = analysis_.residuals->stream(c, s);
        if (found.effective_sample_size == 0.0) continue;
        lag_one.push_back(found.lag_one);
        time.push_back(found.integrated_time);
        size.push_back(found.effective_sample_size);
        loss.push_back(found.loss_of_information(posterior_.error_scale[c]));
      }
      const double typical_time = median(ranks_, time), typical_lag = median(ranks_, lag_one),
                   count = median(ranks_, size);
      const Stream& stream = analysis_.streams()[s];
      if (!(typical_time > 1.0) || !stream.fitted()) continue;
      log_.info(
          "residuals of {}{}: autocorrelation {:.2f}, {:.0f} independent values (one in {:.1f}){}",
          stream.settings.name, less_memory(stream), typical_lag, count, typical_time, typical_);
      if (stream.error_memory() > 0.0 && typical_lag > largest_beyond_memory)
        log_.warning(
            "the residuals of {} are no errors with the memory given: they change more smoothly, "
            "as a misfit of the model does. Estimate and standard deviations trust these changes "
            "too much: leave error_memory out, and sigma larger",
            stream.settings.name);
      is_noticeable = is_noticeable || median(ranks_, loss) > noticeable;
    }
    if (!is_noticeable) return;
    std::vector<std::string> lines;
    const DenseMatrix inflated_std = analysis_.inflated_std(), plain_std = analysis_.plain_std();
    for_shown([&](std::size_t k) {
      const double inflated = median(ranks_, of_value(inflated_std, k));
      const double std = median(ranks_, of_value(plain_std, k));
      if (!std::isnan(std)) // at a bound there is none
        lines.push_back(fmt::format("  {:<32} {:.3g} instead of {:.3g}", name(k), inflated, std));
    });
    log_.warning("residuals are not independent{}",
                 lines.empty() ? "" : "; the standard deviations that are reported allow for it");
    for (const std::string& line : lines) log_.info("{}", line);
  }

  // Residuals of errors with a memory are looked at without it.
  static std::string less_memory(const Stream& stream) {
    const double hours = stream.settings.error_memory.hours;
    return hours > 0.0 ? fmt::format(" beyond their memory of {:.3g} h", hours) : "";
  }

  void log_profiles() {
    log_.info("{:<32} {:>12} {:>12} {:>12}  (68 % each side / linear std{})", "profile likelihood",
              "below", "above", "linear std", typical_);
    if (analysis_.considered.any())
      log_.info("  at the given values of considered parameters, as the linear std beside it");
    for (const Profile& profile : analysis_.profiles) {
      const std::size_t k = profile.control;
      std::vector<double> below, above, std;
      for (std::size_t c = 0; c < controls_.n_column(); ++c) {
        if (!analysis_.objective().is_informed(c, k)) continue;
        const double estimate = analysis_.solved.estimate(c, k);
        const Interval found = likelihood_interval(analysis_.solved, profile, c);
        const double linear = posterior_.std(c, k);
        below.push_back((estimate - found.lower) / linear);
        above.push_back((found.upper - estimate) / linear);
        std.push_back(linear);
      }
      const double typical_std = median(ranks_, std), typical_below = median(ranks_, below),
                   typical_above = median(ranks_, above);
      if (std::isnan(typical_std))
        log_.info("{:<32} no linear standard deviation, at its bound or not seen by any data",
                  name(k));
      else
        log_.info("{:<32} {:>12} {:>12} {:>12.3g}", name(k), or_beyond(typical_below),
                  or_beyond(typical_above), typical_std);
    }
  }
  // A profile may not rise as much within its range.
  static std::string or_beyond(double ratio) {
    return std::isnan(ratio) ? "beyond" : fmt::format("{:.3f}", ratio);
  }

  void log_bootstrap() {
    const Bootstrap& found = *analysis_.bootstrap;
    log_.info("{:<32} {:>12} {:>12} {:>12}  ({:.0f} of {} samples converged{})", "bootstrap", "std",
              "linear std", "ratio", median(ranks_, found.converged),
              inputs_.settings.posterior.bootstrap, typical_);
    const DenseMatrix plain_std = analysis_.plain_std();
    const DenseMatrix ratio = found.std.cwiseQuotient(plain_std);
    for_shown([&](std::size_t k) {
      const double std = median(ranks_, of_value(found.std, k)),
                   linear = median(ranks_, of_value(plain_std, k)),
                   typical_ratio = median(ranks_, of_value(ratio, k));
      if (std::isnan(linear))
        log_.info("{:<32} no linear standard deviation, at its bound or not seen by any data",
                  name(k));
      else if (std::isnan(std))
        log_.info("{:<32} {:>12} {:>12.3g}", name(k), "-", linear);
      else
        log_.info("{:<32} {:>12.3g} {:>12.3g} {:>12.3f}", name(k), std, linear, typical_ratio);
    });
  }

  // What each considered parameter adds, and what is left if all were known.
  void log_considered() {
    const ConsideredValues& considered = analysis_.considered.values();
    const std::vector<DenseMatrix> shares = analysis_.considered_shares();
    const DenseMatrix std = analysis_.reported_std();
    std::string names;
    for (const ConsideredParameter& parameter : considered.parameters())
      names += fmt::format("{}{} +- {:.3g}", names.empty() ? "" : ", ",
                           control_name(considered.values()[parameter.first], inputs_.soil),
                           considered.values()[parameter.first].prior_std);
    log_.info("considered, held at uncertain values: {}", names);
    for_shown([&](std::size_t k) {
      const double typical_std = median(ranks_, of_value(std, k));
      if (std::isnan(typical_std)) return;
      std::string parts;
      double added = 0.0;
      for (std::size_t p = 0; p < shares.size(); ++p) {
        const double share = median(ranks_, of_value(shares[p], k));
        added += share;
        parts += fmt::format(
            "{}{:.0f} % {}", parts.empty() ? "" : ", ", 100.0 * share,
            control_name(considered.values()[considered.parameters()[p].first], inputs_.soil));
      }
      log_.info("  {:<32} +- {:.3g}, of the variance {}; +- {:.3g} if they were known{}", name(k),
                typical_std, parts, typical_std * std::sqrt(std::max(0.0, 1.0 - added)), typical_);
    });
  }

  // Intervals that bounds change.
  void log_bounds() {
    std::int64_t felt = 0;
    for (const char one : analysis_.intervals.bounds_felt) felt += one;
    felt = ranks_.sum(felt);
    if (felt == 0) return;
    const auto n = static_cast<std::int64_t>(inputs_.columns.n_active());
    log_.info("68 % intervals within the bounds{}",
              n == 1 ? ":"
                     : fmt::format(", which {} of {} columns feel (medians over them):", felt, n));
    for_shown([&](std::size_t k) {
      std::vector<double> lower, upper;
      for (std::size_t c = 0; c < analysis_.intervals.bounds_felt.size(); ++c) {
        if (!analysis_.intervals.bounds_felt[c]) continue;
        lower.push_back(analysis_.intervals.lower(c, k));
        upper.push_back(analysis_.intervals.upper(c, k));
      }
      log_.info("  {:<32} {:.6g} to {:.6g}", name(k), median(ranks_, lower), median(ranks_, upper));
    });
  }

  // The elements of value k in all columns.
  static std::vector<double> of_value(const DenseMatrix& numbers, std::size_t k) {
    const DenseVector column = numbers.col(k);
    return {column.begin(), column.end()};
  }

  // Logs the controls; of a parameter with many values only some, and their number.
  template <class LogControl>
  void for_shown(LogControl log_control) const {
    for (const ControlGroup& group : control_groups(controls_, inputs_.soil)) {
      for (const std::size_t i : shown_rows(group.members.size())) log_control(group.members[i]);
      if (group.members.size() > rows_per_parameter)
        log_.info("  {}: {} of {} values are shown, the result file has all", group.name,
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
  const Analysis& analysis_;
  const Posterior& posterior_;
  const Controls& controls_;
  const char* typical_;
};

} // namespace

void log_analysis(const Case& inputs, const Analysis& analysis) {
  AnalysisLog(inputs, analysis).write();
}

} // namespace glebe
