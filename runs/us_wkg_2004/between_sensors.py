#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Diffusivity of every month from the two sensors alone: a column that begins at the sensor at 5 cm is
driven by it and fitted to the one at 15 cm. No weather, no surface. Prints a table."""

import pathlib
import subprocess
import sys

import xarray

CONDUCTIVITY = 0.5  # [W m-1 K-1] any: temperatures determine the ratio only
NAMELIST = """! Written by between_sensors.py.
&run mode = 'estimate', output = 'between_{month:02}.nc' /
&time start = '2004-{month:02}-01T07:00', stop = '{stop}T07:00', step = 1800 /
&soil depth = 0.6, nodes = 56, stretch = 1.02, initial = 'profile' /
&boundary end = 'top', depth = 0.05, file = 'tower.nc', variable = 'SoilTemp_5cm', stamp = 'end'
          max_gap = 24, std = 2 /
&observation kind = 'soil_temperature', depth = 0.15, file = 'tower.nc', variable = 'SoilTemp_15cm'
             stamp = 'end', sigma = 0.2 /
&parameter name = 'thermal_conductivity', value = {conductivity} /
&parameter name = 'heat_capacity', value = 1.5e6, estimate = .true., lower = 0.3e6, upper = 6e6 /
&parameter name = 'deep_temperature', value = 295, estimate = .true., lower = 260, upper = 320
           prior_std = 10 /
&parameter name = 'initial_temperature', depth = 0.1, 0.15, 0.3, 0.5, value = 295, estimate = .true.
           lower = 250, upper = 330, prior_std = 10 /
"""


def estimate(glebe, folder, month):
    stop = f"2004-{month + 1:02}-01" if month < 12 else "2004-12-29"
    namelist = folder / f"between_{month:02}.nml"
    namelist.write_text(NAMELIST.format(month=month, stop=stop, conductivity=CONDUCTIVITY))
    subprocess.run([*glebe, namelist], check=True, stdout=subprocess.DEVNULL)
    return xarray.load_dataset(namelist.with_suffix(".nc"), decode_times=False)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: between_sensors.py <folder with tower.nc> <command of glebe ...>")
    folder, glebe = pathlib.Path(sys.argv[1]), sys.argv[2:]
    print("| month | diffusivity [1e-6 m2 s-1] | rmse at 15 cm [K] | top_offset [K] |\n|---|---|---|---|")
    for month in range(6, 13):
        result = estimate(glebe, folder, month)
        C = float(result.heat_capacity)
        relative = float(result.heat_capacity_std) / C
        D = 1e6 * CONDUCTIVITY / C
        print(f"| {month} | {D:.2f} +- {D * relative:.2f} | "
              f"{float(result.rmse_soil_temperature_15cm):.2f} | {float(result.top_offset):+.2f} |")


if __name__ == "__main__":
    main()
