// SPDX-License-Identifier: BSD-3-Clause
// The dimensions, variables and attributes of the result of an estimate.
#include "glebe/app/output/analysis_output.hpp"
#include "glebe/app/output/conflict_output.hpp"
#include "glebe/app/output/estimate_output.hpp"
#include "glebe/app/output/split_output.hpp"
#include "glebe/app/output/stream_output.hpp"
#include "glebe/app/output/withheld_output.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace glebe {

namespace {

class EstimateDefinitions {
public:
  EstimateDefinitions(OutputFile& file, const Case& inputs, const Controls& controls,
                      std::size_t n_iteration, bool with_parts)
      : file_(file), inputs_(inputs), controls_(controls), n_iteration_(n_iteration),
        with_parts_(with_parts), streams_(inputs.observations.streams), parameters_(inputs),
        estimated_(parameters_.estimated(controls)), units_(units_of(inputs, controls.all())) {}

  void define() {
    describe_window(file_, inputs_.time);
    describe_warnings(file_, inputs_);
    parameters_.define_axes(file_);
    for (const ParameterSlot& parameter : parameters_.parameters()) define_quantity(parameter);
    for (const Quantity& ratio : parameters_.ratios()) define_quantity(ratio);
    define_posterior();
    define_analysis(file_, parameters_, inputs_, controls_);
    for (const Quantity& quantity : estimated_) refer_to_companions(quantity);
    define_search();
    define_stages();
    define_fit();
    define_withheld(file_, inputs_);
    define_conflicts(file_, inputs_);
    if (with_parts_) define_split(file_, parameters_, inputs_, controls_);
    if (inputs_.settings.run.series) define_series();
  }

private:
  void define_quantity(const Quantity& quantity) {
    const bool estimated = std::ranges::find(estimated_, quantity) != estimated_.end();
    const GridVariable variable = parameters_.variable(quantity);
    file_.define(variable);
    file_.attribute(variable.name, "estimated", estimated ? 1 : 0);
    if (const std::string whom = parameters_.whom_follows(quantity.parameter());
        !quantity.is_ratio && !whom.empty())
      file_.attribute(variable.name, "follows", whom);
    if (!estimated) return;
    for (const ParameterResult result : {ParameterResult::prior, ParameterResult::std})
      file_.define(parameters_.variable(quantity, result));
    file_.define_flags(parameters_.variable(quantity, ParameterResult::at_bound), at_bound_names);
  }

  // CF, section 3.4: what belongs to the estimate.
  void refer_to_companions(const Quantity& quantity) {
    std::vector<std::string> found;
    for (const ParameterResult result :
         {ParameterResult::std, ParameterResult::std_inflated, ParameterResult::lower,
          ParameterResult::upper, ParameterResult::at_bound, ParameterResult::verdict})
      if (const std::string name = parameters_.name(quantity, result); file_.has_variable(name))
        found.push_back(name);
    file_.attribute(parameters_.name(quantity), "ancillary_variables",
                    fmt::format("{}", fmt::join(found, " ")));
  }

  void define_posterior() {
    const std::vector<std::string> names = names_of_controls(inputs_, controls_);
    for (const Result axis : {Result::control, Result::control_column}) {
      file_.define_axis(axis, controls_.per_column());
      file_.attribute(name_of(axis), "names", fmt::format("{}", fmt::join(names, " ")));
    }
    describe_units(file_, Result::control, units_);
    for (const Result result : {Result::correlation, Result::averaging_kernel})
      file_.define(result, {Result::control, Result::control_column});
    file_.define(Result::degrees_of_freedom);
    file_.define(Result::condition_number);
  }

  // The course of the search, the bounds, and the outcome in every column.
  void define_search() {
    file_.define_axis(Result::iteration, n_iteration_);
    file_.define_on_axis(Result::cost_history, Result::iteration);
    for (const Result bound : {Result::lower_bound, Result::upper_bound}) {
      file_.define_on_axis(bound, Result::control);
      describe_common_unit(file_, bound, units_);
    }
    for (const Result result : {Result::cost_initial, Result::cost_final, Result::iterations})
      file_.define(result);
    file_.define_flags({name_of(Result::status), "", info(Result::status).long_name},
                       column_status_names);
    if (inputs_.settings.optimizer.starts == 1) return;
    for (const Result result :
         {Result::starts_converged, Result::distinct_minima, Result::cost_spread})
      file_.define(result);
  }

  void define_stages() {
    const StagePlan plan = plan_stages(inputs_.settings, controls_);
    if (!plan.is_staged()) return;
    std::vector<std::string> freed;
    for (std::size_t stage = 0; stage < plan.n_stage; ++stage)
      freed.push_back(freed_in_words(inputs_, controls_, plan, stage));
    file_.define_axis(Result::stage, plan.n_stage);
    file_.attribute(name_of(Result::stage), "freed", fmt::format("{}", fmt::join(freed, "; ")));
    for (const Result result : {Result::stage_cost, Result::stage_iterations})
      file_.define_on_axis(result, Result::stage);
    file_.define(Result::stage_estimate, {Result::stage, Result::control});
    describe_common_unit(file_, Result::stage_estimate, units_);
  }

  void define_fit() {
    for (const Stream& stream : streams_) {
      const std::string& name = stream.settings.name;
      if (stream.has_lasting_errors())
        file_.define(stream_variable(StreamResult::error_memory, stream.settings));
      for (const StreamResult result :
           {StreamResult::rmse, StreamResult::bias, StreamResult::count}) {
        file_.define(stream_variable(result, stream.settings));
        if (result == StreamResult::rmse)
          file_.attribute(name_of(result, name), "withheld", stream.settings.withhold ? 1 : 0);
      }
    }
  }

  void define_series() {
    define_streams(file_, streams_, inputs_.time);
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      define_observed(file_, streams_, s);
      file_.attribute(streams_[s].settings.name, "withheld", streams_[s].settings.withhold ? 1 : 0);
    }
  }

  OutputFile& file_;
  const Case& inputs_;
  const Controls& controls_;
  std::size_t n_iteration_;
  bool with_parts_;
  const std::vector<Stream>& streams_;
  const ParameterOutput parameters_;
  std::vector<Quantity> estimated_;
  std::vector<std::string> units_; ///< of the controls
};

} // namespace

void define_estimate(OutputFile& file, const Case& inputs, const Controls& controls,
                     std::size_t n_iteration, bool with_parts) {
  EstimateDefinitions(file, inputs, controls, n_iteration, with_parts).define();
}

} // namespace glebe
