// SPDX-License-Identifier: BSD-3-Clause
// What drives a column from outside: one row each, from which the settings, their checks, reading,
// packing and the documentation follow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace glebe {

enum class Input {
  shortwave,
  longwave,
  air_temperature,
  humidity,
  pressure,
  wind,
  snow_depth,
  snow_density,
  surface_moisture,
  net_radiation,
  top_temperature,
  top_heat_flux,
  bottom_temperature,
  bottom_heat_flux,
  water_content
};
inline constexpr std::size_t input_count = 15;

/// The namelist group that says where an input comes from.
enum class InputGroup { forcing, boundary, moisture };

struct InputInfo {
  const char* name; ///< of its variable's key in the namelist; its constant's ends in _constant
  const char* unit;
  const char* standard_name; ///< CF standard name
  const char* long_name;
  const char* variable; ///< name of its variable unless another is given (ALMA), empty: none
  double lower;         ///< range in which a value is believable: outside it, units are wrong
  double upper;
  double unused; ///< its value where no equation of the run contains it
  InputGroup group;
  bool has_depth; ///< a value for every element of the soil, not one for the surface
};

/// Indexed by Input.
inline constexpr std::array<InputInfo, input_count> input_table{{
    {"shortwave", "W m-2", "surface_downwelling_shortwave_flux_in_air",
     "downwelling shortwave radiation", "SWdown", -50, 2000, 0, InputGroup::forcing, false},
    {"longwave", "W m-2", "surface_downwelling_longwave_flux_in_air",
     "downwelling longwave radiation", "LWdown", 0, 1000, 0, InputGroup::forcing, false},
    {"air_temperature", "K", "air_temperature", "air temperature", "Tair", 150, 350, 0,
     InputGroup::forcing, false},
    {"humidity", "kg kg-1", "specific_humidity", "air humidity", "Qair", -1e-4, 0.1, 0,
     InputGroup::forcing, false},
    {"pressure", "Pa", "surface_air_pressure", "air pressure", "PSurf", 2e4, 1.2e5, 1e5,
     InputGroup::forcing, false},
    {"wind", "m s-1", "wind_speed", "wind speed", "", 0, 150, 0, InputGroup::forcing, false},
    {"snow_depth", "m", "surface_snow_thickness", "depth of the snow that covers the soil", "",
     -0.2, 50, 0, InputGroup::forcing, false},
    {"snow_density", "kg m-3", "surface_snow_density", "density of the snow that covers the soil",
     "", 10, 950, 0, InputGroup::forcing, false},
    {"surface_moisture", "1", "volume_fraction_of_condensed_water_in_soil",
     "volumetric water content of the uppermost soil", "", 0, 1, 0, InputGroup::forcing, false},
    {"net_radiation", "W m-2", "surface_net_downward_radiative_flux", "net downward radiation", "",
     -500, 1500, 0, InputGroup::forcing, false},
    {"top_temperature", "K", "soil_temperature", "measured temperature at the top", "", 150, 400, 0,
     InputGroup::boundary, false},
    {"top_heat_flux", "W m-2", "downward_heat_flux_in_soil",
     "measured downward heat flux at the top", "", -2000, 2000, 0, InputGroup::boundary, false},
    {"bottom_temperature", "K", "soil_temperature", "measured temperature at the bottom", "", 150,
     400, 0, InputGroup::boundary, false},
    {"bottom_heat_flux", "W m-2", "downward_heat_flux_in_soil",
     "measured downward heat flux at the bottom", "", -2000, 2000, 0, InputGroup::boundary, false},
    {"water_content", "1", "volume_fraction_of_condensed_water_in_soil",
     "measured water content of the soil", "", 0, 1, 0, InputGroup::moisture, true},
}};

constexpr const InputInfo& info(Input input) {
  return input_table[static_cast<std::size_t>(input)];
}

/// One thing for every input.
template <class Value>
struct PerInput {
  std::array<Value, input_count> value{};

  constexpr Value& operator[](Input input) { return value[static_cast<std::size_t>(input)]; }
  constexpr const Value& operator[](Input input) const {
    return value[static_cast<std::size_t>(input)];
  }
};

/// The inputs of a column at one instant.
template <class Real>
using Inputs = PerInput<Real>;

/// The inputs at one model time: record + weight of the next record (0: held).
struct InputPoint {
  std::int32_t record;
  float weight;
};

} // namespace glebe
