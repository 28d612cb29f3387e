// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/estimate_output.hpp"

#include "glebe/app/output/analysis_output.hpp"
#include "glebe/app/output/complete_output.hpp"
#include "glebe/app/output/conflict_output.hpp"
#include "glebe/app/output/parameter_output.hpp"
#include "glebe/app/output/split_output.hpp"
#include "glebe/app/output/stream_output.hpp"
#include "glebe/app/output/withheld_output.hpp"
#include "glebe/base/timed_part.hpp"
#include "glebe/estimation/uncertainty/gaussian_posterior.hpp"
#include "glebe/simulation/column_runs.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

class EstimateOutput {
public:
  EstimateOutput(OutputFile& file, const Case& inputs, const Minimisation& minimum,
                 const Analysis& analysis, const std::vector<StageRecord>& stages)
      : file_(file), inputs_(inputs), minimum_(minimum), analysis_(analysis), stages_(stages),
        objective_(analysis.objective()), posterior_(analysis.solved.posterior),
        streams_(analysis.streams()), controls_(analysis.controls()), parameters_(inputs),
        estimated_(parameters_.estimated(controls_)) {}

  void define() {
    define_estimate(file_, inputs_, controls_, minimum_.cost_history.size(),
                    analysis_.split.has_value());
    describe_outcome();
    describe_withheld(file_, inputs_, analysis_.withheld);
    describe_conflicts(file_, analysis_.conflicts);
  }

  void write() {
    write_parameters();
    write_posterior();
    write_analysis(file_, parameters_, inputs_, analysis_);
    write_search();
    if (!stages_.empty()) write_stages();
    write_fit();
    write_withheld(file_, inputs_, analysis_.withheld);
    write_conflicts(file_, inputs_, analysis_.conflicts);
    if (analysis_.split) write_split(file_, parameters_, inputs_, controls_, *analysis_.split);
    if (inputs_.settings.run.series) write_series();
  }

private:
  // What is known only now; all other definitions follow from the inputs.
  void describe_outcome() {
    const std::string history = name_of(Result::cost_history);
    file_.attribute(history, "method", minimum_.method);
    file_.attribute(history, "outcome", minimum_.reason);
    file_.attribute("", "verdict", analysis_.verdict_text);
    if (const double of_all = posterior_.reduced_chi_square_of_all; !std::isnan(of_all))
      file_.attribute(name_of(Result::reduced_chi_square), "of_all_columns", of_all);
  }

  // Sets elements to missing where data do not inform a control that they depend on. Parameters
  // that are not estimated are missing where no control is informed.
  DenseMatrix informed(const Quantity& quantity, DenseMatrix field) const {
    const std::size_t n_column = controls_.n_column(), m = controls_.per_column();
    DenseMatrix uninformed = DenseMatrix::Zero(n_column, m);
    for (std::size_t c = 0; c < n_column; ++c)
      for (std::size_t k = 0; k < m; ++k)
        if (!objective_.is_informed(c, k)) uninformed(c, k) = 1.0;
    const DenseMatrix of_field = parameters_.marked(quantity, controls_.all(), uninformed);
    for (std::size_t c = 0; c < n_column; ++c) {
      const bool nothing = m > 0 && !objective_.is_informed(c);
      for (Eigen::Index i = 0; i < field.rows(); ++i)
        if (nothing || of_field(i, c) == 1.0) field(i, c) = std::nan("");
    }
    return field;
  }

  void write_parameters() {
    parameters_.write_axes(file_);
    const DenseMatrix estimate = analysis_.solved.values(), std = analysis_.plain_std(),
                      of_followers = analysis_.plain_std_of_followers();
    for (const ParameterSlot& parameter : parameters_.parameters())
      write_quantity(parameter, estimate);
    for (const Quantity& ratio : parameters_.ratios()) write_quantity(ratio, estimate);
    for (const Quantity& quantity : estimated_) write_estimate_of(quantity, std, of_followers);
  }

  void write_quantity(const Quantity& quantity, const DenseMatrix& estimate) {
    file_.write(parameters_.name(quantity),
                informed(quantity, parameters_.values(quantity, estimate)));
  }

  void write_estimate_of(const Quantity& quantity, const DenseMatrix& std,
                         const DenseMatrix& of_followers) {
    file_.write(parameters_.name(quantity, ParameterResult::prior),
                parameters_.values(quantity, inputs_.parameters.first_guess));
    file_.write(parameters_.name(quantity, ParameterResult::std),
                informed(quantity,
                         parameters_.with_followers(quantity, controls_.all(), std, of_followers)));
    file_.write(parameters_.name(quantity, ParameterResult::at_bound),
                informed(quantity, parameters_.of_controls(quantity, controls_.all(),
                                                           numbers_of(posterior_.at_bound))));
  }

  void write_posterior() {
    for (const Result axis : {Result::control, Result::control_column})
      file_.write_numbers(axis, controls_.per_column());
    DenseBlocks correlation(controls_.n_column(), controls_.per_column());
    for (std::size_t c = 0; c < correlation.size(); ++c)
      correlation[c] = correlation_of(analysis_.covariance(c));
    file_.write(Result::correlation, by_pair({correlation}));
    file_.write(Result::averaging_kernel, by_pair({posterior_.averaging_kernel}));
    file_.write(Result::degrees_of_freedom, posterior_.degrees_of_freedom);
    file_.write(Result::condition_number, posterior_.condition_number);
  }

