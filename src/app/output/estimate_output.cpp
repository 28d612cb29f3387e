// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/estimate_output.hpp"

#include "glebe/app/output/parameter_output.hpp"
#include "glebe/app/output/stream_output.hpp"
#include "glebe/base/stages.hpp"
#include "glebe/estimation/problem/control_names.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace glebe {

namespace {

constexpr const char* status_meanings =
    "converged not_converged no_observation model_failed inferred";
enum Status { converged, not_converged, no_observation, model_failed, inferred };

class EstimateOutput {
public:
  EstimateOutput(const Case& inputs, const ColumnProblem& problem, const Objective& objective,
                 const Minimisation& minimum, const std::vector<double>& estimate,
                 const Analysis& analysis, const Fit& fit)
      : inputs_(inputs), problem_(problem), objective_(objective), minimum_(minimum),
        estimate_(estimate), analysis_(analysis), posterior_(analysis.posterior), fit_(fit),
        streams_(problem.observations.streams), controls_(objective.controls().controls()),
        n_column_(inputs.columns.n_local()), parameters_(inputs),
        file_(inputs.ranks, inputs.columns, inputs.settings.run.output, inputs.grid_source,
              inputs.settings) {}

  void write() {
    define();
    file_.end_definitions();
    write_parameters();
    write_posterior();
    write_analysis(file_, inputs_, problem_, objective_, analysis_);
    write_rows(file_, analysis_.rows);
    write_fit();
    write_search();
    if (inputs_.settings.run.series) write_series();
    file_.commit();
    inputs_.log.info("written: {}", inputs_.settings.run.output.string());
  }

private:
  bool estimated(Parameter parameter) const {
    return std::any_of(controls_.begin(), controls_.end(),
                       [&](const Control& c) { return c.slot.parameter == parameter; });
  }

  void define() {
    describe_window(file_, inputs_.time);
    parameters_.define_axes(file_);
    for (const Parameter parameter : parameters_.parameters()) define_parameter(parameter);
    define_posterior();
    define_analysis(file_, inputs_, problem_, objective_.controls(), analysis_);
    define_rows(file_, analysis_.rows);
    define_fit();
    define_search();
    if (!inputs_.settings.run.series) return;
    define_streams(file_, streams_, inputs_.time);
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      const std::string& name = streams_[s].settings.name;
      define_stream(file_, streams_, s, name + "_observed", "observed ");
      file_.attribute(name, "withheld", streams_[s].settings.withhold ? 1 : 0);
    }
  }

  void define_parameter(Parameter parameter) {
    const Field field = parameters_.field(parameter);
    file_.define(field);
    file_.attribute(field.name, "estimated", estimated(parameter) ? 1 : 0);
    if (!estimated(parameter)) return;
    for (const auto& [suffix, what] : {std::pair("_prior", "first guess of "),
                                       std::pair("_std", "posterior standard deviation of ")}) {
      Field companion = field;
      companion.name += suffix;
      companion.long_name = what + field.long_name;
      file_.define(companion);
    }
    Field bound = field;
    bound.name += "_at_bound";
    bound.unit = "";
    bound.long_name = "where the estimate of " + field.long_name + " lies in its range";
    file_.define_flags(bound, "inside at_lower_bound at_upper_bound");
  }

  void define_posterior() {
    std::string names;
    for (std::size_t k = 0; k < controls_.size(); ++k) {
      std::string name = control_name(objective_.controls(), k, inputs_.soil, inputs_.time);
      std::replace(name.begin(), name.end(), ' ', '_');
      names += (names.empty() ? "" : " ") + name;
    }
    for (const char* axis : {"control", "control_column"}) {
      file_.define_axis(axis, controls_.size(), "1", "number of the estimated parameter");
      file_.attribute(axis, "names", names);
    }
    file_.define({"correlation", "1", "posterior correlation", "", {"control", "control_column"}});
    file_.define(
        {"averaging_kernel",
         "1",
         "averaging kernel: change of the estimate (row) per change of the truth (column), "
         "each relative to the width of its bounds",
         "",
         {"control", "control_column"}});
    file_.define({"degrees_of_freedom", "1", "degrees of freedom for signal"});
    file_.define(
        {"condition_number", "1",
         "condition number of the Hessian, controls relative to the width of their bounds"});
  }

