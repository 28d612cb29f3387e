// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/control_names.hpp"

#include "glebe/config/parameter_reference.hpp"
#include "glebe/config/result_names.hpp"
#include "glebe/config/sensors.hpp"

#include <fmt/format.h>

namespace glebe {

namespace {

std::string name_in_place(const std::string& name, const ParameterSlot& slot,
                          const SoilGrid& soil) {
  const Place place = info(slot.parameter).place;
  if (place == Place::horizon && soil.horizon_names().size() > 1)
    return fmt::format("{}[{}]", name, soil.horizon_names()[slot.index]);
  if (place == Place::knot) return fmt::format("{}[{:g} m]", name, soil.knots()[slot.index]);
  return name;
}

} // namespace

std::string control_name(const Control& control, const SoilGrid& soil) {
  const ParameterSlot& slot = control.slot;
  const ParameterInfo& row = info(slot.parameter);
  if (row.place == Place::stream) return fmt::format("{}_{}", row.name, control.settings->stream);
  return name_in_place(quantity_name(row.name, control.is_ratio()), slot, soil);
}

std::string unit_of(const Control& control, const std::vector<ObservationSettings>& streams) {
  return control.is_ratio() ? control.ratio_unit : unit_of(control.slot, streams);
}

std::string follower_name(const Follower& follower, const SoilGrid& soil) {
  return name_in_place(info(follower.slot.parameter).name, follower.slot, soil);
}

std::string in_words(const Follower& follower, const SoilGrid& soil) {
  const std::string of = reference_to(follower.of, soil.horizon_names());
  const char* ratio = !follower.has_ratio()                      ? ""
                      : follower.settings->estimate              ? ", by a ratio that is estimated"
                      : follower.settings->prior_std.has_value() ? ", by an uncertain ratio"
                                                                 : ", by a given ratio";
  return fmt::format("follows {}{}", of, ratio);
}

std::string control_name(const Controls& controls, std::size_t k, const SoilGrid& soil,
                         const ModelTime& time) {
  const Control& control = controls[k];
  std::string name = control_name(control, soil);
  const auto knots = controls.knot_times(k);
  if (knots.empty()) return name;
  const std::string date = time.text(knots[control.knot]);
  constexpr std::size_t length_of_day = 10;
  const bool midnight = date.substr(length_of_day) == "T00:00:00";
  return fmt::format("{}[{}]", name, midnight ? date.substr(0, length_of_day) : date);
}

} // namespace glebe
