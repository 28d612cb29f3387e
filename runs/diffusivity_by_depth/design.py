#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a string of thermistors can tell of the diffusivity between them: for daily ranges at 5 cm and
lengths of the window, the standard deviation that `mode = 'design'` predicts. Prints a table."""

import pathlib
import subprocess
import sys

import numpy as np
import xarray

RANGES = 0.5, 1.0, 1.5, 3.0, 6.0  # [K] of a day at 5 cm
DAYS = 1, 2, 4, 8
GRADIENT = 2.0  # [K m-1] of the mean profile
SENSORS = 0.05, 0.15, 0.25, 0.35  # [m], and one at the bottom
BOTTOM = 0.50
SIGMA = 0.1  # [K] of a reading, independent from one to the next
HORIZONS = (("upper", 0.15), ("middle", 0.25), ("lower", 0.50))
CONDUCTIVITY, CAPACITY = 1.2, 2.0e6

NAMELIST = """! Written by design.py.
&run mode = 'design', output = 'range_{range:g}.nc' /
&time start = '2020-07-01', stop = '2020-07-09', step = 1800 /
&soil nodes = 46, initial = 'profile' /
&boundary end = 'top', depth = 0.05, file = 'string_{range:g}.nc', variable = 'top', stamp = 'instant' /
&boundary end = 'bottom', depth = {bottom}, file = 'string_{range:g}.nc', variable = 'bottom'
          stamp = 'instant' /
{horizons}{observations}{parameters}&parameter name = 'initial_temperature', depth = 0.1, 0.2, 0.3, 0.4
           value = {profile}, estimate = .true., lower = 250, upper = 300, prior_std = 1 /
&design name = 'string', streams = {streams}, days = {days} /
"""


def profile(z):
    return 275.0 + GRADIENT * (z - SENSORS[0])


def write_ends(path, daily_range):
    hours = np.arange(0, 8 * 24 + 1)
    top = profile(SENSORS[0]) + 0.5 * daily_range * np.sin(2 * np.pi * hours / 24)
    data = xarray.Dataset(
        {"top": ("time", top, {"units": "K"}),
         "bottom": ("time", np.full(hours.shape, profile(BOTTOM)), {"units": "K"})},
        {"time": ("time", hours, {"units": "hours since 2020-07-01"})})
    data.to_netcdf(path)


def namelist(daily_range):
    horizons = "".join(f"&horizon name = '{name}', bottom = {bottom} /\n" for name, bottom in HORIZONS)
    inner = SENSORS[1:]
    observations = "".join(f"&observation kind = 'soil_temperature', depth = {z}, sigma = {SIGMA}\n"
                           f"             name = 'T_{round(100 * z)}cm', stamp = 'instant' /\n"
                           for z in inner)
    parameters = "".join(
        f"&parameter name = 'thermal_conductivity', horizon = '{name}', value = {CONDUCTIVITY} /\n"
        f"&parameter name = 'heat_capacity', horizon = '{name}', value = {CAPACITY}\n"
        f"           estimate = .true., lower = 0.2e6, upper = 8e6 /\n" for name, _ in HORIZONS)
    return NAMELIST.format(
        range=daily_range, bottom=BOTTOM, horizons=horizons, observations=observations,
        parameters=parameters, profile=", ".join(f"{profile(z):.2f}" for z in (0.1, 0.2, 0.3, 0.4)),
        streams=", ".join(f"'T_{round(100 * z)}cm'" for z in inner),
        days=", ".join(map(str, DAYS)))


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: design.py <folder> <command of glebe ...>")
    folder, glebe = pathlib.Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(exist_ok=True)
    print("| daily range at 5 cm [K] | days | " + " | ".join(name for name, _ in HORIZONS) + " |")
    print("|---|---|" + "---|" * len(HORIZONS))
    for daily_range in RANGES:
        write_ends(folder / f"string_{daily_range:g}.nc", daily_range)
        path = folder / f"range_{daily_range:g}.nml"
        path.write_text(namelist(daily_range))
        subprocess.run([*glebe, path], check=True, stdout=subprocess.DEVNULL)
        with xarray.open_dataset(path.with_suffix(".nc"), decode_times=False) as result:
            std = np.squeeze(result.heat_capacity_std.values) / CAPACITY
            for days, row in zip(DAYS, std.reshape(len(DAYS), -1)):
                print(f"| {daily_range:g} | {days} | "
                      + " | ".join(f"{100 * value:.2g} %" for value in row) + " |")


if __name__ == "__main__":
    main()
