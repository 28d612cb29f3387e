// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/split_output.hpp"

#include "glebe/app/output/analysis_output.hpp"
#include "glebe/app/output/stream_output.hpp"

#include <algorithm>
#include <numeric>

namespace glebe {

namespace {

struct Statistic {
  StreamResult result;
  SkillMember value;
};

std::vector<Statistic> statistics(const Case& inputs) {
  std::vector<Statistic> found{{StreamResult::part_rmse, &Skill::rmse},
                               {StreamResult::part_bias, &Skill::bias},
                               {StreamResult::part_skill, &Skill::skill}};
  const Regressions regressions = regressions_of(inputs.forcing);
  if (regressions.shortwave) found.push_back({StreamResult::part_rmse_1lin, &Skill::rmse_1lin});
  if (regressions.air_temperature)
    found.push_back({StreamResult::part_rmse_2lin, &Skill::rmse_2lin});
  if (regressions.humidity) found.push_back({StreamResult::part_rmse_3km27, &Skill::rmse_3km27});
  return found;
}

// The parameters and ratios that parts can be compared by.
std::vector<Quantity> compared_quantities(const Controls& controls) {
  std::vector<Quantity> found = ParameterOutput::controlled(controls);
  std::erase_if(found,
                [](const Quantity& one) { return info(one.parameter()).place == Place::knot; });
  return found;
}

const std::vector<std::string> pair_of_parts{name_of(Result::part), name_of(Result::from_part)};

void define_windows(OutputFile& file, const ModelTime& time, std::size_t parts) {
  for (const Result axis : {Result::part, Result::from_part}) file.define_axis(axis, parts);
  for (const Result instant : {Result::part_start, Result::part_end})
    file.define_instants_on_axis(instant, Result::part, time);
}

std::vector<double> numbers_from_one(std::size_t count) {
  std::vector<double> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 1.0);
  return numbers;
}

void write_windows(OutputFile& file, const Split& split) {
  for (const Result axis : {Result::part, Result::from_part})
    file.write_axis(axis, numbers_from_one(split.n_part()));
  std::vector<double> start, end;
  for (const PartEstimate& part : split.parts) {
    start.push_back(part.window.begin);
    end.push_back(part.window.end);
  }
  file.write_axis(Result::part_start, start);
  file.write_axis(Result::part_end, end);
}

// [field][element][column] of numbers of the controls [field] [column][k].
DenseMatrix stacked(const ParameterOutput& parameters, const Controls& controls,
                    const Quantity& parameter, const std::vector<DenseMatrix>& fields) {
  std::vector<DenseMatrix> rows;
  for (const DenseMatrix& field : fields)
    rows.push_back(parameters.of_controls(parameter, controls.all(), field));
  const Eigen::Index n = rows.front().rows();
  DenseMatrix result(n * std::ssize(rows), rows.front().cols());
  for (std::size_t i = 0; i < rows.size(); ++i) result.middleRows(Eigen::Index(i) * n, n) = rows[i];
  return result;
}

void write_streams(OutputFile& file, const Case& inputs, const Split& split) {
  for (const PredictedStream& stream : split.streams)
    for (const Statistic& one : statistics(inputs)) {
      std::vector<double> values;
      for (const std::vector<Skill>& of_columns : stream.skill)
        for (const Skill& skill : of_columns) values.push_back(skill.*one.value);
      file.write(name_of(one.result, inputs.observations.streams[stream.stream].settings.name),
                 values);
    }
}

} // namespace

void define_split(OutputFile& file, const ParameterOutput& parameters, const Case& inputs,
                  const Controls& controls) {
  if (inputs.settings.split.parts == 1) return;
  define_windows(file, inputs.time, static_cast<std::size_t>(inputs.settings.split.parts));
  file.define(Result::part_rms_z);
  const auto define = [&](GridVariable variable, const std::vector<std::string>& leading) {
    variable.leading.insert(variable.leading.begin(), leading.begin(), leading.end());
    file.define(variable);
  };
  for (const Quantity& parameter : compared_quantities(controls)) {
    for (const ParameterResult result : {ParameterResult::part, ParameterResult::part_std})
      define(parameters.variable(parameter, result), {name_of(Result::part)});
    define(parameters.variable(parameter, ParameterResult::part_z), pair_of_parts);
  }
  for (const Stream& stream : inputs.observations.streams) {
    if (!stream.has_values()) continue;
    for (const Statistic& one : statistics(inputs))
      define(stream_variable(one.result, stream.settings), pair_of_parts);
  }
}

void write_split(OutputFile& file, const ParameterOutput& parameters, const Case& inputs,
                 const Controls& controls, const Split& split) {
  write_windows(file, split);
  std::vector<double> rms;
  for (const SumOfSquares& of_column : z_of_columns(split, controls.all()))
    rms.push_back(of_column.rms());
  file.write(Result::part_rms_z, rms);
  std::vector<DenseMatrix> estimate, std, z;
  for (std::size_t part = 0; part < split.n_part(); ++part) {
    estimate.push_back(split.parts[part].estimate);
    std.push_back(split.parts[part].std);
    for (std::size_t from = 0; from < split.n_part(); ++from)
      z.push_back(z_scores(split, controls.all(), part, from));
  }
  for (const Quantity& parameter : compared_quantities(controls)) {
    const auto write = [&](ParameterResult result, const std::vector<DenseMatrix>& fields) {
      file.write(parameters.name(parameter, result),
                 stacked(parameters, controls, parameter, fields));
    };
    write(ParameterResult::part, estimate);
    write(ParameterResult::part_std, std);
    write(ParameterResult::part_z, z);
  }
  write_streams(file, inputs, split);
}

} // namespace glebe
