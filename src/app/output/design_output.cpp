// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/design_output.hpp"

#include "glebe/app/output/parameter_output.hpp"
#include "glebe/app/output/stream_output.hpp"
#include "glebe/base/stages.hpp"
#include "glebe/estimation/problem/control_names.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

class DesignOutput {
public:
  DesignOutput(const Case& inputs, const Controls& controls, const RankedDesigns& designs)
      : inputs_(inputs), controls_(controls), designs_(designs), m_(controls.per_column()),
        n_column_(controls.n_column()), n_design_(designs.list.designs.size()), output_(inputs),
        file_(inputs.ranks, inputs.columns, inputs.settings.run.output, inputs.grid_source,
              inputs.settings) {
    for (const Design& design : designs.list.designs)
      most_sensors_ = std::max(most_sensors_, design.depths.size());
    for (const Control& control : controls.controls())
      if (std::find(parameters_.begin(), parameters_.end(), control.slot.parameter) ==
          parameters_.end())
        parameters_.push_back(control.slot.parameter);
  }

  void write() {
    define();
    file_.end_definitions();
    write_axes();
    output_.write_axes(file_);
    for (const Parameter parameter : output_.parameters())
      file_.write(info(parameter).name, output_.values(parameter, inputs_.parameters.first_guess));
    write_predictions();
    file_.commit();
    inputs_.log.info("written: {}", inputs_.settings.run.output.string());
  }

private:
  void define() {
    describe_window(file_, inputs_.time);
    output_.define_axes(file_);
    for (const Parameter parameter : output_.parameters()) file_.define(output_.field(parameter));
    define_axes();
    std::string meanings;
    for (const char* name : verdict_names)
      meanings += (meanings.empty() ? "" : " ") + std::string(name);
    for (const Parameter parameter : parameters_) {
      Field std = output_.field(parameter);
      std.leading.insert(std.leading.begin(), "design");
      Field verdict = std;
      std.name += "_std";
      std.long_name = "predicted standard deviation of " + std.long_name;
      file_.define(std);
      verdict.name += "_verdict";
      verdict.unit = "";
      verdict.long_name = "what the design would say of " + verdict.long_name;
      file_.define_flags(verdict, meanings);
    }
    const std::vector<std::string> leading{"design"};
    file_.define({"criterion", "1", "criterion of the ranking", "", leading});
    file_.attribute("criterion", "criterion",
                    name_of(inputs_.settings.ranking.criterion, criterion_names));
    std::string counted;
    for (const Parameter parameter : parameters_)
      if (counts(parameter))
        counted += (counted.empty() ? "" : " ") + std::string(info(parameter).name);
    file_.attribute("criterion", "parameters", counted);
    file_.define({"rank", "1", "rank of the design in this column, 1 is the best", "", leading});
    file_.define({"degrees_of_freedom", "1", "degrees of freedom for signal", "", leading});
    file_.define({"condition_number", "1",
                  "condition number of the Hessian, controls relative to the width of their bounds",
                  "", leading});
    file_.define({"best_design", "1", "number of the best design, counted from 0"});
  }

  bool counts(Parameter parameter) const {
    const auto& ranked = designs_.rule.controls;
    return std::any_of(ranked.begin(), ranked.end(), [&](std::size_t k) {
      return controls_.controls()[k].slot.parameter == parameter;
    });
  }

  void define_axes() {
    std::string labels;
    for (const Design& design : designs_.list.designs)
      labels += (labels.empty() ? "" : " ") + design.label(designs_.list.streams);
    file_.define_axis("design", n_design_, "1", "number of the design");
    file_.attribute("design", "names", labels);
    file_.define_on_axis("design_days", "design", "length of the window used");
    file_.attribute("design_days", "units", "d");
    file_.define_on_axis("design_rank", "design",
                         "rank by the median of the criterion over columns, 1 is the best");
    file_.attribute("design_rank", "units", "1");
    for (std::size_t i = 0; i < most_sensors_; ++i) {
      file_.define_on_axis(depth_name(i), "design", "depth of the candidate sensor");
      file_.attribute(depth_name(i), "units", "m");
      file_.attribute(depth_name(i), "positive", "down");
    }
    std::string names;
    for (std::size_t k = 0; k < m_; ++k) {
      std::string name = control_name(controls_, k, inputs_.soil, inputs_.time);
      std::replace(name.begin(), name.end(), ' ', '_');
      names += (names.empty() ? "" : " ") + name;
    }
    file_.attribute("design", "estimated", names);
  }

