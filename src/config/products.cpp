// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/products.hpp"

#include "glebe/config/input_sources.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace glebe {

namespace {

/// A series of a product: its name in &input, its variable, and what its stamps stand for; nothing
/// where files of the product differ in it.
struct ProductSeries {
  const char* name;
  const char* variable;
  std::optional<Stamp> stamp;
};

struct ProductInfo {
  std::span<const ProductSeries> series;
  HumidityKind humidity_kind;
  double wind_height; ///< [m]; 0: not the same in all files of the product
  double air_height;  ///< [m]; likewise
  Accumulation radiation = Accumulation::interval;
};

// The reanalyses ERA5 and ERA5-Land as NetCDF of the Climate Data Store: radiation is an amount, in
// ERA5 of the hour that ends at the stamp, in ERA5-Land since 0 h.
constexpr ProductSeries era5[]{
    {"shortwave", "ssrd", Stamp::end},          {"longwave", "strd", Stamp::end},
    {"air_temperature", "t2m", Stamp::instant}, {"humidity", "d2m", Stamp::instant},
    {"pressure", "sp", Stamp::instant},         {"wind_east", "u10", Stamp::instant},
    {"wind_north", "v10", Stamp::instant},
};
// NLDAS-2, primary forcing ("File A") version 2.0 as NetCDF.
constexpr ProductSeries nldas2[]{
    {"shortwave", "SWdown", Stamp::of_file},     {"longwave", "LWdown", Stamp::of_file},
    {"air_temperature", "Tair", Stamp::of_file}, {"humidity", "Qair", Stamp::of_file},
    {"pressure", "PSurf", Stamp::of_file},       {"wind_east", "Wind_E", Stamp::of_file},
    {"wind_north", "Wind_N", Stamp::of_file},
};
// GLDAS-2: "tavg" are means over the interval before the stamp, "inst" are instants.
constexpr ProductSeries gldas[]{
    {"shortwave", "SWdown_f_tavg", Stamp::end},         {"longwave", "LWdown_f_tavg", Stamp::end},
    {"air_temperature", "Tair_f_inst", Stamp::instant}, {"humidity", "Qair_f_inst", Stamp::instant},
    {"pressure", "Psurf_f_inst", Stamp::instant},       {"wind", "Wind_f_inst", Stamp::instant},
};
// CMIP5 and CMIP6: cell_methods and bounds tell instants from means.
constexpr ProductSeries cmip[]{
    {"shortwave", "rsds", Stamp::of_file},      {"longwave", "rlds", Stamp::of_file},
    {"air_temperature", "tas", Stamp::of_file}, {"humidity", "huss", Stamp::of_file},
    {"pressure", "ps", Stamp::of_file},         {"wind", "sfcWind", Stamp::of_file},
};
// Atmospheric forcing of CLM and CTSM (datm).
constexpr ProductSeries clm[]{
    {"shortwave", "FSDS", {}}, {"longwave", "FLDS", {}}, {"air_temperature", "TBOT", {}},
    {"humidity", "QBOT", {}},  {"pressure", "PSRF", {}}, {"wind", "WIND", {}},
};
// Output of WRF: all of an instant; humidity is the mixing ratio.
constexpr ProductSeries wrf[]{
    {"shortwave", "SWDOWN", Stamp::instant},   {"longwave", "GLW", Stamp::instant},
    {"air_temperature", "T2", Stamp::instant}, {"humidity", "Q2", Stamp::instant},
    {"pressure", "PSFC", Stamp::instant},      {"wind_east", "U10", Stamp::instant},
    {"wind_north", "V10", Stamp::instant},
};
constexpr ProductSeries alma[]{
    {"shortwave", "SWdown", {}}, {"longwave", "LWdown", {}}, {"air_temperature", "Tair", {}},
    {"humidity", "Qair", {}},    {"pressure", "PSurf", {}},  {"wind", "Wind", {}},
};
// FLUXNET2015 as NetCDF with the names of its tables.
constexpr ProductSeries fluxnet[]{
    {"shortwave", "SW_IN_F", {}}, {"longwave", "LW_IN_F", {}}, {"air_temperature", "TA_F", {}},
    {"humidity", "VPD_F", {}},    {"pressure", "PA_F", {}},    {"wind", "WS_F", {}},
};

ProductInfo info_of(Product product) {
  switch (product) {
  case Product::era5_land:
    return {era5, HumidityKind::dewpoint, 10, 2, Accumulation::since_midnight};
  case Product::era5:
    return {era5, HumidityKind::dewpoint, 10, 2};
  case Product::nldas2:
    return {nldas2, HumidityKind::specific, 10, 2};
  case Product::gldas:
    return {gldas, HumidityKind::specific, 10, 2};
  case Product::cmip:
    return {cmip, HumidityKind::specific, 10, 2};
  case Product::clm:
    return {clm, HumidityKind::specific, 0, 0};
  case Product::wrf:
    return {wrf, HumidityKind::mixing_ratio, 10, 2};
  case Product::alma:
    return {alma, HumidityKind::specific, 0, 0};
  case Product::fluxnet:
    return {fluxnet, HumidityKind::vapour_pressure_deficit, 0, 0};
  case Product::none:
    break;
  }
  return {{}, HumidityKind::specific, 0, 0};
}

InputSettings& input_named(std::vector<InputSettings>& inputs, const ForcingSettings& forcing,
                           const char* name) {
  const auto found = std::ranges::find(inputs, name, &InputSettings::name);
  if (found != inputs.end()) return *found;
  InputSettings& made = inputs.emplace_back();
  static_cast<GroupOrigin&>(made) = forcing.without_keys();
  made.name = name;
  return made;
}

// Whether the namelist gives the whole wind, or a component of it.
bool other_wind(const ForcingSettings& forcing, const std::vector<InputSettings>& inputs,
                std::string_view name) {
  const auto given = [&](const char* one) {
    return forcing.given(one) ||
           std::ranges::find(inputs, one, &InputSettings::name) != inputs.end();
  };
  if (name == "wind") return given("wind_east") || given("wind_north");
  return (name == "wind_east" || name == "wind_north") && given("wind");
}

} // namespace

void complete_product(ForcingSettings& forcing, std::vector<InputSettings>& inputs,
                      SurfaceSettings& surface) {
  if (forcing.product == Product::none) return;
  const ProductInfo product = info_of(forcing.product);
  const std::vector<InputSettings> as_given = inputs;
  for (const auto& [name, variable, stamp] : product.series) {
    if (other_wind(forcing, as_given, name)) continue;
    const bool radiation =
        name == std::string_view("shortwave") || name == std::string_view("longwave");
    const Accumulation accumulation = radiation ? product.radiation : Accumulation::interval;
    if (!forcing.given(name)) variable_of(forcing, name) = variable;
    if (!stamp || (forcing.given("stamp") && accumulation == Accumulation::interval)) continue;
    InputSettings& input = input_named(inputs, forcing, name);
    if (!input.given("stamp")) {
      input.stamp = *stamp;
      input.note_key("stamp", forcing.line());
    }
    if (!input.given("accumulation")) input.accumulation = accumulation;
  }
  if (!forcing.given("humidity_kind")) forcing.humidity_kind = product.humidity_kind;
  if (!surface.given("wind_height") && product.wind_height > 0.0)
    surface.wind_height = product.wind_height;
  if (!surface.given("air_height") && product.air_height > 0.0)
    surface.air_height = product.air_height;
}

} // namespace glebe
