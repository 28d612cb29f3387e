// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/needed_inputs.hpp"

#include <fmt/format.h>

#include "settings_fields.hpp"

namespace glebe {

namespace {

std::string quoted(std::string_view text) { return fmt::format("'{}'", text); }

// What an input is needed for, where not every run needs it.
std::string needed_for(Input input) {
  if (input == Input::net_radiation) return ", in place of shortwave and longwave";
  return purpose(input).empty() ? "" : fmt::format("; needed{}", purpose(input));
}

// Whether a clear sky needs it.
std::string constant_with(Input input) {
  switch (input) {
  case Input::shortwave:
  case Input::net_radiation:
    return "; not with source = 'clear_sky'";
  case Input::longwave:
  case Input::air_temperature:
    return "; required for source = 'clear_sky'";
  default:
    return "";
  }
}

} // namespace

Fields<RunSettings> run_fields() {
  using G = RunSettings;
  return {
      {"title", &G::title, "", "''", any, "title of the result"},
      {"mode", choice(&G::mode, mode_names), "", required, any,
       "simulate; make synthetic observations; fit the parameters; predict the uncertainty for "
       "planned observations; check the derivatives"},
      {"output", &G::output, "", absent, any,
       "result file; default: the name of the namelist with .nc"},
      {"seed", &G::seed, "", "1", not_negative, "seed of the random numbers"},
      {"series", &G::series, "", ".true.", any,
       "write the simulated and observed series into the result of an estimate"},
      {"memory_limit", &G::memory_limit, "GB", "", positive,
       "largest memory per rank for data and searches; a run that needs more is refused at its "
       "start"},
  };
}

Fields<TimeSettings> time_fields() {
  using G = TimeSettings;
  return {
      {"start", &G::start, "", required, any, "first instant (ISO 8601, UTC)"},
      {"stop", &G::stop, "", required, any, "last instant (ISO 8601, UTC)"},
      {"step", &G::step, "s", required, between(1e-3, 1e9), "time step"},
      {"scheme", choice(&G::scheme, scheme_names), "", "'sdirk2'", any, "time stepping"},
  };
}

Fields<SoilSettings> soil_fields() {
  using G = SoilSettings;
  return {
      {"top", &G::top, "m", "0", a_depth,
       "depth at which the column begins: that of the &boundary at its top"},
      {"depth", &G::depth, "m", absent, between(1e-3, 1e4),
       "depth at which the column ends; this, node_depths or a &boundary at the bottom is "
       "required"},
      {"nodes", &G::nodes, "", "51", between(3, 10000),
       "number of nodes, surface and bottom included"},
      {"stretch", &G::stretch, "1", "1.0", between(1, 2),
       "thickness of an element divided by that of the one above"},
      {"node_depths", &G::node_depths, "m", absent, a_depth,
       "depths of all nodes, increasing from top; in place of depth, nodes and stretch"},
      {"properties", choice(&G::properties, properties_names), "", "'constant'", any,
       "what conductivity and heat capacity depend on: nothing, the water, or water and ice"},
      {"conductivity_model", choice(&G::conductivity_model, conductivity_model_names), "",
       "'cote_konrad'", any,
       "conductivity between dry and saturated, for properties = 'moist' or 'freezing'"},
      {"freezing_model", choice(&G::freezing_model, freezing_model_names), "", "'power'", any,
       "water that stays liquid below 0 degC: a |T|^-b, from van Genuchten's retention, or a "
       "linear window; for properties = 'freezing'"},
      {"frozen_conductivity", choice(&G::frozen_conductivity, frozen_conductivity_names), "",
       "'geometric'", any,
       "conductivity between thawed and frozen: their geometric mean by the liquid part, or "
       "Kersten's number with ice; for properties = 'freezing'"},
      {"bottom", choice(&G::bottom, bottom_names), "", "'temperature'", any,
       "what is prescribed at the bottom: deep_temperature or geothermal_flux"},
      {"initial", choice(&G::initial, initial_names), "", "'uniform'", any,
       "first state: deep_temperature everywhere, initial_temperature, a file, or "
       "repetition until steady"},
      {"initial_file", &G::initial_file, "", absent, any,
       "file of the first state, for initial = 'file'"},
      {"initial_variable", &G::initial_variable, "", "''", any,
       "its variable, for initial = 'file'"},
      {"spinup_tolerance", &G::spinup_tolerance, "K", "0.001", between(1e-9, 100),
       "largest change of the profile between two cycles that counts as steady"},
      {"spinup_max_cycles", &G::spinup_max_cycles, "", "200", between(1, 1e6),
       "largest number of cycles of the spin-up"},
  };
}

Fields<HorizonSettings> horizon_fields() {
  using G = HorizonSettings;
  return {
      {"bottom", &G::bottom, "m", required, between(1e-6, 1e4),
       "depth of its lower end; the last one's is the depth of the soil"},
      {"name", &G::name, "", required, any, "name, as used in &parameter"},
  };
}

Fields<SurfaceSettings> surface_fields() {
  using G = SurfaceSettings;
  return {
      {"longwave", choice(&G::longwave, longwave_names), "", "'absorbed'", any,
       "longwave radiation that the surface absorbs: emissivity * LW, or all of LW"},
      {"turbulence", choice(&G::turbulence, turbulence_names), "", "'combined'", any,
       "latent heat: from bowen_ratio, from humidity and latent_transfer, or included in "
       "heat_transfer"},
      {"snow_conductivity_model", choice(&G::snow_conductivity, snow_conductivity_names), "",
       "'constant'", any,
       "conductivity of the snow: the parameter snow_conductivity, or from snow_density by Jordan "
       "(1991), Sturm et al. (1997) or FSM (Essery 2015)"},
      {"exchange", choice(&G::exchange, exchange_names), "", "'coefficients'", any,
       "how the air takes up heat: by heat_transfer and heat_transfer_wind, by these times a "
       "function of the stability of the air, or by roughness lengths"},
      {"wind_height", &G::wind_height, "m", "2", a_height,
       "height of the wind, for exchange = 'stability' or 'louis'"},
      {"air_height", &G::air_height, "m", absent, a_height,
       "height of the air temperature, for exchange = 'louis'; wind_height unless given"},
      {"displacement", &G::displacement, "m", "0", a_depth,
       "displacement height, which is taken off both"},
      {"heat_roughness_model", choice(&G::heat_roughness_model, heat_roughness_names), "",
       "'zeng_dickinson'", any,
       "ln(z0m / z0h), for exchange = 'louis': heat_roughness times the 0.45th power of the "
       "roughness Reynolds number, or heat_roughness itself"},
      {"evaporation", choice(&G::evaporation, evaporation_names), "", "'coefficient'", any,
       "for turbulence = 'humidity': latent_transfer, or the resistance of the air and one of the "
       "soil: surface_resistance, or from its moisture"},
      {"porosity", &G::porosity, "1", "0.43", between(0.05, 0.95),
       "of the uppermost soil, for evaporation = 'sellers' or 'dry_layer'"},
      {"retention_b", &G::retention_b, "1", "4.9", between(1, 30),
       "its exponent b of Clapp and Hornberger, for evaporation = 'dry_layer'"},
      {"air_entry", &G::air_entry, "m", "0.218", between(1e-3, 100),
       "its suction at which air enters, for evaporation = 'dry_layer'"},
  };
}

Fields<GridSettings> grid_fields() {
  using G = GridSettings;
  return {
      {"mask_file", &G::mask_file, "", "''", any,
       "file of a mask; columns where it is zero or missing are left out"},
      {"mask_variable", &G::mask_variable, "", "''", any, "variable of the mask"},
  };
}

Fields<SiteSettings> site_fields() {
  using G = SiteSettings;
  return {
      {"latitude", &G::latitude, "degrees", absent, between(-90, 90),
       "latitude, positive north, of all columns; without it, that of the file"},
      {"longitude", &G::longitude, "degrees", absent, between(-180, 360),
       "longitude, positive east, of all columns; without it, that of the file"},
  };
}

Fields<ForcingSettings> forcing_fields() {
  using G = ForcingSettings;
  Fields<G> fields{
      {"source", choice(&G::source, forcing_source_names), "", "'file'", any,
       "files, or an analytic clear day"},
      {"product", choice(&G::product, product_names), "", "'none'", any,
       "what made the files: sets variables, stamps, accumulations, humidity_kind and the heights "
       "of &surface, where they are not given"},
      {"file", &G::file, "", absent, any,
       "one or several files, or a pattern of their names ('tas_*.nc'); required for source = "
       "'file' unless every input has its own"},
  };
  for (std::size_t i = 0; i < input_count; ++i) {
    const auto input = static_cast<Input>(i);
    const InputInfo& known = info(input);
    if (known.group != InputGroup::forcing) continue;
    fields.push_back({known.name, Entry<G, std::string>{&G::variable, input}, "",
                      quoted(known.variable), any,
                      fmt::format("variable of the {}{}", known.long_name, needed_for(input))});
  }
  const Fields<G> others{
      {"longwave_model", choice(&G::longwave_model, longwave_model_names), "", "'none'", any,
       "downwelling longwave radiation where it is not measured, by air temperature, humidity and "
       "pressure: Brutsaert (1975), Prata (1996), or Dilley and O'Brien (1998)"},
      {"cloud", choice(&G::cloud, cloud_names), "", "'crawford_duchon'", any,
       "for longwave_model, clouds by what they take off the sun, which needs latitude and "
       "longitude: black (Crawford and Duchon 1999), raising the emission by up to 17 % (TVA "
       "1972), or none"},
      {"humidity_kind", choice(&G::humidity_kind, humidity_kind_names), "", "'specific'", any,
       "what the variable of the humidity holds"},
      {"wind_east", &G::wind_east, "", "''", any,
       "variable of the eastward wind; with wind_north, in place of wind"},
      {"wind_north", &G::wind_north, "", "''", any,
       "variable of the northward wind; with wind_east, in place of wind"},
      {"stamp", choice(&G::stamp, input_stamp_names), "", absent, any,
       "what a time stamp names: an instant, or the start, middle or end of an averaging "
       "interval; 'file': as bounds and cell_methods of the file say; required for source = "
       "'file'"},
      interval_field<G>(),
      level_field<G>(),
      max_gap_field<G>("2"),
      {"shortwave_peak", &G::shortwave_peak, "W m-2", "800",
       between(0, info(Input::shortwave).upper),
       "shortwave radiation at noon, for source = 'clear_sky'"},
      {"sunrise", &G::sunrise, "h", "6", hour_of_day, "hour of sunrise, for source = 'clear_sky'"},
      {"sunset", &G::sunset, "h", "18", hour_of_day, "hour of sunset, for source = 'clear_sky'"},
  };
  fields.insert(fields.end(), others.begin(), others.end());
  for (std::size_t i = 0; i < input_count; ++i) {
    const auto input = static_cast<Input>(i);
    const InputInfo& known = info(input);
    if (known.group != InputGroup::forcing) continue;
    fields.push_back(
        {std::string(known.name) + "_constant",
         Entry<G, std::optional<double>>{&G::constant, input}, known.unit, absent,
         between(known.lower, known.upper),
         fmt::format("{} in place of its variable{}", known.long_name, constant_with(input))});
  }
  return fields;
}

Fields<InputSettings> input_fields() {
  using G = InputSettings;
  return {
      {"name", &G::name, "", absent, any,
       "an input of &forcing, such as 'shortwave'; wind_east or wind_north; required"},
      {"file", &G::file, "", absent, any, "one or several files, or a pattern of their names"},
      {"variable", &G::variable, "", "''", any, "its variable"},
      {"stamp", choice(&G::stamp, input_stamp_names), "", absent, any,
       "what a time stamp names: an instant, or the start, middle or end of an averaging interval; "
       "'file': as bounds and cell_methods of the file say"},
      interval_field<G>(),
      level_field<G>(),
      {"accumulation", choice(&G::accumulation, accumulation_names), "", "'interval'", any,
       "an amount such as J m-2 is the sum over its interval, or since midnight (UTC)"},
      {"bias_std", &G::bias_std, "", absent, an_error,
       "standard deviation of a constant error, in the input's unit, which is estimated then; for "
       "longwave and air_temperature"},
      {"scale_std", &G::scale_std, "1", absent, an_error,
       "standard deviation of a factor, which is estimated then; for shortwave"},
  };
}

Fields<BoundarySettings> boundary_fields() {
  using G = BoundarySettings;
  return {
      {"end", choice(&G::end, end_names), "", absent, any, "which end of the column; required"},
      {"kind", choice(&G::kind, boundary_kind_names), "", "'temperature'", any,
       "what is measured: the temperature, or the downward heat flux"},
      {"depth", &G::depth, "m", absent, a_depth, "where it is measured; required"},
      {"file", &G::file, "", absent, any,
       "one or several files, or a pattern of their names; required"},
      {"variable", &G::variable, "", absent, any, "its variable; required"},
      {"stamp", choice(&G::stamp, stamp_names), "", absent, any,
       "what a time stamp names: an instant, or the start, middle or end of an averaging interval; "
       "required"},
      interval_field<G>(),
      level_field<G>(),
      max_gap_field<G>("2"),
      {"std", &G::std, "", absent, an_error,
       "standard deviation of a constant error (K or W m-2), which is estimated then; without it "
       "what is measured is taken as exact"},
  };
}

Fields<MoistureSettings> moisture_fields() {
  using G = MoistureSettings;
  return {
      {"file", &G::file, "", absent, any,
       "one or several files, or a pattern of their names; required"},
      {"variable", &G::variable, "", absent, any,
       "variables of the volumetric water content, one for each depth, or one with levels; "
       "required"},
      {"level", &G::level, "", absent, any,
       "dimension of the levels of one variable; its coordinate variable has their depths"},
      {"depths", &G::depths, "m", absent, a_depth,
       "depths of the sensors, increasing; linear between them, held beyond; required without "
       "level. With level: those that are used, by default all; or the depths of all levels, in "
       "their order, where the file does not have them"},
      {"stamp", choice(&G::stamp, stamp_names), "", absent, any,
       "what a time stamp names: an instant, or the start, middle or end of an averaging interval; "
       "required"},
      interval_field<G>(),
      max_gap_field<G>("24"),
      {"hold", &G::hold, "h", "0", between(0, 24),
       "time for which the water of its middle is that of all steps, a multiple of the step: a "
       "pass is faster, because the properties of the soil are made anew only then; 0: every step "
       "has its own"},
  };
}

} // namespace glebe
