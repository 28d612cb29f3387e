// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/parameter_output.hpp"

#include "glebe/config/cf_names.hpp"
#include "glebe/config/parameter_reference.hpp"
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

// The upper and lower end of each horizon.
std::vector<double> horizon_limits(const SoilGrid& soil, double upper) {
  std::vector<double> limits;
  for (const double lower : soil.horizon_bottoms()) {
    limits.insert(limits.end(), {upper, lower});
    upper = lower;
  }
  return limits;
}

bool is_linear(const VaryingSlot& slot) {
  return std::any_of(slot.at_step.begin(), slot.at_step.end(),
                     [](const KnotPosition& position) { return position.weight > 0.0; });
}

// Appendix C of CF: errors have the name of what they are errors of, with a modifier.
std::string standard_name_of(ParameterResult result, const std::string& of_parameter) {
  switch (result) {
  case ParameterResult::prior:
  case ParameterResult::part:
  case ParameterResult::profile_value:
    return of_parameter;
  case ParameterResult::std:
  case ParameterResult::std_inflated:
  case ParameterResult::bootstrap_std:
  case ParameterResult::part_std:
    return of_parameter.empty() ? "" : of_parameter + " standard_error";
  default:
    return "";
  }
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

std::string ParameterOutput::name(const Quantity& quantity) const {
  return quantity_name(parameter_name(quantity.slot, inputs_.settings.observations),
                       quantity.is_ratio);
}

std::string ParameterOutput::name(const Quantity& quantity, ParameterResult result) const {
  return name_of(result, name(quantity));
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
  const bool belongs_to_stream = info(parameter).place == Place::stream;
  const std::size_t first = belongs_to_stream ? slot.index : 0;
  const std::size_t end = belongs_to_stream ? first + 1 : values.schedule.layout.count(parameter);
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
    file.define_depths(Result::horizon, soil.horizon_names().size());
    file.define_bounds(axis);
    file.attribute(axis, "names", fmt::format("{}", fmt::join(soil.horizon_names(), " ")));
  }
  if (has_knots(soil, inputs_.settings)) file.define_depths(Result::knot, soil.knots().size());
  for (const ParameterSlot& slot : parameters_)
    if (!of(slot).times.empty())
      file.define_instants(time_axis(slot), of(slot).times.size(),
                           "time of the knots of " + std::string(info(slot.parameter).long_name),
                           inputs_.time);
}

void ParameterOutput::write_axes(OutputFile& file) const {
  const SoilGrid& soil = inputs_.soil;
  if (soil.horizon_names().size() > 1) {
    file.write_axis(Result::horizon, soil.horizon_bottoms());
    file.write_bounds(name_of(Result::horizon), horizon_limits(soil, inputs_.settings.soil.top));
  }
  if (has_knots(soil, inputs_.settings)) file.write_axis(Result::knot, soil.knots());
  for (const ParameterSlot& parameter : parameters_)
    if (!of(parameter).times.empty()) file.write_axis(time_axis(parameter), of(parameter).times);
}

std::vector<Quantity> ParameterOutput::ratios() const {
  std::vector<Quantity> found;
  for (const Follower& one : inputs_.parameters.followers) {
    const Quantity ratio(output_slot(one.slot), true);
    if (one.has_ratio() && std::ranges::find(found, ratio) == found.end()) found.push_back(ratio);
  }
  return found;
}

std::vector<Quantity> ParameterOutput::controlled(const Controls& controls) {
  std::vector<Quantity> found;
  for (const Control& control : controls.all())
    if (const Quantity one = Quantity::of(control); std::ranges::find(found, one) == found.end())
      found.push_back(one);
  return found;
}

std::vector<Quantity> ParameterOutput::estimated(const Controls& controls) const {
  std::vector<Quantity> found = controlled(controls);
  for (const Follower& follower : controls.followers()) {
    const Quantity one = output_slot(follower.slot);
    if (std::ranges::find(found, one) == found.end() && depends_on_any(one.slot, controls))
      found.push_back(one);
  }
  return found;
}

// Whether an element of a parameter changes with a control.
bool ParameterOutput::depends_on_any(const ParameterSlot& parameter,
                                     const Controls& controls) const {
  const ParameterSchedule& schedule = inputs_.parameters.schedule;
  return std::ranges::any_of(controls.all(), [&](const Control& control) {
    const auto follows = values_that_follow(schedule.ties, control.value, schedule.n_value());
    return std::ranges::any_of(of(parameter).elements,
                               [&](const Element& element) { return follows[element.first]; });
  });
}