  ColumnStatus status_of(std::size_t column) const {
    if (!objective_.left_out()[column])
      return analysis_.search.state[column] == LevenbergMarquardt::State::converged
                 ? ColumnStatus::converged
                 : ColumnStatus::not_converged;
    if (objective_.observed()[column]) return ColumnStatus::model_failed;
    return objective_.is_informed(column) ? ColumnStatus::inferred : ColumnStatus::no_observation;
  }

  // One value per column; missing if the column was left out.
  template <class Value>
  std::vector<double> of_columns(Value value) const {
    std::vector<double> values(controls_.n_column(), std::nan(""));
    for (const std::size_t c : objective_.columns_with_data()) values[c] = value(c);
    return values;
  }

  void write_search() {
    std::vector<double> lower, upper, status;
    for (const Control& control : controls_.all()) {
      lower.push_back(control.lower);
      upper.push_back(control.upper);
    }
    file_.write_numbers(Result::iteration, minimum_.cost_history.size());
    file_.write_axis(Result::cost_history, minimum_.cost_history);
    file_.write_axis(Result::lower_bound, lower);
    file_.write_axis(Result::upper_bound, upper);
    for (std::size_t c = 0; c < controls_.n_column(); ++c)
      status.push_back(static_cast<double>(status_of(c)));
    file_.write(Result::status, status);
    const ColumnOutcome& search = analysis_.search;
    const auto write = [&](Result result, const auto& values) {
      file_.write(result, of_columns([&](std::size_t c) { return double(values[c]); }));
    };
    write(Result::cost_initial, search.first_cost);
    write(Result::cost_final, analysis_.solved.point.columns.cost);
    write(Result::iterations, search.iterations);
    if (inputs_.settings.optimizer.starts == 1) return;
    write(Result::starts_converged, search.starts_converged);
    write(Result::distinct_minima, search.distinct_minima);
    write(Result::cost_spread, search.cost_spread);
  }

  void write_stages() {
    std::vector<double> cost, iterations, estimates;
    for (const StageRecord& stage : stages_) {
      cost.push_back(stage.cost);
      iterations.push_back(stage.iterations);
      for (std::size_t k = 0; k < controls_.per_column(); ++k)
        for (std::size_t c = 0; c < controls_.n_column(); ++c)
          estimates.push_back(objective_.is_informed(c, k) ? stage.estimate(c, k) : std::nan(""));
    }
    file_.write_numbers(Result::stage, stages_.size());
    file_.write_axis(Result::stage_cost, cost);
    file_.write_axis(Result::stage_iterations, iterations);
    file_.write(Result::stage_estimate, estimates);
  }

  void write_fit() {
    const Table<StreamFit>& fits = analysis_.solved.point.columns.stream;
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      const std::string& name = streams_[s].settings.name;
      if (streams_[s].has_lasting_errors())
        file_.write(name_of(StreamResult::error_memory, name), of_columns([&](std::size_t) {
                      return streams_[s].settings.error_memory.hours;
                    }));
      const auto mean = [&](std::size_t c, double sum) {
        return fits(c, s).count > 0.0 ? sum / fits(c, s).count : std::nan("");
      };
      file_.write(name_of(StreamResult::rmse, name), of_columns([&](std::size_t c) {
                    return std::sqrt(mean(c, fits(c, s).sum_of_squares));
                  }));
      file_.write(name_of(StreamResult::bias, name),
                  of_columns([&](std::size_t c) { return mean(c, fits(c, s).sum); }));
      file_.write(name_of(StreamResult::count, name),
                  of_columns([&](std::size_t c) { return fits(c, s).count; }));
    }
  }

  void write_series() {
    write_stream_times(file_, streams_);
    const ColumnProblem& problem = analysis_.solved.problem();
    Series series = simulate_series(problem, analysis_.solved.values());
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      DenseMatrix observed(series[s].rows(), series[s].cols());
      for (std::size_t c = 0; c < controls_.n_column(); ++c) {
        for (Eigen::Index k = 0; k < observed.rows(); ++k)
          observed(k, c) = streams_[s].value[problem.observations.position(s, c, std::size_t(k))];
        if (objective_.left_out()[c]) series[s].col(c).setConstant(std::nan(""));
      }
      const std::string& name = streams_[s].settings.name;
      file_.write(name, series[s]);
      file_.write(name_of(StreamResult::observed, name), observed);
    }
  }

  OutputFile& file_;
  const Case& inputs_;
  const Minimisation& minimum_;
  const Analysis& analysis_;
  const std::vector<StageRecord>& stages_;
  const Objective& objective_;
  const Posterior& posterior_;
  const std::vector<Stream>& streams_;
  const Controls& controls_;
  const ParameterOutput parameters_;
  std::vector<Quantity> estimated_;
};

} // namespace

void write_estimate(const Case& inputs, const Minimisation& minimum, const Analysis& analysis,
                    const std::vector<StageRecord>& stages,
                    const std::function<std::filesystem::path()>& keep) {
  const TimedPart timer(Part::write);
  const auto output_to = [&](OutputFile& file) {
    return EstimateOutput(file, inputs, minimum, analysis, stages);
  };
  complete_output(inputs, inputs.settings.run.output,
                  {[&](OutputFile& file) { output_to(file).define(); },
                   [&](OutputFile& file) { output_to(file).write(); }, keep});
}

} // namespace glebe
