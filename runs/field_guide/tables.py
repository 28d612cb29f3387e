#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Print the tables of docs/field_guide.md from the results of run.sh: tables.py <folder of the results>."""
import pathlib
import sys

import xarray as xr

PARAMETERS = {"thermal_conductivity": "conductivity", "heat_capacity": "heat capacity",
              "heat_transfer": "exchange in calm air", "heat_transfer_wind": "exchange by wind"}
LENGTHS = (3, 10, 30)  # days
LENGTHS_SHOWN = ("thermometer 2 cm", "thermometers 2, 10 cm", "thermometer 2 cm, plate 5 cm",
                 "longwave up, thermometer 10 cm", "all of them")


def designs(path):
    """(name, days) of each design, with its standard deviations in per cent of the parameters."""
    with xr.open_dataset(path) as result:
        names = [label.split(":")[0].replace("_", " ") for label in result.design.names.split()]
        days = [round(float(length)) for length in result.design_days]
        percent = {name: 100 * (result[f"{name}_std"] / result[name]).to_numpy()
                   for name in PARAMETERS}
    return {key: {name: float(percent[name][i]) for name in PARAMETERS}
            for i, key in enumerate(zip(names, days))}


def in_table(head, rows):
    return "\n".join("| " + " | ".join(row) + " |"
                     for row in [head, ["---"] * len(head), *rows])


def number(percent):
    return f"{percent:.1f}" if percent < 10 else f"{percent:.0f}"


def instruments(exact, displaced):
    """Thirty days: each parameter with depths that are known, and with depths known to 5 mm."""
    names = dict.fromkeys(name for name, _ in exact)
    return in_table(
        ["instruments", *PARAMETERS.values()],
        [[name, *(f"{number(exact[name, 30][p])} ({number(displaced[name, 30][p])})"
                  for p in PARAMETERS)] for name in names])


def lengths(exact, names):
    return in_table(
        ["instruments", *(f"{days} days" for days in LENGTHS)],
        [[name, *(number(exact[name, days]["thermal_conductivity"]) for days in LENGTHS)]
         for name in names])


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: tables.py <folder of the results of run.sh>")
    folder = pathlib.Path(sys.argv[1])
    dry, dry_displaced, wet, wet_displaced = (
        designs(folder / f"{name}.nc") for name in ("dry", "dry_depths", "wet", "wet_depths"))
    print(instruments(dry, dry_displaced), instruments(wet, wet_displaced),
          lengths(dry, LENGTHS_SHOWN), sep="\n\n")


if __name__ == "__main__":
    main()
