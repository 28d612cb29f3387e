# SPDX-License-Identifier: BSD-3-Clause
"""What the namelist templates hold, one per use: which groups and keys each shows, and with what
example values."""

CLEAR_SKY = {"source": "'clear_sky'", "shortwave_peak": "800", "sunrise": "5", "sunset": "21",
             "longwave_constant": "330", "air_temperature_constant": "293"}
CLEAR_DAYS = {"start": "'2020-06-01T00:00'", "stop": "'2020-06-06T00:00'", "step": "1800",
              "scheme": None}
SPUN_UP = {"depth": "1.5", "nodes": "41", "stretch": "1.05", "bottom": None,
           "initial": "'spinup'"}


def fixed(name, value, **more):
    return ("parameter", {"name": f"'{name}'", "value": value, **more})


def estimated(name, value, lower, upper, prior_std=None, **more):
    prior = {"prior_std": prior_std} if prior_std else {}
    return ("parameter", {"name": f"'{name}'", **more, "value": value, "estimate": ".true.",
                          "lower": lower, "upper": upper, **prior})


def observed(kind, stamp, file=None, variable=None, depth=None, **more):
    optional = {"depth": depth, "file": file, "variable": variable}
    return ("observation", {"kind": f"'{kind}'",
                            **{key: value for key, value in optional.items() if value},
                            "stamp": stamp, **more})


SOIL_AND_SURFACE = [
    fixed("thermal_conductivity", "1.1"),
    fixed("heat_capacity", "2.0e6"),
    fixed("albedo", "0.2"),
    fixed("emissivity", "0.96"),
    fixed("heat_transfer", "18"),
    fixed("deep_temperature", "291"),
]