std::string ParameterOutput::whom_follows(Parameter parameter) const {
  const std::vector<std::string>& horizons = inputs_.soil.horizon_names();
  std::vector<std::string> texts;
  for (const Follower& one : inputs_.parameters.followers) {
    if (one.slot.parameter != parameter) continue;
    const std::string of = reference_to(one.of, horizons);
    const bool several = info(parameter).place == Place::horizon && horizons.size() > 1;
    std::string text = several ? fmt::format("{}: {}", horizons[one.slot.index], of) : of;
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

GridVariable ParameterOutput::variable(const Quantity& quantity) const {
  const ParameterInfo& row = info(quantity.parameter());
  const auto& streams = inputs_.settings.observations;
  GridVariable own{name(quantity), cf_unit(quantity.slot, streams), row.long_name,
                   standard_name(quantity.parameter())};
  if (row.place == Place::stream) own.long_name += ", " + streams[quantity.slot.index].name;
  if (quantity.is_ratio) {
    own.standard_name.clear();
    own.long_name = fmt::format("ratio of {} to the parameter that it follows", row.long_name);
    for (const Follower& one : inputs_.parameters.followers)
      if (one.slot.parameter == quantity.parameter() && one.has_ratio())
        own.unit = ratio_unit(quantity.parameter(), one.of.parameter);
  }
  if (!of(quantity.slot).times.empty()) own.leading.push_back(time_axis(quantity.slot));
  if (row.place == Place::horizon && inputs_.soil.horizon_names().size() > 1)
    own.leading.push_back(name_of(Result::horizon));
  if (row.place == Place::knot) own.leading.push_back(name_of(Result::knot));
  return own;
}

GridVariable ParameterOutput::variable(const Quantity& quantity, ParameterResult result) const {
  GridVariable companion = variable(quantity);
  companion.name = name(quantity, result);
  companion.long_name = fmt::format(fmt::runtime(info(result).long_name), companion.long_name);
  companion.standard_name = standard_name_of(result, companion.standard_name);
  if (const std::string unit = info(result).unit; unit != of_parameter) companion.unit = unit;
  return companion;
}

ParameterOutput::Element ParameterOutput::ratio_of(const Element& element) const {
  const Tie* tie = find_tie(inputs_.parameters.schedule.ties, element.first);
  if (!tie || tie->ratio == Tie::same) return {Tie::same, 0.0};
  return {tie->ratio, tie->ratio == tie->value ? element.weight : 0.0};
}

DenseMatrix ParameterOutput::values(const Quantity& quantity, const DenseMatrix& given) const {
  const std::vector<Element>& elements = of(quantity.slot).elements;
  const ParameterSchedule& schedule = inputs_.parameters.schedule;
  DenseMatrix tied;
  const bool as_given = quantity.is_ratio || schedule.ties.empty();
  const DenseMatrix& of_columns = as_given ? given : (tied = tied_values(schedule, given));
  DenseMatrix result =
      DenseMatrix::Constant(Eigen::Index(elements.size()), of_columns.rows(), std::nan(""));
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto& [first, weight] = quantity.is_ratio ? ratio_of(elements[i]) : elements[i];
    if (first == Tie::same) continue;
    result.row(i) = of_columns.col(first).transpose();
    if (weight > 0.0)
      result.row(i) = (1.0 - weight) * of_columns.col(first).transpose() +
                      weight * of_columns.col(first + 1).transpose();
  }
  return result;
}

std::optional<std::size_t> ParameterOutput::control_of(const Element& element,
                                                       const Quantity& quantity,
                                                       const std::vector<Control>& controls) const {
  auto [value, weight] = quantity.is_ratio ? ratio_of(element) : element;
  if (weight != 0.0 || value == Tie::same) return {};
  if (!quantity.is_ratio)
    while (const Tie* tie = find_tie(inputs_.parameters.schedule.ties, value)) {
      if (tie->ratio != Tie::same) return {};
      value = tie->of;
    }
  const auto found = std::ranges::find(controls, value, &Control::value);
  if (found == controls.end()) return {};
  return static_cast<std::size_t>(found - controls.begin());
}

DenseMatrix ParameterOutput::of_controls(const Quantity& quantity,
                                         const std::vector<Control>& controls,
                                         const DenseMatrix& of_columns) const {
  const std::vector<Element>& elements = of(quantity.slot).elements;
  DenseMatrix result =
      DenseMatrix::Constant(elements.size(), inputs_.columns.n_local(), std::nan(""));
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (const auto k = control_of(elements[i], quantity, controls))
      result.row(i) = of_columns.col(Eigen::Index(*k)).transpose();
  return result;
}

DenseMatrix ParameterOutput::with_followers(const Quantity& quantity,
                                            const std::vector<Control>& controls,
                                            const DenseMatrix& of_columns,
                                            const DenseMatrix& of_values) const {
  DenseMatrix result = of_controls(quantity, controls, of_columns);
  if (quantity.is_ratio) return result;
  const std::vector<Element>& elements = of(quantity.slot).elements;
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (elements[i].weight == 0.0 && !control_of(elements[i], quantity, controls) &&
        find_tie(inputs_.parameters.schedule.ties, elements[i].first))
      result.row(i) = of_values.col(Eigen::Index(elements[i].first)).transpose();
  return result;
}

DenseMatrix ParameterOutput::marked(const Quantity& quantity, const std::vector<Control>& controls,
                                    const DenseMatrix& marks) const {
  const ParameterSchedule& schedule = inputs_.parameters.schedule;
  DenseMatrix given = DenseMatrix::Zero(marks.rows(), Eigen::Index(schedule.n_value()));
  for (std::size_t k = 0; k < controls.size(); ++k)
    given.col(Eigen::Index(controls[k].value)) = marks.col(Eigen::Index(k));
  DenseMatrix values = given;
  for (const auto& [value, of, ratio] : schedule.ties) {
    const DenseVector of_root = values.col(Eigen::Index(of));
    values.col(Eigen::Index(value)) =
        ratio == Tie::same ? of_root
                           : DenseVector(of_root.cwiseMax(given.col(Eigen::Index(ratio))));
  }
  const std::vector<Element>& elements = of(quantity.slot).elements;
  DenseMatrix result = DenseMatrix::Zero(Eigen::Index(elements.size()), marks.rows());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto& [first, weight] = quantity.is_ratio ? ratio_of(elements[i]) : elements[i];
    if (first == Tie::same || weight != 0.0) continue;
    result.row(Eigen::Index(i)) =
        (quantity.is_ratio ? given : values).col(Eigen::Index(first)).transpose();
  }
  return result;
}

} // namespace glebe