  void define_fit() {
    file_.define({"cost_initial", "1", "cost at the first guess"});
    file_.define({"cost_final", "1", "cost at the estimate"});
    file_.define({"iterations", "1", "iterations of the optimiser"});
    file_.define_flags({"status", "", "outcome"}, status_meanings);
    if (inputs_.settings.optimizer.starts > 1) {
      file_.define({"starts_converged", "1", "number of starts that converged"});
      file_.define({"distinct_minima", "1", "number of different minima they found"});
      file_.define({"cost_spread", "1", "range of the costs at these minima"});
    }
    for (const Stream& stream : streams_) {
      const std::string& name = stream.settings.name;
      const char* unit = info(stream.settings.kind).unit;
      file_.define({"rmse_" + name, unit, "root mean square of model minus observation, " + name});
      file_.attribute("rmse_" + name, "withheld", stream.settings.withhold ? 1 : 0);
      file_.define({"bias_" + name, unit, "mean of model minus observation, " + name});
      file_.define({"count_" + name, "1", "number of observations, " + name});
    }
  }

  // How the search went, and within which bounds.
  void define_search() {
    file_.define_axis("iteration", minimum_.cost_history.size(), "1", "iteration");
    file_.define_on_axis("cost_history", "iteration",
                         "cost of all columns together after each iteration");
    file_.attribute("cost_history", "units", "1");
    file_.attribute("cost_history", "method", minimum_.method);
    file_.attribute("cost_history", "outcome", minimum_.reason);
    for (const auto& [name, which] : {std::pair("lower_bound", "lower"), {"upper_bound", "upper"}})
      file_.define_on_axis(
          name, "control",
          fmt::format("{} bound of the estimated parameter, in its own unit", which));
  }

  // One value per column; missing where the column was left out.
  template <class Value>
  void write_field(const std::string& name, Value value) {
    std::vector<double> values(n_column_, std::nan(""));
    for (std::size_t c = 0; c < n_column_; ++c)
      if (!objective_.left_out()[c]) values[c] = value(c);
    file_.write(name, values);
  }

  // Where nothing is known of a control its parameter is missing; so are parameters that are not
  // estimated where nothing is known of any control.
  std::vector<double> known(Parameter parameter, std::vector<double> values) const {
    const std::size_t m = controls_.size();
    std::vector<double> unknown(n_column_ * m, 0.0);
    std::vector<char> nothing(n_column_, m > 0);
    for (std::size_t c = 0; c < n_column_; ++c)
      for (std::size_t k = 0; k < m; ++k)
        if (objective_.known(c, k))
          nothing[c] = 0;
        else
          unknown[c * m + k] = 1.0;
    const std::vector<double> of_field = parameters_.of_controls(parameter, controls_, unknown);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (of_field[i] == 1.0 || nothing[i % n_column_]) values[i] = std::nan("");
    return values;
  }

  void write_parameters() {
    parameters_.write_axes(file_);
    std::vector<double> at_bound;
    for (const AtBound state : posterior_.at_bound) at_bound.push_back(static_cast<double>(state));
    for (const Parameter parameter : parameters_.parameters()) {
      const std::string name = info(parameter).name;
      file_.write(name, known(parameter, parameters_.values(parameter, estimate_)));
      if (!estimated(parameter)) continue;
      file_.write(name + "_prior", parameters_.values(parameter, inputs_.parameters.first_guess));
      const auto of_controls = [&](const std::vector<double>& values) {
        return known(parameter, parameters_.of_controls(parameter, controls_, values));
      };
      file_.write(name + "_std", of_controls(posterior_.std));
      file_.write(name + "_at_bound", of_controls(at_bound));
    }
  }

  void write_posterior() {
    const std::size_t m = controls_.size();
    std::vector<double> numbers;
    for (std::size_t k = 0; k < m; ++k) numbers.push_back(double(k));
    for (const char* axis : {"control", "control_column"}) file_.write_axis(axis, numbers);
    const auto by_pair = [&](const std::vector<double>& of_column) {
      std::vector<double> values(of_column.size());
      for (std::size_t c = 0; c < n_column_; ++c)
        for (std::size_t i = 0; i < m * m; ++i)
          values[i * n_column_ + c] = of_column[c * m * m + i];
      return values;
    };
    file_.write("correlation", by_pair(posterior_.correlation));
    file_.write("averaging_kernel", by_pair(posterior_.averaging_kernel));
    file_.write("degrees_of_freedom", posterior_.degrees_of_freedom);
    file_.write("condition_number", posterior_.condition_number);
  }