# file: (purpose, [(group, {key: example value, or None for the default})])
TEMPLATES = {
    "forward.nml": (
        "Simulate: the model under given weather with given parameters. Writes the series of every "
        "observation stream and of all surface fluxes.",
        [("run", {"title": "'Forward run'", "mode": "'forward'", "output": "'forward_result.nc'"}),
         ("time", {"start": "'2004-05-27T07:00'", "stop": "'2004-06-06T07:00'", "step": "1800",
                   "scheme": None}),
         ("soil", {"depth": "2", "nodes": "61", "stretch": "1.04", "bottom": "'flux'",
                   "initial": "'spinup'", "spinup_tolerance": "0.01",
                   "spinup_max_cycles": "500"}),
         ("horizon", {"bottom": "0.3", "name": "'upper'"}),
         ("horizon", {"bottom": "2", "name": "'lower'"}),
         ("surface", {"longwave": None, "turbulence": "'humidity'", "exchange": "'stability'",
                      "wind_height": "6"}),
         ("forcing", {"source": None, "file": "'tower.nc'", "shortwave": None, "longwave": None,
                      "air_temperature": None, "humidity": None, "humidity_kind": None,
                      "pressure": None, "wind": "'Wind'", "stamp": "'end'", "max_gap": None}),
         observed("soil_temperature", "'end'", depth="0.05"),
         observed("soil_temperature", "'end'", depth="0.5"),
         fixed("thermal_conductivity", "0.8", horizon="'upper'"),
         fixed("thermal_conductivity", "1.4", horizon="'lower'"),
         fixed("heat_capacity", "1.6e6", horizon="'upper'"),
         fixed("heat_capacity", "2.2e6", horizon="'lower'"),
         fixed("albedo", "0.2"),
         fixed("emissivity", "0.97"),
         fixed("heat_transfer", "8"),
         fixed("heat_transfer_wind", "2"),
         fixed("latent_transfer", "2"),
         fixed("deep_temperature", "295"),
         fixed("geothermal_flux", "0")]),
    "twin.nml": (
        "Synthetic observations: a model run with known parameters, and what instruments with "
        "noise would see of it. Needs no input file; gradient_test.nml reads what it writes.",
        [("run", {"title": "'Synthetic site'", "mode": "'twin'", "output": "'twin_truth.nc'",
                  "seed": None}),
         ("time", CLEAR_DAYS), ("soil", SPUN_UP),
         ("surface", {"longwave": None, "turbulence": None}), ("forcing", CLEAR_SKY),
         observed("soil_temperature", "'end'", depth="0.05"),
         observed("soil_temperature", "'end'", depth="0.2"),
         *SOIL_AND_SURFACE,
         ("twin", {"file": "'twin_observed.nc'", "noise": "0.2, 0.2"})]),
    "estimate_site.nml": (
        "Estimate the parameters of one site from a flux tower, as converted by glebe-fluxtower.",
        [("run", {"title": "'Site estimate'", "mode": "'estimate'",
                  "output": "'estimate_site_result.nc'"}),
         ("time", {"start": "'2004-05-27T07:00'", "stop": "'2004-06-06T07:00'", "step": "1800",
                   "scheme": None}),
         ("soil", {"depth": "1.5", "nodes": "61", "stretch": "1.04", "bottom": None,
                   "initial": "'profile'"}),
         ("surface", {"longwave": None, "turbulence": None, "exchange": "'stability'",
                      "wind_height": "6"}),
         ("forcing", {"file": "'tower.nc'", "stamp": "'end'", "wind": "'Wind'", "max_gap": None}),
         observed("soil_temperature", "'end'", "'tower.nc'", "'SoilTemp_5cm'", "0.05",
                  sigma="0.5", loss="'huber'", huber_threshold=None),
         observed("soil_temperature", "'end'", "'tower.nc'", "'SoilTemp_15cm'", "0.15",
                  sigma="0.3"),
         observed("net_radiation", "'end'", "'tower.nc'", "'Rnet'", withhold=".true."),
         estimated("thermal_conductivity", "0.8", "0.05", "4", "0.6"),
         estimated("heat_capacity", "2.0e6", "0.5e6", "4e6", "0.5e6"),
         fixed("albedo", "0.2"),
         fixed("emissivity", "0.97"),
         estimated("heat_transfer", "10", "0", "60"),
         estimated("heat_transfer_wind", "2", "0", "20"),
         estimated("deep_temperature", "295", "275", "310", "3"),
         estimated("initial_temperature", "296", "260", "330", "3", depth="0, 0.05, 0.15, 0.5"),
         ("optimizer", {"method": None, "max_iterations": None, "gradient_tolerance": "1e-5"}),
         ("posterior", {"scale_by_chi_square": None, "profile": "'thermal_conductivity'",
                        "bootstrap": "200"})]),
    "estimate_between_sensors.nml": (
        "Estimate the soil between the uppermost and the deepest sensor of a site, which drive it: no "
        "weather, no surface.",
        [("run", {"title": "'Soil between sensors'", "mode": "'estimate'",
                  "output": "'estimate_between_sensors_result.nc'"}),
         ("time", {"start": "'2004-05-27T07:00'", "stop": "'2004-06-06T07:00'", "step": "1800",
                   "scheme": None}),
         ("soil", {"nodes": "41", "initial": "'profile'"}),
         ("boundary", {"end": "'top'", "kind": None, "depth": "0.05", "file": "'tower.nc'",
                       "variable": "'SoilTemp_5cm'", "stamp": "'end'", "max_gap": None,
                       "std": "0.2"}),
         ("boundary", {"end": "'bottom'", "depth": "0.3", "file": "'tower.nc'",
                       "variable": "'SoilTemp_30cm'", "stamp": "'end'"}),
         observed("soil_temperature", "'end'", "'tower.nc'", "'SoilTemp_15cm'", "0.15",
                  sigma="0.2"),
         fixed("thermal_conductivity", "0.8"),
         estimated("heat_capacity", "2.0e6", "0.5e6", "6e6"),
         estimated("initial_temperature", "296", "260", "330", "3", depth="0.1, 0.15, 0.22")]),
    "estimate_grid.nml": (
        "Estimate the parameters of every column of a grid, on many ranks, with checkpoints.",
        [("run", {"title": "'Grid estimate'", "mode": "'estimate'",
                  "output": "'estimate_grid_result.nc'", "series": ".false."}),
         ("time", {"start": "'2017-07-01T00:00'", "stop": "'2017-07-06T00:00'", "step": "1800",
                   "scheme": None}),
         ("soil", SPUN_UP),
         ("surface", {"longwave": None, "turbulence": None}),
         ("grid", {"mask_file": "'land.nc'", "mask_variable": "'land'"}),
         ("forcing", {"file": "'forcing_01.nc', 'forcing_02.nc'", "shortwave": None,
                      "longwave": None, "air_temperature": None, "stamp": "'instant'",
                      "max_gap": None}),
         observed("surface_temperature", "'instant'", "'surface_temperature.nc'", "'LST'",
                  sigma_variable="'LST_error'", qc_variable="'LST_qc'", qc_accept="0, 1"),
         estimated("thermal_conductivity", "1.0", "0.05", "4", "0.7"),
         estimated("heat_capacity", "2.0e6", "0.5e6", "4e6", "0.5e6"),
         ("parameter", {"name": "'albedo'", "file": "'land.nc'", "variable": "'albedo'"}),
         fixed("emissivity", "0.97"),
         estimated("heat_transfer", "12", "1", "60"),
         estimated("deep_temperature", "291", "275", "310", "3"),
         ("optimizer", {"method": None, "max_iterations": "200", "gradient_tolerance": "1e-5"}),
         ("checkpoint", {"file": "'estimate_grid_checkpoint.h5'", "interval": "5",
                         "restart": None})]),
    "estimate_in_time.nml": (
        "Estimate what varies in space and time on a grid: the transfer of heat month by month for "
        "every column, the conductivity for each class of a soil map, one emissivity for all.",
        [("run", {"title": "'Estimate in time'", "mode": "'estimate'",
                  "output": "'estimate_in_time_result.nc'", "series": ".false."}),
         ("time", {"start": "'2004-05-01T00:00'", "stop": "'2004-08-01T00:00'", "step": "3600",
                   "scheme": None}),
         ("soil", {"depth": "2", "nodes": "41", "stretch": "1.06", "bottom": None,
                   "initial": "'uniform'"}),
         ("surface", {"longwave": None, "turbulence": None}),
         ("grid", {"mask_file": "'land.nc'", "mask_variable": "'land'"}),
         ("forcing", {"file": "'forcing_2004.nc'", "stamp": "'instant'", "max_gap": None}),
         observed("surface_temperature", "'instant'", "'surface_temperature_2004.nc'", "'LST'",
                  sigma="1.5", loss="'huber'"),
         estimated("heat_transfer", "12", "1", "60", "6", time="'linear'", knots="'monthly'",
                   time_std="4"),
         estimated("thermal_conductivity", "1.0", "0.05", "4", "0.7", space="'region'",
                   region_file="'land.nc'", region_variable="'soil_class'"),
         fixed("heat_capacity", "2.0e6"),
         fixed("albedo", "0.2"),
         estimated("emissivity", "0.97", "0.9", "1", "0.01", space="'domain'"),
         fixed("deep_temperature", "291"),
         ("optimizer", {"method": None, "gradient": None, "max_iterations": None,
                        "gradient_tolerance": "1e-5"})]),
    "design.nml": (
        "Where to put a second thermometer, and how long to measure: what candidate observations "
        "would tell, predicted from the model without any data. Parameters that would be estimated "
        "have their likely values. glebe-plot design draws the result.",
        [("run", {"title": "'Where to put the second thermometer'", "mode": "'design'",
                  "output": "'design_result.nc'"}),
         ("time", {"start": "'2020-06-01T00:00'", "stop": "'2020-06-11T00:00'", "step": "1800",
                   "scheme": None}),
         ("soil", {"depth": "1.5", "nodes": "41", "stretch": "1.05", "bottom": None,
                   "initial": "'profile'"}),
         ("surface", {"longwave": None, "turbulence": None}), ("forcing", CLEAR_SKY),
         observed("soil_temperature", "'instant'", depth="0.05", sigma="0.2"),
         observed("ground_heat_flux", "'end'", depth="0.08", sigma="10"),
         ("design", {"name": "'5 cm alone'", "streams": "'soil_temperature_5cm'",
                     "days": "2, 5, 10"}),
         ("design", {"name": "'second thermometer'", "streams": "'soil_temperature_5cm'",
                     "depths": "0.0, 0.02, 0.1, 0.15, 0.2, 0.3, 0.5", "sigma": "0.2",
                     "days": "2, 5, 10"}),
         ("design", {"name": "'flux plate'", "days": "2, 5, 10",
                     "streams": "'soil_temperature_5cm', 'ground_heat_flux_8cm'"}),
         ("ranking", {"criterion": None,
                      "parameters": "'thermal_conductivity', 'heat_capacity'"}),
         estimated("thermal_conductivity", "1.1", "0.05", "4"),
         estimated("heat_capacity", "2.0e6", "0.5e6", "4e6"),
         estimated("albedo", "0.2", "0.05", "0.5"),
         fixed("emissivity", "0.96"),
         estimated("heat_transfer", "18", "1", "60"),
         estimated("deep_temperature", "291", "280", "305"),
         estimated("initial_temperature", "291", "270", "320", depth="0, 0.2, 0.6")]),
    "gradient_test.nml": (
        "Check the derivatives for a case: Taylor remainder and complex step. Reads the "
        "observations that twin.nml writes; any namelist of an estimate can be checked by changing "
        "its mode.",
        [("run", {"title": "'Gradient test'", "mode": "'gradient_test'", "seed": None}),
         ("time", CLEAR_DAYS), ("soil", SPUN_UP),
         ("surface", {"longwave": None, "turbulence": None}), ("forcing", CLEAR_SKY),
         observed("soil_temperature", "'end'", "'twin_observed.nc'", depth="0.05", sigma="0.2"),
         observed("soil_temperature", "'end'", "'twin_observed.nc'", depth="0.2", sigma="0.2"),
         estimated("thermal_conductivity", "0.8", "0.1", "4"),
         estimated("heat_capacity", "2.2e6", "0.5e6", "4e6"),
         fixed("albedo", "0.2"),
         fixed("emissivity", "0.96"),
         estimated("heat_transfer", "15", "1", "60"),
         estimated("deep_temperature", "292", "280", "305")]),
}
