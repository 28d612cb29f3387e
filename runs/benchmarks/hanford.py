#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""US-Hn1, sagebrush at Hanford, June to December 2016: parameters from one half predict the other.

Reads tower.nc (prepare_hanford.py) in the folder; writes namelists, results, and hanford.md there.
"""
import pathlib
import sys

import pandas as pd
import xarray as xr

from common import EXCHANGE, Model, Program, estimated, fixed, group, page, surface
from halves import (OPTIMIZER, Case, Stream, estimates_table, mean_day_table, months_table,
                    observations, predictions_table)
from regressions import INPUTS

# Heights as JAX-CanVeg, whose files these are, has them; displacement: two thirds of 1.2 m.
HEIGHTS = {"wind_height": 5.0, "displacement": 0.8}
UTC_OFFSET = pd.Timedelta("-8h")
# First guess of the profile [K] at depths [m]: the sensor's first value, and the end of spring.
PROFILE = {0: 291, 0.15: 299.6, 0.5: 295, 1: 292, 2: 289}
STREAMS = {"SoilTemp_15cm": Stream("soil_temperature", 1, "soil temperature, 15 cm [K]", 0.15),
           "Qg_5cm": Stream("ground_heat_flux", 10, "G, 5 cm [W m-2]", 0.05),
           "Rnet": Stream("net_radiation", 20, "net radiation [W m-2]"),
           "Qturb": Stream("turbulent_heat", 40, "H + LE [W m-2]"),
           "Qturb_closed": Stream("turbulent_heat", None, "H + LE, closed [W m-2]")}
NAMES = tuple(name for name, stream in STREAMS.items() if stream.sigma)
CASES = [Case(fitted, Model("coefficients")) for fitted in (NAMES[:1], NAMES[:2])] + [
    Case(fitted, Model(exchange, extras)) for exchange in EXCHANGE for extras in ((), ("canopy",))
    for fitted in (NAMES[:3], NAMES)] + [
    Case(fitted, Model("stability", ("skin",))) for fitted in (NAMES[:3], NAMES)]


def soil():
    profile = group("parameter", name="initial_temperature", depth=list(PROFILE),
                    value=list(PROFILE.values()), estimate=True, lower=265, upper=320, prior_std=2)
    return [group("soil", depth=4, nodes=45, stretch=1.1, bottom="flux", initial="profile"),
            fixed("geothermal_flux", 0), profile,
            estimated("thermal_conductivity", (0.5, 0.05, 5)),
            estimated("heat_capacity", (1.5e6, 0.3e6, 5e6), prior_std=0.4e6)]


def above(case):
    """Surface, weather, and the parameters of the surface; radiation's only where it is fitted."""
    lines = [surface(case.model, HEIGHTS, longwave="absorbed", turbulence="combined"),
             group("forcing", file="tower.nc", stamp="end", wind="Wind")]
    radiation = {"albedo": (0.18, 0.05, 0.35), "emissivity": (0.95, 0.8, 1)}
    for name, limits in radiation.items():
        lines.append(estimated(name, limits) if "Rnet" in case.fitted else fixed(name, limits[0]))
    return lines + [estimated(*item) for item in case.model.parameters.items()]


def estimate(program, number, case):
    name = f"case_{number}"
    return program.run(name, [
        group("run", mode="estimate", output=f"{name}.nc"),
        group("time", start="2016-06-01T07:30", stop="2017-01-01T08:00", step=1800),
        *soil(), OPTIMIZER, *observations(STREAMS, case.fitted), *above(case)])


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: hanford.py <folder with tower.nc> <command of glebe ...>")
    folder = pathlib.Path(sys.argv[1])
    program = Program(sys.argv[2:], folder)
    tower = xr.load_dataset(folder / "tower.nc")
    weather = tower[list(INPUTS["3km27"])].isel(half=0).to_dataframe()
    cases = {case: estimate(program, number, case)
             for number, case in enumerate(CASES) if program.has(case.model)}
    rich = {case: result for case, result in cases.items() if len(case.fitted) > 2}
    page(folder / "hanford.md", {
        "Hanford: one half predicts the other, MAE / RMSE (bias)":
            predictions_table(STREAMS, cases, weather, tower),
        "Hanford: mean day of the residual": mean_day_table(STREAMS, rich, UTC_OFFSET),
        "Hanford: MAE by month": months_table(STREAMS, rich),
        "Hanford: estimates": estimates_table(STREAMS, cases)})


if __name__ == "__main__":
    main()
