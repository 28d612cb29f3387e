// SPDX-License-Identifier: BSD-3-Clause
// The uncertainty of an estimate in its result file.
#include "glebe/app/output/analysis_output.hpp"

#include "glebe/app/output/stream_output.hpp"
#include "glebe/app/output/uncertainty_output.hpp"
#include "glebe/config/cf_names.hpp"
#include "glebe/estimation/problem/control_names.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

bool has_profile(const PosteriorSettings& wanted, const Quantity& quantity) {
  const char* name = info(quantity.parameter()).name;
  return std::count(wanted.profile.begin(), wanted.profile.end(), name) > 0;
}

// The outputs of a parameter for all points of its profiles, of either their values or their costs.
DenseMatrix profile_fields(const ParameterOutput& parameters, const Analysis& analysis,
                           const Quantity& parameter, DenseMatrix Profile::*numbers) {
  const Controls& controls = analysis.controls();
  const std::size_t n_point = analysis.profiles.front().n_point();
  std::vector<DenseMatrix> points;
  for (std::size_t i = 0; i < n_point; ++i) {
    DenseMatrix of_columns =
        DenseMatrix::Constant(controls.n_column(), controls.per_column(), std::nan(""));
    for (const Profile& profile : analysis.profiles)
      of_columns.col(profile.control) = (profile.*numbers).row(i).transpose();
    points.push_back(parameters.of_controls(parameter, controls.all(), of_columns));
  }
  DenseMatrix fields(points.front().rows() * Eigen::Index(n_point), points.front().cols());
  for (std::size_t i = 0; i < n_point; ++i)
    fields.middleRows(Eigen::Index(i) * points[i].rows(), points[i].rows()) = points[i];
  return fields;
}

void define_profile(OutputFile& file, const ParameterOutput& parameters,
                    const Quantity& parameter) {
  for (const ParameterResult result :
       {ParameterResult::profile_value, ParameterResult::profile_cost}) {
    GridVariable variable = parameters.variable(parameter, result);
    variable.leading.insert(variable.leading.begin(), name_of(Result::profile_point));
    file.define(variable);
  }
}

void write_residuals(OutputFile& file, const Analysis& analysis) {
  for (std::size_t s = 0; s < analysis.streams().size(); ++s) {
    std::vector<double> lag_one(analysis.controls().n_column(), std::nan("")), size = lag_one;
    for (const std::size_t c : analysis.objective().columns_with_data()) {
      const Autocorrelation& found = analysis.residuals->stream(c, s);
      if (found.effective_sample_size == 0.0) continue;
      lag_one[c] = found.lag_one;
      size[c] = found.effective_sample_size;
    }
    const std::string& name = analysis.streams()[s].settings.name;
    file.write(name_of(StreamResult::autocorrelation, name), lag_one);
    file.write(name_of(StreamResult::effective_count, name), size);
  }
}

} // namespace

std::vector<std::string> names_of_controls(const Case& inputs, const Controls& controls) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < controls.per_column(); ++k) {
    names.push_back(control_name(controls, k, inputs.soil, inputs.time));
    std::replace(names.back().begin(), names.back().end(), ' ', '_');
  }
  return names;
}

std::vector<std::string> units_of(const Case& inputs, const std::vector<Control>& controls) {
  std::vector<std::string> units;
  for (const Control& control : controls)
    units.push_back(control.is_ratio() ? control.ratio_unit
                                       : cf_unit(control.slot, inputs.settings.observations));
  return units;
}

void describe_units(OutputFile& file, Result axis, const std::vector<std::string>& units) {
  file.attribute(name_of(axis), "element_units", fmt::format("{}", fmt::join(units, "; ")));
}

void describe_common_unit(OutputFile& file, Result result, const std::vector<std::string>& units) {
  const bool common = !units.empty() && std::ranges::all_of(units, [&](const std::string& unit) {
    return unit == units.front();
  });
  if (common) file.attribute(name_of(result), "units", units.front());
}