  static std::string depth_name(std::size_t i) {
    return i == 0 ? "design_depth" : fmt::format("design_depth_{}", i + 1);
  }

  void write_axes() {
    std::vector<double> numbers, days, rank;
    for (std::size_t d = 0; d < n_design_; ++d) {
      numbers.push_back(static_cast<double>(d));
      days.push_back(designs_.list.designs[d].days);
      rank.push_back(static_cast<double>(designs_.rank[d]));
    }
    file_.write_axis("design", numbers);
    file_.write_axis("design_days", days);
    file_.write_axis("design_rank", rank);
    for (std::size_t i = 0; i < most_sensors_; ++i) {
      std::vector<double> depths;
      for (const Design& design : designs_.list.designs)
        depths.push_back(i < design.depths.size() ? design.depths[i] : std::nan(""));
      file_.write_axis(depth_name(i), depths);
    }
  }

  // The fields of a parameter, design by design, from a number of each control.
  template <class Value>
  std::vector<double> fields_of(Parameter parameter, Value value) const {
    std::vector<double> values;
    for (std::size_t d = 0; d < n_design_; ++d) {
      std::vector<double> of_columns;
      for (std::size_t i = 0; i < n_column_ * m_; ++i)
        of_columns.push_back(value(d * n_column_ * m_ + i));
      const auto field = output_.of_controls(parameter, controls_.controls(), of_columns);
      values.insert(values.end(), field.begin(), field.end());
    }
    return values;
  }

  void write_predictions() {
    const Predictions& found = designs_.predictions;
    for (const Parameter parameter : parameters_) {
      const std::string name = info(parameter).name;
      file_.write(name + "_std", fields_of(parameter, [&](std::size_t i) { return found.std[i]; }));
      file_.write(name + "_verdict", fields_of(parameter, [&](std::size_t i) {
                    return static_cast<double>(found.verdict[i]);
                  }));
    }
    file_.write("criterion", found.criterion);
    file_.write("degrees_of_freedom", found.degrees_of_freedom);
    file_.write("condition_number", found.condition_number);
    std::vector<double> rank(found.criterion.size(), std::nan("")), best(n_column_, std::nan(""));
    for (std::size_t c = 0; c < n_column_; ++c) {
      std::vector<double> criterion;
      for (std::size_t d = 0; d < n_design_; ++d)
        criterion.push_back(found.criterion[d * n_column_ + c]);
      const std::vector<std::size_t> ranks = ranks_of(criterion, designs_.more_is_better());
      for (std::size_t d = 0; d < n_design_; ++d) {
        if (std::isnan(criterion[d])) continue;
        rank[d * n_column_ + c] = static_cast<double>(ranks[d]);
        if (ranks[d] == 1) best[c] = static_cast<double>(d);
      }
    }
    file_.write("rank", rank);
    file_.write("best_design", best);
  }

  const Case& inputs_;
  const Controls& controls_;
  const RankedDesigns& designs_;
  std::size_t m_;
  std::size_t n_column_;
  std::size_t n_design_;
  std::size_t most_sensors_ = 0;
  std::vector<Parameter> parameters_; ///< those that are estimated, each once
  const ParameterOutput output_;
  OutputFile file_;
};

} // namespace

void write_designs(const Case& inputs, const Controls& controls, const RankedDesigns& designs) {
  const StageTimer timer(Stage::write);
  DesignOutput(inputs, controls, designs).write();
}

} // namespace glebe
