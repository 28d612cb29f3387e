// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/parameter_output.hpp"

#include "glebe/config/sensors.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace glebe {

namespace {

bool has_knots(const SoilGrid& soil, const Settings& settings) {
  return settings.soil.initial == Initial::profile && !soil.knots().empty();
}

bool is_linear(const VaryingSlot& slot) {
  return std::any_of(slot.at_step.begin(), slot.at_step.end(),
                     [](const KnotPosition& position) { return position.weight > 0.0; });
}

// The knot before `time`, and the weight of the next knot.
KnotPosition position_of(double time, const std::vector<double>& knots, bool linear) {
  const auto after = std::upper_bound(knots.begin(), knots.end(), time);
  if (after == knots.begin()) return {0, 0.0};
  const auto knot = static_cast<std::int32_t>(after - knots.begin() - 1);
  const double before = *(after - 1);
  const bool between = linear && after != knots.end() && time > before;
  return {knot, between ? (time - before) / (*after - before) : 0.0};
}

} // namespace

ParameterOutput::ParameterOutput(const Case& inputs) : inputs_(inputs) {
  std::set<std::pair<Parameter, std::size_t>> used;
  for (const ParameterSettings& parameter : inputs.settings.parameters)
    used.emplace(parameter.name, stream_number(inputs.settings, parameter.stream).value_or(0));
  for (const auto& [parameter, stream] : used) {
    parameters_.push_back({parameter, stream});
    layouts_.push_back(layout(parameters_.back()));
  }
}

const ParameterOutput::Layout& ParameterOutput::of(const ParameterSlot& parameter) const {
  const auto found = std::ranges::find(parameters_, parameter);
  return layouts_[static_cast<std::size_t>(found - parameters_.begin())];
}

std::string ParameterOutput::name(const ParameterSlot& parameter) const {
  return parameter_name(parameter, inputs_.settings.observations);
}

std::string ParameterOutput::name(const ParameterSlot& parameter, ParameterResult result) const {
  return name_of(result, name(parameter));
}

std::string ParameterOutput::time_axis(const ParameterSlot& parameter) const {
  return name(parameter) + std::string(knot_time_suffix);
}

ParameterOutput::Layout ParameterOutput::layout(const ParameterSlot& slot) const {
  const Parameter parameter = slot.parameter;
  const ParameterValues& values = inputs_.parameters;
  const auto find = [&](std::size_t place) { return values.schedule.find({parameter, place}); };
  const auto knots_of = [&](const VaryingSlot& varying) -> const std::vector<double>& {
    return values.knot_time[static_cast<std::size_t>(&varying - values.schedule.varying.data())];
  };
  const bool of_stream = info(parameter).place == Place::stream;
  const std::size_t first = of_stream ? slot.index : 0;
  const std::size_t end = of_stream ? first + 1 : values.schedule.layout.count(parameter);
  Layout result;
  std::set<double> times;
  for (std::size_t place = first; place < end; ++place)
    if (const VaryingSlot* varying = find(place))
      times.insert(knots_of(*varying).begin(), knots_of(*varying).end());
  result.times.assign(times.begin(), times.end());
  if (times.empty()) times.insert(0.0);
  for (const double time : times)
    for (std::size_t place = first; place < end; ++place) {
      const VaryingSlot* varying = find(place);
      if (!varying) {
        result.elements.push_back({values.schedule.layout.position(parameter, place), 0.0});
        continue;
      }
      const auto [knot, weight] = position_of(time, knots_of(*varying), is_linear(*varying));
      result.elements.push_back({varying->first + static_cast<std::size_t>(knot), weight});
    }
  return result;
}

void ParameterOutput::define_axes(OutputFile& file) const {
  const SoilGrid& soil = inputs_.soil;
  if (soil.horizon_names().size() > 1) {
    const std::string axis = name_of(Result::horizon);
    file.define_axis(Result::horizon, soil.horizon_names().size());
    file.attribute(axis, "names", fmt::format("{}", fmt::join(soil.horizon_names(), " ")));
    file.attribute(axis, "positive", "down");
  }
  if (has_knots(soil, inputs_.settings)) {
    file.define_axis(Result::knot, soil.knots().size());
    file.attribute(name_of(Result::knot), "positive", "down");
  }
  for (const ParameterSlot& slot : parameters_)
    if (!of(slot).times.empty())
      file.define_instants(time_axis(slot), of(slot).times.size(),
                           "time of the knots of " + std::string(info(slot.parameter).long_name),
                           inputs_.time);
}

void ParameterOutput::write_axes(OutputFile& file) const {
  const SoilGrid& soil = inputs_.soil;
  if (soil.horizon_names().size() > 1) file.write_axis(Result::horizon, soil.horizon_bottoms());
  if (has_knots(soil, inputs_.settings)) file.write_axis(Result::knot, soil.knots());
  for (const ParameterSlot& parameter : parameters_)
    if (!of(parameter).times.empty()) file.write_axis(time_axis(parameter), of(parameter).times);
}

GridVariable ParameterOutput::variable(const ParameterSlot& parameter) const {
  const ParameterInfo& row = info(parameter.parameter);
  const auto& streams = inputs_.settings.observations;
  GridVariable own{name(parameter), unit_of(parameter, streams), row.long_name};
  if (row.place == Place::stream) own.long_name += ", " + streams[parameter.index].name;
  if (!of(parameter).times.empty()) own.leading.push_back(time_axis(parameter));
  if (row.place == Place::horizon && inputs_.soil.horizon_names().size() > 1)
    own.leading.push_back(name_of(Result::horizon));
  if (row.place == Place::knot) own.leading.push_back(name_of(Result::knot));
  return own;
}

GridVariable ParameterOutput::variable(const ParameterSlot& parameter,
                                       ParameterResult result) const {
  GridVariable companion = variable(parameter);
  companion.name = name(parameter, result);
  companion.long_name = fmt::format(fmt::runtime(info(result).long_name), companion.long_name);
  return companion;
}

DenseMatrix ParameterOutput::values(const ParameterSlot& parameter,
                                    const DenseMatrix& of_columns) const {
  const std::vector<Element>& elements = of(parameter).elements;
  DenseMatrix result(elements.size(), of_columns.rows());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto& [first, weight] = elements[i];
    result.row(i) = of_columns.col(first).transpose();
    if (weight > 0.0)
      result.row(i) = (1.0 - weight) * of_columns.col(first).transpose() +
                      weight * of_columns.col(first + 1).transpose();
  }
  return result;
}

DenseMatrix ParameterOutput::of_controls(const ParameterSlot& parameter,
                                         const std::vector<Control>& controls,
                                         const DenseMatrix& of_columns) const {
  const std::vector<Element>& elements = of(parameter).elements;
  DenseMatrix result =
      DenseMatrix::Constant(elements.size(), inputs_.columns.n_local(), std::nan(""));
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto control = std::find_if(controls.begin(), controls.end(), [&](const Control& c) {
      return c.value == elements[i].first;
    });
    if (control != controls.end() && elements[i].weight == 0.0)
      result.row(i) = of_columns.col(control - controls.begin()).transpose();
  }
  return result;
}

} // namespace glebe