  Status status_of(std::size_t column) const {
    const std::size_t m = controls_.size();
    std::size_t n_known = 0;
    for (std::size_t k = 0; k < m; ++k) n_known += objective_.known(column, k);
    if (objective_.left_out()[column] && n_known > 0) return inferred;
    if (!objective_.observed()[column]) return no_observation;
    if (objective_.left_out()[column]) return model_failed;
    return minimum_.columns.state[column] == LevenbergMarquardt::State::converged ? converged
                                                                                  : not_converged;
  }

  void write_fit() {
    write_field("cost_initial", [&](std::size_t c) { return objective_.initial_cost()[c]; });
    write_field("cost_final", [&](std::size_t c) { return fit_.cost[c]; });
    write_field("iterations",
                [&](std::size_t c) { return double(minimum_.columns.iterations[c]); });
    std::vector<double> status(n_column_);
    for (std::size_t c = 0; c < n_column_; ++c) status[c] = status_of(c);
    file_.write("status", status);
    if (inputs_.settings.optimizer.starts > 1) {
      write_field("starts_converged",
                  [&](std::size_t c) { return double(minimum_.columns.starts_converged[c]); });
      write_field("distinct_minima",
                  [&](std::size_t c) { return double(minimum_.columns.distinct_minima[c]); });
      write_field("cost_spread", [&](std::size_t c) { return minimum_.columns.cost_spread[c]; });
    }
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      const std::string& name = streams_[s].settings.name;
      const auto of = [&](std::size_t c) { return fit_.stream[c * fit_.n_stream + s]; };
      const auto mean = [&](std::size_t c, double sum) {
        return of(c).count > 0.0 ? sum / of(c).count : std::nan("");
      };
      write_field("rmse_" + name,
                  [&](std::size_t c) { return std::sqrt(mean(c, of(c).sum_of_squares)); });
      write_field("bias_" + name, [&](std::size_t c) { return mean(c, of(c).sum); });
      write_field("count_" + name, [&](std::size_t c) { return of(c).count; });
    }
  }

  void write_search() {
    std::vector<double> iterations(minimum_.cost_history.size()), lower, upper;
    std::iota(iterations.begin(), iterations.end(), 0.0);
    for (const Control& control : controls_) {
      lower.push_back(control.lower);
      upper.push_back(control.upper);
    }
    file_.write_axis("iteration", iterations);
    file_.write_axis("cost_history", minimum_.cost_history);
    file_.write_axis("lower_bound", lower);
    file_.write_axis("upper_bound", upper);
  }

  void write_series() {
    write_stream_times(file_, streams_);
    const Series series = simulate_series(problem_, estimate_);
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      const std::string& name = streams_[s].settings.name;
      std::vector<double> simulated = series[s], observed(simulated.size());
      for (std::size_t i = 0; i < observed.size(); ++i) {
        const std::size_t c = i % n_column_;
        observed[i] = streams_[s].value[problem_.observations.position(s, c, i / n_column_)];
        if (objective_.left_out()[c]) simulated[i] = std::nan("");
      }
      file_.write(name, simulated);
      file_.write(name + "_observed", observed);
    }
  }

  const Case& inputs_;
  const ColumnProblem& problem_;
  const Objective& objective_;
  const Minimisation& minimum_;
  const std::vector<double>& estimate_;
  const Analysis& analysis_;
  const Posterior& posterior_;
  const Fit& fit_;
  const std::vector<Stream>& streams_;
  const std::vector<Control>& controls_;
  std::size_t n_column_;
  const ParameterOutput parameters_;
  OutputFile file_;
};

} // namespace

void write_estimate(const Case& inputs, const ColumnProblem& problem, const Objective& objective,
                    const Minimisation& minimum, const std::vector<double>& estimate,
                    const Analysis& analysis, const Fit& fit) {
  const StageTimer timer(Stage::write);
  EstimateOutput(inputs, problem, objective, minimum, estimate, analysis, fit).write();
}

} // namespace glebe
