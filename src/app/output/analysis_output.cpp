// SPDX-License-Identifier: BSD-3-Clause
// What an estimate is worth, in its result file.
#include "glebe/app/case/analysis.hpp"
#include "glebe/app/output/parameter_output.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

std::string verdict_meanings() {
  std::string meanings;
  for (const char* name : verdict_names)
    meanings += (meanings.empty() ? "" : " ") + std::string(name);
  return meanings;
}

std::vector<Parameter> estimated_parameters(const Controls& controls) {
  std::vector<Parameter> parameters;
  for (const Control& control : controls.controls())
    if (std::find(parameters.begin(), parameters.end(), control.slot.parameter) == parameters.end())
      parameters.push_back(control.slot.parameter);
  return parameters;
}

bool has_profile(const Analysis& analysis, const Controls& controls, Parameter parameter) {
  return std::any_of(analysis.profiles.begin(), analysis.profiles.end(), [&](const Profile& p) {
    return controls.controls()[p.control].slot.parameter == parameter;
  });
}

// The field of a parameter from a number of each control, where it is estimated; NaN elsewhere.
template <class Value>
std::vector<double> field_of(const ParameterOutput& output, const Controls& controls,
                             Parameter parameter, Value value) {
  std::vector<double> of_columns;
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t k = 0; k < controls.per_column(); ++k) of_columns.push_back(value(c, k));
  return output.of_controls(parameter, controls.controls(), of_columns);
}

Field companion(const ParameterOutput& output, Parameter parameter, const char* suffix,
                const char* what) {
  Field field = output.field(parameter);
  field.name += suffix;
  field.long_name = what + field.long_name;
  return field;
}

} // namespace

void define_analysis(OutputFile& file, const Case& inputs, const ColumnProblem& problem,
                     const Controls& controls, const Analysis& analysis) {
  const ParameterOutput output(inputs);
  file.attribute("", "verdict", analysis.verdict_text);
  file.define({"reduced_chi_square", "1",
               "twice the cost of the data over their number less the degrees of freedom"});
  if (const double of_all = analysis.posterior.reduced_chi_square_of_all; !std::isnan(of_all))
    file.attribute("reduced_chi_square", "of_all_columns", of_all);
  if (!analysis.profiles.empty())
    file.define_axis("profile_point", analysis.profiles.front().n_point, "1",
                     "number of the value in a profile");
  for (const Parameter parameter : estimated_parameters(controls)) {
    Field verdict = companion(output, parameter, "_verdict", "what the data say of ");
    verdict.unit = "";
    file.define_flags(verdict, verdict_meanings());
    if (analysis.residuals)
      file.define(companion(output, parameter, "_std_inflated",
                            "standard deviation, allowing for autocorrelated residuals, of "));
    if (analysis.bootstrap)
      file.define(companion(output, parameter, "_bootstrap_std",
                            "standard deviation over bootstrap samples of "));
    if (!has_profile(analysis, controls, parameter)) continue;
    Field value = companion(output, parameter, "_profile_value", "values in the profile of ");
    Field cost = companion(output, parameter, "_profile_cost", "least cost at given ");
    cost.unit = "1";
    for (Field* field : {&value, &cost}) {
      field->leading.insert(field->leading.begin(), "profile_point");
      file.define(*field);
    }
  }
  if (!analysis.residuals) return;
  for (const Stream& stream : problem.observations.streams) {
    const std::string& name = stream.settings.name;
    file.define({"autocorrelation_" + name, "1",
                 "autocorrelation of the residuals from one value to the next, " + name});
    file.define({"effective_count_" + name, "1", "number of independent values, " + name});
  }
}

void write_analysis(OutputFile& file, const Case& inputs, const ColumnProblem& problem,
                    const Objective& objective, const Analysis& analysis) {
  const ParameterOutput output(inputs);
  const Controls& controls = objective.controls();
  const std::size_t m = controls.per_column(), n_column = controls.n_column();
  file.write("reduced_chi_square", analysis.posterior.reduced_chi_square);
  if (!analysis.profiles.empty()) {
    std::vector<double> points;
    for (std::size_t i = 0; i < analysis.profiles.front().n_point; ++i) points.push_back(double(i));
    file.write_axis("profile_point", points);
  }
  for (const Parameter parameter : estimated_parameters(controls)) {
    const std::string name = info(parameter).name;
    const auto write = [&](const char* suffix, auto value) {
      file.write(name + suffix, field_of(output, controls, parameter, value));
    };
    write("_verdict", [&](std::size_t c, std::size_t k) {
      return static_cast<double>(analysis.verdict[c * m + k]);
    });
    if (analysis.residuals)
      write("_std_inflated", [&](std::size_t c, std::size_t k) {
        return analysis.residuals->std_inflated[c * m + k];
      });
    if (analysis.bootstrap)
      write("_bootstrap_std",
            [&](std::size_t c, std::size_t k) { return analysis.bootstrap->std[c * m + k]; });
    if (!has_profile(analysis, controls, parameter)) continue;
    std::vector<double> values, costs;
    for (std::size_t i = 0; i < analysis.profiles.front().n_point; ++i)
      for (const auto& [member, all] :
           {std::pair(&Profile::value, &values), std::pair(&Profile::cost, &costs)}) {
        const auto row = field_of(output, controls, parameter, [&](std::size_t c, std::size_t k) {
          const auto profile = std::find_if(analysis.profiles.begin(), analysis.profiles.end(),
                                            [&](const Profile& p) { return p.control == k; });
          return profile == analysis.profiles.end() ? std::nan("")
                                                    : ((*profile).*member)[i * n_column + c];
        });
        all->insert(all->end(), row.begin(), row.end());
      }
    file.write(name + "_profile_value", values);
    file.write(name + "_profile_cost", costs);
  }
  if (!analysis.residuals) return;
  const std::size_t n_stream = problem.observations.streams.size();
  for (std::size_t s = 0; s < n_stream; ++s) {
    std::vector<double> lag_one(n_column, std::nan("")), effective = lag_one;
    for (std::size_t c = 0; c < n_column; ++c) {
      const Independence& found = analysis.residuals->stream[c * n_stream + s];
      if (objective.left_out()[c] || found.effective == 0.0) continue;
      lag_one[c] = found.lag_one;
      effective[c] = found.effective;
    }
    const std::string& name = problem.observations.streams[s].settings.name;
    file.write("autocorrelation_" + name, lag_one);
    file.write("effective_count_" + name, effective);
  }
}

} // namespace glebe
