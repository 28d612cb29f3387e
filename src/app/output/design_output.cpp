// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/design_output.hpp"

#include "glebe/app/output/analysis_output.hpp"
#include "glebe/app/output/complete_output.hpp"
#include "glebe/app/output/parameter_output.hpp"
#include "glebe/app/output/stream_output.hpp"
#include "glebe/base/timed_part.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

class DesignOutput {
public:
  DesignOutput(OutputFile& file, const Case& inputs, const Controls& controls,
               const RankedDesigns& designs)
      : file_(file), inputs_(inputs), controls_(controls), designs_(designs),
        n_design_(designs.list.designs.size()), parameters_(inputs),
        estimated_(parameters_.estimated(controls)) {
    for (const Design& design : designs.list.designs)
      max_sensors_ = std::max(max_sensors_, design.depths.size());
  }

  void define() {
    describe_window(file_, inputs_.time);
    describe_warnings(file_, inputs_);
    parameters_.define_axes(file_);
    for (const ParameterSlot& parameter : parameters_.parameters())
      file_.define(parameters_.variable(parameter));
    for (const Quantity& ratio : parameters_.ratios()) file_.define(parameters_.variable(ratio));
    define_axes();
    for (const Quantity& parameter : estimated_) define_predictions(parameter);
    for (const Result result :
         {Result::criterion, Result::rank, Result::degrees_of_freedom, Result::condition_number})
      file_.define(result, {Result::design});
    file_.define(Result::best_design);
    const std::string criterion = name_of(Result::criterion);
    file_.attribute(criterion, criterion,
                    name_of(inputs_.settings.ranking.criterion, criterion_names));
    std::vector<std::string> counted;
    for (const Quantity& parameter : estimated_)
      if (counts(parameter)) counted.push_back(parameters_.name(parameter));
    file_.attribute(criterion, "parameters", fmt::format("{}", fmt::join(counted, " ")));
  }

  void write() {
    write_axes();
    parameters_.write_axes(file_);
    for (const ParameterSlot& parameter : parameters_.parameters())
      file_.write(parameters_.name(parameter),
                  parameters_.values(parameter, inputs_.parameters.first_guess));
    for (const Quantity& ratio : parameters_.ratios())
      file_.write(parameters_.name(ratio),
                  parameters_.values(ratio, inputs_.parameters.first_guess));
    write_predictions();
    write_ranks();
  }

private:
  void define_predictions(const Quantity& parameter) {
    GridVariable std = parameters_.variable(parameter);
    std.leading.insert(std.leading.begin(), name_of(Result::design));
    GridVariable verdict = std;
    std.name = parameters_.name(parameter, ParameterResult::std);
    std.long_name = "predicted standard deviation of " + std.long_name;
    if (!std.standard_name.empty()) std.standard_name += " standard_error";
    file_.define(std);
    verdict.name = parameters_.name(parameter, ParameterResult::verdict);
    verdict.unit = "";
    verdict.standard_name = "";
    verdict.long_name = "what the design would say of " + verdict.long_name;
    file_.define_flags(verdict, verdict_names);
  }

  bool counts(const Quantity& quantity) const {
    const auto& ranked = designs_.rule.controls;
    return std::any_of(ranked.begin(), ranked.end(),
                       [&](std::size_t k) { return Quantity::of(controls_[k]) == quantity; });
  }

  void define_axes() {
    std::vector<std::string> labels;
    for (const Design& design : designs_.list.designs)
      labels.push_back(design.label(designs_.list.streams));
    const std::string axis = name_of(Result::design);
    file_.define_axis(Result::design, n_design_);
    file_.attribute(axis, "names", fmt::format("{}", fmt::join(labels, " ")));
    file_.attribute(axis, "estimated",
                    fmt::format("{}", fmt::join(names_of_controls(inputs_, controls_), " ")));
    file_.define_on_axis(Result::design_days, Result::design);
    file_.define_on_axis(Result::design_rank, Result::design);
    for (std::size_t i = 0; i < max_sensors_; ++i) {
      const ResultInfo& depth = info(Result::design_depth);
      file_.define_on_axis(depth_name(i), depth.unit, depth.long_name, Result::design);
      file_.attribute(depth_name(i), "standard_name", "depth");
      file_.attribute(depth_name(i), "positive", "down");
    }
  }

