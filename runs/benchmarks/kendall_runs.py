# SPDX-License-Identifier: BSD-3-Clause
"""Kendall Grassland: windows, namelists and runs of kendall.py."""
import os

import pandas as pd
import xarray as xr

from common import EXCHANGE, Model, estimated, fixed, group, surface
from regressions import scores

WINDOWS = {"27 May to 21 June": ("2004-05-27", "2004-06-21"),
           "8 July to 2 August": ("2004-07-08", "2004-08-02"),
           "22 August to 16 September": ("2004-08-22", "2004-09-16"),
           "4 to 29 October": ("2004-10-04", "2004-10-29"),
           "26 November to 21 December": ("2004-11-26", "2004-12-21")}
DRY = "27 May to 21 June"
MIDNIGHT = pd.Timedelta("7h")  # in UTC
# The file has no height of the wind; its CO2height is 3.2 m. docs/benchmarks.md compares both.
HEIGHTS = {"wind_height": float(os.environ.get("KENDALL_WIND_HEIGHT", 6.4)), "displacement": 0}
# No heat leaves through the bottom, or its temperature is estimated.
BOTTOM = os.environ.get("KENDALL_BOTTOM", "flux")
DEPTH = float(os.environ.get("KENDALL_SOIL_DEPTH", 3 if BOTTOM == "flux" else 0.6))  # m
DEEP = "geothermal_flux" if BOTTOM == "flux" else "deep_temperature"
EMISSIVITY = 0.97
NIGHT = 5  # W m-2 of sun
FIVE, FIFTEEN = "soil_temperature_5cm", "soil_temperature_15cm"
SOIL = {"thermal_conductivity": (0.5, 0.05, 5), "heat_capacity": (1.5e6, 0.3e6, 5e6)}
UNITS = {"thermal_conductivity": 1, "heat_capacity": 1e6}  # in the tables
# {kind: (variable, standard deviation where it is fitted)}
FLUXES = {"longwave_up": ("LWup", 10), "ground_heat_flux": ("Qg", 20),
          "turbulent_heat": ("Qturb", 40), "net_radiation": ("Rnet", 20)}
STREAMS = {"longwave_up": "longwave_up", "ground_heat_flux": "ground_heat_flux_0cm",
           "turbulent_heat": "turbulent_heat", "net_radiation": "net_radiation"}
LABELS = {"longwave_up": "longwave up", "ground_heat_flux": "G", "turbulent_heat": "H + LE",
          "net_radiation": "net radiation"}
# What is compared, {column of the tower: (kind, label)}; Qclosed is net radiation minus G.
COMPARED = {"LWup": ("longwave_up", "longwave up"), "Qg": ("ground_heat_flux", "G"),
            "Qturb": ("turbulent_heat", "H + LE"), "Qclosed": ("turbulent_heat", "H + LE, closed"),
            "Rnet": ("net_radiation", "net radiation")}
# What is fitted beside the two depths, and by which models.
FORMS = [Model(exchange) for exchange in EXCHANGE]
WITH_SKIN, WITH_CANOPY = Model("stability", ("skin",)), Model("stability", ("canopy",))
RADIATION, ALL = ("longwave_up",), tuple(FLUXES)
CASES = [(fitted, model) for fitted in ((), RADIATION, ALL) for model in FORMS] + [
    (fitted, model) for fitted in (RADIATION, ALL) for model in (WITH_CANOPY, WITH_SKIN)]


# What is not quite known, and neither fitted: {label: groups}.
DEPTHS_OF_SENSORS = [fixed("sensor_depth", depth, stream=stream, prior_std=0.005)
                     for stream, depth in ((FIVE, 0.05), (FIFTEEN, 0.15))]
OFFSETS = [fixed("sensor_bias", 0, stream=stream, prior_std=0.2) for stream in (FIVE, FIFTEEN)]
WEATHER = [fixed("shortwave_scale", 1, prior_std=0.03),
           fixed("air_temperature_bias", 0, prior_std=0.5),
           fixed("longwave_bias", 0, prior_std=10)]
CONSIDERED = {"nothing": [], "depths, 5 mm": DEPTHS_OF_SENSORS,
              "depths, offsets, weather": DEPTHS_OF_SENSORS + OFFSETS + WEATHER}


# ---- Windows --------------------------------------------------------------------------------

def read_tower(path):
    with xr.open_dataset(path) as tower:
        table = tower.drop_dims("bounds").to_dataframe()
    return table.assign(Qclosed=table.Rnet - table.Qg)


def bounds(window):
    return tuple(pd.Timestamp(day) + MIDNIGHT for day in WINDOWS[window])


