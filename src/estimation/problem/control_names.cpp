// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/control_names.hpp"

#include <fmt/format.h>

namespace glebe {

std::string control_name(const Control& control, const SoilGrid& soil) {
  const ParameterSlot& slot = control.slot;
  const ParameterInfo& row = info(slot.parameter);
  if (row.place == Place::horizon && soil.horizon_names().size() > 1)
    return fmt::format("{}[{}]", row.name, soil.horizon_names()[slot.index]);
  if (row.place == Place::knot)
    return fmt::format("{}[{:g} m]", row.name, soil.knots()[slot.index]);
  if (row.place == Place::stream) return fmt::format("{}_{}", row.name, control.settings->stream);
  return row.name;
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
