// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/uncertainty_output.hpp"

#include "glebe/app/output/analysis_output.hpp"
#include "glebe/estimation/problem/control_names.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace glebe {

namespace {

// The considered parameters: one name for each place, whatever its knots in time.
std::vector<std::string> names_of_considered(const Case& inputs,
                                             const ConsideredValues& considered) {
  std::vector<std::string> names;
  for (const ConsideredParameter& parameter : considered.parameters()) {
    names.push_back(control_name(considered.values()[parameter.first], inputs.soil));
    std::ranges::replace(names.back(), ' ', '_');
  }
  return names;
}

std::vector<std::string> units_of_considered(const Case& inputs,
                                             const ConsideredValues& considered) {
  std::vector<Control> first_knots;
  for (const ConsideredParameter& parameter : considered.parameters())
    first_knots.push_back(considered.values()[parameter.first]);
  return units_of(inputs, first_knots);
}

} // namespace

void define_intervals_and_shares(OutputFile& file, const ParameterOutput& parameters,
                                 const Case& inputs, const Controls& controls) {
  const ConsideredValues considered(controls);
  if (considered.any()) {
    file.define_axis(Result::considered, considered.parameters().size());
    const std::vector<std::string> names = names_of_considered(inputs, considered);
    const std::vector<std::string> units = units_of_considered(inputs, considered);
    file.attribute(name_of(Result::considered), "names", fmt::format("{}", fmt::join(names, " ")));
    describe_units(file, Result::considered, units);
    file.define_on_axis(Result::considered_std, Result::considered);
    describe_common_unit(file, Result::considered_std, units);
  }
  for (const Quantity& parameter : ParameterOutput::controlled(controls)) {
    for (const ParameterResult end : {ParameterResult::lower, ParameterResult::upper})
      file.define(parameters.variable(parameter, end));
    if (!considered.any()) continue;
    GridVariable share = parameters.variable(parameter, ParameterResult::considered_share);
    share.leading.insert(share.leading.begin(), name_of(Result::considered));
    file.define(share);
  }
}

void write_intervals_and_shares(OutputFile& file, const ParameterOutput& parameters,
                                const Analysis& analysis) {
  const Controls& controls = analysis.controls();
  const ConsideredValues& considered = analysis.considered.values();
  const auto field = [&](const Quantity& parameter, const DenseMatrix& of_columns) {
    return parameters.of_controls(parameter, controls.all(), of_columns);
  };
  if (considered.any()) {
    std::vector<double> std;
    for (const ConsideredParameter& parameter : considered.parameters())
      std.push_back(considered.values()[parameter.first].prior_std);
    file.write_numbers(Result::considered, std.size());
    file.write_axis(Result::considered_std, std);
  }
  const std::vector<DenseMatrix> shares = analysis.considered_shares();
  for (const Quantity& parameter : ParameterOutput::controlled(controls)) {
    file.write(parameters.name(parameter, ParameterResult::lower),
               field(parameter, analysis.intervals.lower));
    file.write(parameters.name(parameter, ParameterResult::upper),
               field(parameter, analysis.intervals.upper));
    if (!considered.any()) continue;
    std::vector<double> values;
    for (const DenseMatrix& share : shares) {
      const DenseMatrix of_one = field(parameter, share);
      values.insert(values.end(), of_one.data(), of_one.data() + of_one.size());
    }
    file.write(parameters.name(parameter, ParameterResult::considered_share), values);
  }
}

} // namespace glebe
