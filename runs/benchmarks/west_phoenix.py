#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""West Phoenix, a whole record: parameters from one half predict the other, and reverse.

Reads tower.nc (of prepare_phoenix.py) in the folder; writes namelists, results and west_phoenix.md.
"""
import pathlib
import sys

import numpy as np
import pandas as pd
import xarray as xr

from common import EXCHANGE, Model, Program, estimated, fixed, group, page, surface, table
from halves import (OPTIMIZER, Case, Stream, estimates_table, mean_day_table, months_table,
                    observations, predictions_table, residuals)
from regressions import INPUTS, scores

HERE = pathlib.Path(__file__).resolve().parent
# Measurement and displacement height of the site's description, Lipson et al. (2022).
HEIGHTS = {"wind_height": 22.1, "displacement": 3.0}
UTC_OFFSET = pd.Timedelta("-7h")
NODES = [0, .01, .02, .03, .04, .05, .06, .08, .1, .12, .14, .17, .2, .24, .28, .34, .4, .5, .6, .7,
         .85, 1, 1.2, 1.4, 1.7, 2, 2.4, 2.8, 3.4, 4]
LAYERS = {"upper": 0.1, "lower": 4.0}  # lower ends [m]
SOIL = {"thermal_conductivity": (0.8, 0.05, 5), "heat_capacity": (2e6, 0.3e6, 5e6)}
STREAMS = {"SoilTemp_2cm": Stream("soil_temperature", 1, "soil temperature, 2 cm [K]", 0.02),
           "LWup": Stream("longwave_up", 10, "longwave up [W m-2]"),
           "Qh": Stream("sensible_heat", 30, "H [W m-2]"),
           "Qturb": Stream("turbulent_heat", 30, "H + LE [W m-2]")}
PUBLISHED = {"SoilTemp_2cm": "SoilTemp", "LWup": "LWup", "Qh": "Qh"}
ROUGHNESS = (0.6, 0.01, 2)  # the first guess is that of the description
SIMPLE = "one horizon, emissivity 0.95, no LE"  # otherwise: two, estimated, by a Bowen ratio
CASES = [Case(fitted, Model(exchange), SIMPLE) for exchange in EXCHANGE
         for fitted in (("SoilTemp_2cm",), ("SoilTemp_2cm", "LWup"))] + [
    Case(tuple(STREAMS), Model(exchange, extras)) for exchange in EXCHANGE
    for extras in ((), ("canopy",))] + [Case(tuple(STREAMS), Model("coefficients", ("skin",)))]


def soil(simple):
    if simple:
        return [estimated(name, limits) for name, limits in SOIL.items()]
    return [*(group("horizon", name=name, bottom=bottom) for name, bottom in LAYERS.items()),
            *(estimated(name, limits, horizon=layer) for layer in LAYERS
              for name, limits in SOIL.items())]


def above(model, simple, albedo):
    """Surface, weather, and the parameters of the surface."""
    lines = [surface(model, HEIGHTS, longwave="absorbed",
                     turbulence="combined" if simple else "bowen"),
             group("forcing", file="tower.nc", stamp="end", wind="Wind"), fixed("albedo", albedo)]
    lines += [fixed("emissivity", 0.95)] if simple else [
        estimated("emissivity", (0.95, 0.8, 1)), estimated("bowen_ratio", (3.5, 0.5, 20))]
    sought = model.parameters
    if "roughness_length" in sought:
        sought["roughness_length"] = ROUGHNESS
    return lines + [estimated(*item) for item in sought.items()]


def estimate(program, number, case, albedo):
    name, simple = f"case_{number}", case.setting == SIMPLE
    return program.run(name, [
        group("run", mode="estimate", output=f"{name}.nc"),
        group("time", start="2011-12-16T18:00", stop="2013-01-01T06:30", step=1800),
        group("soil", node_depths=NODES, bottom="flux", initial="spinup", spinup_tolerance=0.01),
        fixed("geothermal_flux", 0), fixed("deep_temperature", 300),  # where the spin-up begins
        *soil(simple), OPTIMIZER, *observations(STREAMS, case.fitted),
        *above(case.model, simple, albedo)])


def published_table(cases):
    """Glebe's cases in which all streams are fitted, among the urban models."""
    models = pd.read_csv(HERE / "urban_plumber.csv", comment="#").set_index("model")
    for case, result in cases.items():
        if case.setting != SIMPLE:
            models.loc[f"**{case.label}** (fitted)"] = {
                f"{name}_{key}": scores(residuals(result, variable), 0)[key]
                for variable, name in PUBLISHED.items() for key in ("mae", "rmse")}
    rows = [[name, *("–" if np.isnan(values[f"{variable}_mae"]) else
                     f"{values[f'{variable}_mae']:.2f} / {values[f'{variable}_rmse']:.2f}"
                     for variable in PUBLISHED.values())]
            for name, values in models.sort_values("LWup_mae").iterrows()]
    return table(["model", *(STREAMS[variable].label for variable in PUBLISHED)], rows)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: west_phoenix.py <folder with tower.nc> <command of glebe ...>")
    folder = pathlib.Path(sys.argv[1])
    program = Program(sys.argv[2:], folder)
    tower = xr.load_dataset(folder / "tower.nc")
    weather = pd.DataFrame({name: tower[f"{name}_measured"].to_series()
                            for name in INPUTS["3km27"]})
    cases = {case: estimate(program, number, case, float(tower.attrs["albedo"]))
             for number, case in enumerate(CASES) if program.has(case.model)}
    rich = {case: result for case, result in cases.items() if case.setting != SIMPLE}
    page(folder / "west_phoenix.md", {
        "West Phoenix: one half predicts the other, MAE / RMSE (bias)":
            predictions_table(STREAMS, cases, weather, tower),
        "West Phoenix: among the urban models, MAE / RMSE": published_table(cases),
        "West Phoenix: mean day of the residual": mean_day_table(STREAMS, rich, UTC_OFFSET),
        "West Phoenix: MAE by month": months_table(STREAMS, rich),
        "West Phoenix: estimates": estimates_table(STREAMS, cases)})


if __name__ == "__main__":
    main()