std::vector<double> by_pair(const std::vector<DenseBlocks>& blocks) {
  std::vector<double> values;
  for (const DenseBlocks& of_columns : blocks)
    for (std::size_t k = 0; k < of_columns.order(); ++k)
      for (std::size_t j = 0; j < of_columns.order(); ++j)
        for (std::size_t c = 0; c < of_columns.size(); ++c) values.push_back(of_columns[c](k, j));
  return values;
}

void define_analysis(OutputFile& file, const ParameterOutput& parameters, const Case& inputs,
                     const Controls& controls) {
  const PosteriorSettings& wanted = inputs.settings.posterior;
  file.define(Result::reduced_chi_square);
  if (!wanted.profile.empty())
    file.define_axis(Result::profile_point, static_cast<std::size_t>(wanted.profile_points));
  if (!inputs.row_cells.empty()) {
    file.define_axis(Result::row_cell, inputs.row_cells.size());
    file.define(Result::correlation_with_cell,
                {Result::row_cell, Result::control, Result::control_column});
  }
  for (const Quantity& parameter : parameters.estimated(controls)) {
    file.define_flags(parameters.variable(parameter, ParameterResult::verdict), verdict_names);
    if (wanted.autocorrelation)
      file.define(parameters.variable(parameter, ParameterResult::std_inflated));
    if (wanted.bootstrap > 0)
      file.define(parameters.variable(parameter, ParameterResult::bootstrap_std));
    if (has_profile(wanted, parameter)) define_profile(file, parameters, parameter);
  }
  define_intervals_and_shares(file, parameters, inputs, controls);
  if (!wanted.autocorrelation) return;
  for (const Stream& stream : inputs.observations.streams)
    for (const StreamResult result : {StreamResult::autocorrelation, StreamResult::effective_count})
      file.define(stream_variable(result, stream.settings));
}

void write_analysis(OutputFile& file, const ParameterOutput& parameters, const Case& inputs,
                    const Analysis& analysis) {
  const Controls& controls = analysis.controls();
  file.write(Result::reduced_chi_square, analysis.solved.posterior.reduced_chi_square);
  if (!analysis.profiles.empty())
    file.write_numbers(Result::profile_point, analysis.profiles.front().n_point());
  if (!analysis.rows.cells.empty()) {
    file.write_axis(Result::row_cell,
                    std::vector<double>(analysis.rows.cells.begin(), analysis.rows.cells.end()));
    file.write(Result::correlation_with_cell, by_pair(analysis.rows.correlation));
  }
  const DenseMatrix verdict = numbers_of(analysis.verdict);
  const DenseMatrix inflated_std = analysis.residuals ? analysis.inflated_std() : DenseMatrix(),
                    of_followers =
                        analysis.residuals ? analysis.inflated_std_of_followers() : DenseMatrix();
  for (const Quantity& parameter : parameters.estimated(controls)) {
    const auto write = [&](ParameterResult result, const DenseMatrix& of_columns) {
      file.write(parameters.name(parameter, result),
                 parameters.of_controls(parameter, controls.all(), of_columns));
    };
    write(ParameterResult::verdict, verdict);
    if (analysis.residuals)
      file.write(parameters.name(parameter, ParameterResult::std_inflated),
                 parameters.with_followers(parameter, controls.all(), inflated_std, of_followers));
    if (analysis.bootstrap) write(ParameterResult::bootstrap_std, analysis.bootstrap->std);
    if (!has_profile(inputs.settings.posterior, parameter)) continue;
    file.write(parameters.name(parameter, ParameterResult::profile_value),
               profile_fields(parameters, analysis, parameter, &Profile::value));
    file.write(parameters.name(parameter, ParameterResult::profile_cost),
               profile_fields(parameters, analysis, parameter, &Profile::cost));
  }
  write_intervals_and_shares(file, parameters, analysis);
  if (analysis.residuals) write_residuals(file, analysis);
}

} // namespace glebe