  static std::string depth_name(std::size_t i) {
    const std::string name = name_of(Result::design_depth);
    return i == 0 ? name : fmt::format("{}_{}", name, i + 1);
  }

  void write_axes() {
    std::vector<double> days, rank;
    for (std::size_t d = 0; d < n_design_; ++d) {
      days.push_back(designs_.list.designs[d].days);
      rank.push_back(static_cast<double>(designs_.rank[d]));
    }
    file_.write_numbers(Result::design, n_design_);
    file_.write_axis(Result::design_days, days);
    file_.write_axis(Result::design_rank, rank);
    for (std::size_t i = 0; i < max_sensors_; ++i) {
      std::vector<double> depths;
      for (const Design& design : designs_.list.designs)
        depths.push_back(i < design.depths.size() ? design.depths[i] : std::nan(""));
      file_.write_axis(depth_name(i), depths);
    }
  }

  // Writes a result of a parameter for all designs, from numbers of the controls (column, k).
  template <class OfDesign>
  void write_fields(const Quantity& parameter, ParameterResult result, OfDesign of_design) {
    std::vector<double> values;
    for (std::size_t d = 0; d < n_design_; ++d) {
      const DenseMatrix field = parameters_.of_controls(parameter, controls_.all(), of_design(d));
      values.insert(values.end(), field.data(), field.data() + field.size());
    }
    file_.write(parameters_.name(parameter, result), values);
  }

  void write_predictions() {
    const Predictions& found = designs_.predictions;
    for (const Quantity& parameter : estimated_) {
      write_fields(parameter, ParameterResult::std,
                   [&](std::size_t d) -> const DenseMatrix& { return found.std[d]; });
      write_fields(parameter, ParameterResult::verdict,
                   [&](std::size_t d) { return numbers_of(found.verdict[d]); });
    }
    file_.write(Result::criterion, found.criterion);
    file_.write(Result::degrees_of_freedom, found.degrees_of_freedom);
    file_.write(Result::condition_number, found.condition_number);
  }

  void write_ranks() {
    const DenseMatrix& criterion = designs_.predictions.criterion;
    DenseMatrix rank = DenseMatrix::Constant(criterion.rows(), criterion.cols(), std::nan(""));
    std::vector<double> best(controls_.n_column(), std::nan(""));
    for (std::size_t c = 0; c < controls_.n_column(); ++c) {
      const DenseVector of_column = criterion.col(c);
      const std::vector<std::size_t> ranks =
          ranks_of({of_column.begin(), of_column.end()}, designs_.more_is_better());
      for (std::size_t d = 0; d < n_design_; ++d) {
        if (std::isnan(criterion(d, c))) continue;
        rank(d, c) = static_cast<double>(ranks[d]);
        if (ranks[d] == 1) best[c] = static_cast<double>(d);
      }
    }
    file_.write(Result::rank, rank);
    file_.write(Result::best_design, best);
  }

  OutputFile& file_;
  const Case& inputs_;
  const Controls& controls_;
  const RankedDesigns& designs_;
  std::size_t n_design_;
  std::size_t max_sensors_ = 0;
  const ParameterOutput parameters_;
  std::vector<Quantity> estimated_;
};

} // namespace

void define_designs(OutputFile& file, const Case& inputs, const Controls& controls,
                    const RankedDesigns& designs) {
  DesignOutput(file, inputs, controls, designs).define();
}

void write_designs(const Case& inputs, const Controls& controls, const RankedDesigns& designs) {
  const TimedPart timer(Part::write);
  complete_output(
      inputs, inputs.settings.run.output,
      {[&](OutputFile& file) { define_designs(file, inputs, controls, designs); },
       [&](OutputFile& file) { DesignOutput(file, inputs, controls, designs).write(); }});
}

} // namespace glebe
