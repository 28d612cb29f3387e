#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write hourly weather for a square grid of about so many columns, and true parameters to be found
on it: the inputs of region_at_scale.sh.

Clear and cloudy days, warm and cold spells differ from column to column. Values are float32,
uncompressed, one hour after the other, as many models write them. One hour is in memory at a time.
"""
import math
import os
import sys

import netCDF4
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import complete, guarded, parser_of  # noqa: E402

# name: standard_name, units
FORCING = {"SWdown": ("surface_downwelling_shortwave_flux_in_air", "W m-2"),
           "LWdown": ("surface_downwelling_longwave_flux_in_air", "W m-2"),
           "Tair": ("air_temperature", "K")}
# name: units, least and greatest true value
TRUTH = {"thermal_conductivity": ("W m-1 K-1", 0.55, 2.65),
         "heat_capacity": ("J m-3 K-1", 1.2e6, 3.6e6),
         "albedo": ("1", 0.11, 0.44),
         "heat_transfer": ("W m-2 K-1", 8.5, 35.5),
         "deep_temperature": ("K", 279.0, 291.0)}


class Weather:
    """The weather of a grid of columns, hour by hour; the days between two midnights are linear."""

    def __init__(self, shape, n_day, random):
        self.mean = random.uniform(282, 291, shape)
        self.daily = random.uniform(3, 9, shape)
        self.sun = random.uniform(600, 900, shape)
        self.cloud = [random.uniform(0, 1, shape).astype("f4") for _ in range(n_day + 2)]
        self.warmth = [random.uniform(-3, 3, shape).astype("f4") for _ in range(n_day + 2)]

    def at(self, hour):
        """Shortwave and longwave radiation [W m-2], air temperature [K]: each [y][x]."""
        day, w = hour // 24, hour % 24 / 24
        cloud = (1 - w) * self.cloud[day] + w * self.cloud[day + 1]
        warmth = (1 - w) * self.warmth[day] + w * self.warmth[day + 1]
        noon = -math.cos(2 * math.pi * hour / 24)
        air = self.mean + self.daily * (1 - 0.6 * cloud) * noon + warmth
        return (self.sun * (1 - 0.7 * cloud) * max(0.0, noon),
                230 + 90 * cloud + 4 * (air - 280), air)


def write_grid(dataset, n):
    for name in ("y", "x"):
        dataset.createDimension(name, n)
        axis = dataset.createVariable(name, "f8", (name,))
        axis.setncatts({"units": "m", "standard_name": f"projection_{name}_coordinate"})
        axis[:] = 1000.0 * np.arange(n)


def write_forcing(path, n, n_day, random):
    weather = Weather((n, n), n_day, random)
    with complete(path) as temporary, netCDF4.Dataset(temporary, "w") as dataset:
        dataset.set_fill_off()
        write_grid(dataset, n)
        dataset.createDimension("time", 24 * n_day + 1)
        time = dataset.createVariable("time", "f8", ("time",))
        time.setncatts({"units": "hours since 2001-06-01T00:00:00", "calendar": "standard",
                        "standard_name": "time"})
        time[:] = np.arange(24 * n_day + 1)
        variables = []
        for name, (standard_name, units) in FORCING.items():
            variable = dataset.createVariable(name, "f4", ("time", "y", "x"), contiguous=True)
            variable.setncatts({"standard_name": standard_name, "units": units})
            variables.append(variable)
        for hour in range(24 * n_day + 1):
            for variable, values in zip(variables, weather.at(hour)):
                variable[hour] = values


def write_truth(path, n, random):
    with complete(path) as temporary, netCDF4.Dataset(temporary, "w") as dataset:
        write_grid(dataset, n)
        for name, (units, least, greatest) in TRUTH.items():
            variable = dataset.createVariable(name, "f8", ("y", "x"))
            variable.units = units
            variable[:] = random.uniform(least, greatest, (n, n))


def main(argv=None):
    parser = parser_of(__doc__, forcing="the file of the weather", truth="that of the parameters")
    parser.add_argument("--columns", type=int, default=6250, help="at least so many (6250)")
    parser.add_argument("--days", type=int, default=30, help="of weather (30)")
    args = parser.parse_args(argv)
    if args.columns < 1 or args.days < 1:
        parser.error("--columns and --days: must be at least 1")
    n = math.isqrt(args.columns - 1) + 1

    def work():
        random = np.random.default_rng(31)
        write_forcing(args.forcing, n, args.days, random)
        write_truth(args.truth, n, random)
        print(f"{args.forcing}: {n} x {n} columns, {args.days} days")
    return guarded("region_weather.py", work, args.forcing)


if __name__ == "__main__":
    sys.exit(main())
