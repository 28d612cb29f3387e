// SPDX-License-Identifier: BSD-3-Clause
// Surfaces other than bare soil with constant coefficients, among them every choice and every
// combination that shares terms.
#pragma once

#include "glebe/physics/model_form.hpp"

#include <vector>

namespace glebe::test {

inline SurfaceForm full_form(Longwave longwave, Turbulence turbulence, Exchange exchange,
                             Evaporation evaporation = Evaporation::coefficient,
                             bool canopy = false, bool covered = false) {
  SurfaceForm form;
  form.longwave = longwave;
  form.turbulence = turbulence;
  form.exchange = exchange;
  form.evaporation = evaporation;
  form.canopy = canopy;
  form.covered = form.snow = covered;
  form.wind_height = 2.5;
  form.air_height = 2.0;
  return form;
}

inline std::vector<SurfaceForm> full_forms() {
  using enum Exchange;
  constexpr auto absorbed = Longwave::absorbed, full = Longwave::full;
  constexpr auto humidity = Turbulence::humidity;
  std::vector<SurfaceForm> forms{
      full_form(absorbed, Turbulence::combined, stability),
      full_form(full, Turbulence::bowen, stability),
      full_form(absorbed, humidity, stability),
      full_form(absorbed, Turbulence::combined, louis),
      full_form(full, Turbulence::bowen, louis),
      full_form(absorbed, humidity, louis, Evaporation::sellers),
      full_form(absorbed, humidity, coefficients, Evaporation::resistance),
      full_form(absorbed, humidity, stability, Evaporation::dry_layer),
      full_form(absorbed, Turbulence::combined, coefficients, Evaporation::coefficient, true),
      full_form(full, Turbulence::bowen, stability, Evaporation::coefficient, true),
      full_form(absorbed, humidity, stability, Evaporation::resistance, true, true),
      full_form(absorbed, Turbulence::combined, louis, Evaporation::coefficient, true, true),
  };
  forms.push_back(forms[3]);
  forms.back().heat_roughness = HeatRoughness::constant;
  return forms;
}

/// Those whose radiation is known otherwise than by its two parts: with an error of the longwave
/// radiation over what shares terms with it, and as net radiation under every exchange with the
/// air.
inline std::vector<SurfaceForm> radiation_forms() {
  using enum Exchange;
  constexpr auto absorbed = Longwave::absorbed, full = Longwave::full;
  constexpr auto humidity = Turbulence::humidity;
  std::vector<SurfaceForm> forms{
      full_form(absorbed, humidity, coefficients),
      full_form(full, Turbulence::bowen, louis),
      full_form(full, Turbulence::combined, stability, Evaporation::coefficient, true),
      full_form(absorbed, humidity, stability, Evaporation::resistance, true, true),
  };
  for (SurfaceForm& form : forms) form.longwave_bias = true;
  for (SurfaceForm form : {
           full_form(absorbed, Turbulence::combined, coefficients),
           full_form(absorbed, Turbulence::bowen, stability),
           full_form(absorbed, humidity, stability, Evaporation::dry_layer),
           full_form(absorbed, humidity, louis, Evaporation::sellers),
           full_form(absorbed, humidity, louis),
           full_form(absorbed, humidity, coefficients, Evaporation::resistance, false, true),
       }) {
    form.net_radiation = true;
    forms.push_back(form);
  }
  return forms;
}

/// Those whose weather is corrected by parameters: over every law that shares terms with the
/// shortwave radiation or the temperature of the air, and under net radiation.
inline std::vector<SurfaceForm> weather_forms() {
  using enum Exchange;
  constexpr auto absorbed = Longwave::absorbed, full = Longwave::full;
  constexpr auto humidity = Turbulence::humidity;
  std::vector<SurfaceForm> forms{
      full_form(absorbed, Turbulence::combined, coefficients),
      full_form(absorbed, Turbulence::combined, stability),
      full_form(full, Turbulence::bowen, louis),
      full_form(absorbed, humidity, coefficients, Evaporation::resistance),
      full_form(absorbed, humidity, louis, Evaporation::sellers),
      full_form(absorbed, humidity, stability, Evaporation::dry_layer, true, true),
      full_form(full, Turbulence::bowen, stability, Evaporation::coefficient, true),
  };
  for (SurfaceForm& form : forms) form.shortwave_scale = form.air_temperature_bias = true;
  forms[2].heat_roughness = HeatRoughness::constant;
  forms[5].longwave_bias = true;
  forms.push_back(full_form(absorbed, humidity, louis, Evaporation::dry_layer));
  forms.back().net_radiation = forms.back().air_temperature_bias = true;
  forms.push_back(full_form(absorbed, humidity, coefficients));
  forms.back().shortwave_scale = true;
  return forms;
}

} // namespace glebe::test
