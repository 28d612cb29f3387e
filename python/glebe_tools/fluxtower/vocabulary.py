# SPDX-License-Identifier: BSD-3-Clause
"""The variables that Glebe reads, and the columns that have them in each known format."""

# name: (standard_name, long_name, units, {format: patterns of columns in order of preference})
VARIABLES = {
    "SWdown": ("surface_downwelling_shortwave_flux_in_air", "Downward shortwave radiation",
               "W m-2", {"l2": ["Rg"], "base": ["SW_IN"], "fluxnet": ["SW_IN_F", "SW_IN_F_MDS"]}),
    "SWup": ("surface_upwelling_shortwave_flux_in_air", "Upward shortwave radiation",
             "W m-2", {"l2": ["RgOut"], "base": ["SW_OUT"], "fluxnet": ["SW_OUT"]}),
    "LWdown": ("surface_downwelling_longwave_flux_in_air", "Downward longwave radiation",
               "W m-2", {"l2": ["Rgl"], "base": ["LW_IN"], "fluxnet": ["LW_IN_F", "LW_IN_F_MDS"]}),
    "LWup": ("surface_upwelling_longwave_flux_in_air", "Upward longwave radiation",
             "W m-2", {"l2": ["RglOut"], "base": ["LW_OUT"], "fluxnet": ["LW_OUT"]}),
    "Tair": ("air_temperature", "Air temperature",
             "K", {"l2": ["TA"], "base": ["TA"], "fluxnet": ["TA_F", "TA_F_MDS"]}),
    "PSurf": ("surface_air_pressure", "Air pressure",
              "Pa", {"l2": ["PRESS"], "base": ["PA"], "fluxnet": ["PA_F", "PA"]}),
    "Wind": ("wind_speed", "Wind speed",
             "m s-1", {"l2": ["WS"], "base": ["WS"], "fluxnet": ["WS_F", "WS"]}),
    "Qh": ("surface_upward_sensible_heat_flux", "Sensible heat flux, positive upwards",
           "W m-2", {"l2": ["H"], "base": ["H"], "fluxnet": ["H_F_MDS"]}),
    "Qle": ("surface_upward_latent_heat_flux", "Latent heat flux, positive upwards",
            "W m-2", {"l2": ["LE"], "base": ["LE"], "fluxnet": ["LE_F_MDS"]}),
    "Qg": ("downward_heat_flux_in_soil", "Ground heat flux, positive into the ground",
           "W m-2", {"l2": [r"FG\d*"], "base": ["G"], "fluxnet": ["G_F_MDS"]}),
    "Rnet": ("surface_net_downward_radiative_flux", "Net radiation, positive downwards",
             "W m-2", {"l2": ["Rn"], "base": ["NETRAD"], "fluxnet": ["NETRAD"]}),
}
# The same, of what is measured at depths; a name is completed by the depth: SoilTemp_5cm
AT_DEPTH = {
    "SoilTemp": ("soil_temperature", "Soil temperature", "K",
                 {"l2": [r"TS\d+"], "base": ["TS"], "fluxnet": [r"TS_F_MDS_\d+"]}),
    "SoilMoist": ("volume_fraction_of_condensed_water_in_soil", "Volumetric soil water", "1",
                  {"l2": [r"SWC\d+"], "base": ["SWC"], "fluxnet": [r"SWC_F_MDS_\d+"]}),
    "Qg": VARIABLES["Qg"],
}
# What humidity is computed from, in order of preference
HUMIDITY = {
    "RH": ("relative_humidity", "Relative humidity", "1",
           {"l2": ["RH"], "base": ["RH"], "fluxnet": ["RH"]}),
    "VPD": ("water_vapor_saturation_deficit_in_air", "Vapour pressure deficit", "Pa",
            {"l2": ["VPD"], "base": ["VPD"], "fluxnet": ["VPD_F", "VPD_F_MDS"]}),
    "H2O": ("mole_fraction_of_water_vapor_in_air", "Mole fraction of water in moist air",
            "mol mol-1", {"l2": ["H2O"], "base": ["H2O"]}),
    "VapourPressure": ("water_vapor_partial_pressure_in_air", "Vapour pressure", "Pa", {}),
}
PREFERRED = {"fluxnet": "VPD"}  # FLUXNET2015 fills gaps in VPD but not in RH
# What only a table with a mapping can have
TABLE_ONLY = {
    "Qair": ("specific_humidity", "Specific humidity", "kg kg-1", {}),
    "Tskin": ("surface_temperature", "Radiometric temperature of the surface", "K", {}),
    "SnowDepth": ("surface_snow_thickness", "Depth of snow", "m", {}),
}
FORMATS = {"l2": "AmeriFlux L2", "base": "AmeriFlux BASE", "fluxnet": "FLUXNET2015"}
# The direction in which a flux is positive in the output
POSITIVE = {"SWdown": "downwards", "LWdown": "downwards", "SWup": "upwards", "LWup": "upwards",
            "Rnet": "downwards", "Qh": "upwards", "Qle": "upwards", "Qg": "downwards"}
DIRECTIONS = {"downwards": "downwards", "into ground": "downwards", "upwards": "upwards",
              "out of ground": "upwards"}
# What Glebe takes as possible, in the unit of the output
LIMITS = {"SWdown": (-50, 2000), "SWup": (-50, 2000), "LWdown": (0, 1000), "LWup": (0, 1000),
          "Tair": (150, 350), "SoilTemp": (150, 350), "Tskin": (150, 350), "PSurf": (2e4, 1.2e5),
          "Wind": (0, 150), "Qair": (-1e-4, 0.1), "RH": (0, 1.5), "VapourPressure": (0, 1e4),
          "SnowDepth": (-0.2, 50), "SoilMoist": (0, 1), "Rnet": (-2000, 2000),
          "Qh": (-2000, 2000), "Qle": (-2000, 2000), "Qg": (-2000, 2000)}
MAPPED = {**VARIABLES, **AT_DEPTH, **HUMIDITY, **TABLE_ONLY}


def candidates(name, form):
    """The patterns of the columns that have `name` in a format, in order of preference."""
    return MAPPED[name][3].get(form, [])
