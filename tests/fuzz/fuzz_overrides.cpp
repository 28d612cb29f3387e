// SPDX-License-Identifier: BSD-3-Clause
// Options `--set group.key=value`, a line each, in a namelist that is right. The namelist that they
// make must do the same without them.
#include "glebe/base/error.hpp"
#include "glebe/config/read_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr const char* namelist = R"(&run mode = 'estimate' /
&time start = '2017-07-01' stop = '2017-07-03T12:00' step = 1800 /
&soil depth = 1.0 /
&forcing file = 'a.nc', 'b.nc' stamp = 'end' /
&observation kind = 'soil_temperature' depth = 0.05 file = 'obs.nc' sigma = 0.1 stamp = 'middle' /
&parameter name = 'thermal_conductivity' value = 1 estimate = T lower = 0.1 upper = 3 /
&parameter name = 'heat_capacity' value = 2e6 /
&parameter name = 'albedo' value = 0.2 /
&parameter name = 'emissivity' value = 0.95 /
&parameter name = 'heat_transfer' value = 10 /
&parameter name = 'deep_temperature' value = 290 /
)";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::vector<std::string> overrides;
  for (std::string line; std::getline(lines, line);) overrides.push_back(line);
  std::string made;
  try {
    made = glebe::parse_settings(namelist, "case.nml", overrides).text;
  } catch (const glebe::InputError&) {
    return 0;
  }
  try {
    static_cast<void>(glebe::parse_settings(made, "case.nml"));
  } catch (const glebe::InputError&) {
    std::abort(); // what was right with options is wrong without
  }
  return 0;
}