def halves(limits):
    start, stop = limits
    middle = start + pd.Timedelta(days=(stop - start).days // 2)
    return (start, middle), (middle, stop)


def rows_of(tower, limits):
    """The half hours that end in the window."""
    return tower[(tower.index > limits[0]) & (tower.index <= limits[1])]


def albedo(rows):
    day = (rows.SWdown > 100) & rows.SWup.notna()
    return rows.SWup[day].sum() / rows.SWdown[day].sum()


# ---- Namelists ------------------------------------------------------------------------------

def column(name, mode, tower, limits, **sensors):
    """What all runs have in common: time, soil, sensors (with more keys), first state."""
    first = rows_of(tower, limits).iloc[0]
    profile = [float(first.SoilTemp_5cm), float(first.SoilTemp_15cm)]
    initial = {"depth": [0.05, 0.15], "value": profile}
    known = mode == "forward"
    lines = [group("run", mode=mode, output=f"{name}.nc"),
             group("time", start=limits[0].isoformat(), stop=limits[1].isoformat(), step=1800),
             group("soil", depth=DEPTH, initial="profile", bottom=BOTTOM, **nodes_to(DEPTH)),
             group("parameter", name="initial_temperature", **initial) if known else
             group("parameter", name="initial_temperature", depth=[0, 0.15], value=profile,
                   estimate=True, lower=255, upper=335)]
    for depth, sigma in ((5, 0.5), (15, 0.3)):
        lines.append(group("observation", kind="soil_temperature", depth=depth / 100,
                           file="tower.nc", variable=f"SoilTemp_{depth}cm", stamp="end",
                           sigma=sigma, **sensors))
    return lines


def nodes_to(depth):
    """Half a centimetre at the surface, wherever the bottom is."""
    if depth > 1:
        return {"nodes": 81, "stretch": 1.04}
    return {"nodes": 61 if depth <= 0.6 else 71, "stretch": 1.02}


def soil_parameters():
    soil = [estimated(name, limits) for name, limits in SOIL.items()]
    if BOTTOM == "flux":
        return [*soil, fixed("geothermal_flux", 0)]
    return [*soil, estimated("deep_temperature", (295, 255, 330))]


def flux_streams(fitted):
    lines = []
    for kind, (variable, sigma) in FLUXES.items():
        use = {"sigma": sigma} if kind in fitted else {"withhold": True}
        depth = 0 if kind == "ground_heat_flux" else None
        lines.append(group("observation", kind=kind, depth=depth, file="tower.nc",
                           variable=variable, stamp="end", **use))
    return lines


def atmosphere(model, alpha):
    return [surface(model, HEIGHTS, longwave="absorbed", turbulence="combined"),
            group("forcing", file="tower.nc", stamp="end", wind="Wind", max_gap=8),
            fixed("albedo", alpha), fixed("emissivity", EMISSIVITY)]


def reference(program, name, tower, limits):
    """Conductivity and capacity below the measured ground heat flux: no surface at all."""
    top = group("boundary", end="top", kind="flux", depth=0, file="tower.nc", variable="Qg",
                stamp="end")
    return program.run(name, [*column(name, "estimate", tower, limits), *soil_parameters(), top])


def in_words(fitted):
    return "two depths" + "".join(f", {LABELS[kind]}" for kind in fitted)


def estimate(program, name, tower, limits, model, fitted=(), groups=()):
    rows = rows_of(tower, limits)
    surface_parameters = [estimated(*item) for item in model.parameters.items()]
    return program.run(name, [*column(name, "estimate", tower, limits), *soil_parameters(),
                              *flux_streams(fitted), *atmosphere(model, albedo(rows)),
                              *surface_parameters, *groups])


def predict(program, name, tower, limits, model, source):
    """A run with the parameters of another estimate, from the first values of the sensors."""
    names = [*SOIL, DEEP, *model.parameters]
    values = [fixed(parameter, float(source[parameter])) for parameter in names]
    return program.run(name, [*column(name, "forward", tower, limits), *flux_streams(()),
                              *atmosphere(model, albedo(rows_of(tower, limits))), *values])


# ---- Runs -----------------------------------------------------------------------------------

def run_case(program, tower, number, fitted, model):
    """{window: {whole, halves: (first, second), predictions: of first, of second}}"""
    results = {}
    for i, window in enumerate(WINDOWS):
        limits, name = bounds(window), f"case_{number}_window_{i}"
        parts = halves(limits)
        found = [estimate(program, f"{name}_half_{k}", tower, part, model, fitted)
                 for k, part in enumerate(parts)]
        results[window] = {
            "whole": estimate(program, name, tower, limits, model, fitted), "halves": found,
            "predictions": [predict(program, f"{name}_predicted_{k}", tower, part, model,
                                    found[1 - k]) for k, part in enumerate(parts)]}
    return results


def series(result, stream, tower):
    """Simulated values, and the tower's rows of the same times."""
    simulated = result[stream].to_series()
    return simulated, tower.reindex(simulated.index)


def score(result, variable, tower):
    simulated, rows = series(result, STREAMS[COMPARED[variable][0]], tower)
    return scores(simulated, rows[variable], rows.SWdown <= NIGHT)
