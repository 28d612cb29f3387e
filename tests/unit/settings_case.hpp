// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/config/read_settings.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace glebe {

using Messages = std::vector<std::string>;

/// A complete estimate; every test below changes one thing in it.
inline const std::string estimate = R"(&run mode = 'estimate' /
&time start = '2017-07-01' stop = '2017-07-03T12:00' step = 1800 /
&soil depth = 1.0 /
&horizon bottom = 0.3 name = 'top' /
&horizon bottom = 1.0 name = 'sub' /
&surface turbulence = 'humidity' /
&forcing file = 'a.nc', 'b.nc' stamp = 'end' /
&observation kind = 'soil_temperature' depth = 0.05 file = 'obs.nc' sigma = 0.1 stamp = 'middle' /
&parameter name = 'thermal_conductivity' horizon = 'top' value=1 estimate = T lower = 0.1 upper = 3/
&parameter name = 'thermal_conductivity' horizon = 'sub' value = 1 /
&parameter name = 'heat_capacity' value = 2e6 /
&parameter name = 'albedo' value = 0.2 /
&parameter name = 'emissivity' value = 0.95 /
&parameter name = 'heat_transfer' value = 10 /
&parameter name = 'latent_transfer' value = 5 /
&parameter name = 'deep_temperature' value = 290 /
)";

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

inline Messages problems_in(const std::string& text) {
  try {
    parse_settings(text, "folder/case.nml");
  } catch (const InputError& error) {
    return error.problems();
  }
  return {};
}

/// The problems after replacing `from` by `to` in the complete estimate, without the folder.
inline Messages problems(const std::string& from, const std::string& to) {
  Messages messages = problems_in(replaced(estimate, from, to));
  for (std::string& message : messages)
    if (message.starts_with("folder/")) message.erase(0, 7);
  return messages;
}

} // namespace glebe
