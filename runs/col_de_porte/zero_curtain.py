#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The zero curtain of 2001-02: days that observed and simulated temperatures stay within 0.3 K of 0 degC,
with and without freezing, the misfit by period, and a figure.

The longest spell is the one in which the temperature never leaves the range.
"""

import os
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import complete, format_of, guarded, parser_of  # noqa: E402

ZERO, WIDTH = 273.15, 0.3
FROM_SURFACE = [("surface_freezing", "with ice"), ("surface_moist", "no ice, fitted"),
                ("surface_without", "no ice, same parameters")]
FROM_SENSOR = [("freezing", "with ice"), ("moist", "no ice, fitted")]
PANELS = [("10 cm, from the weather", 10, "fit_10", FROM_SURFACE),
          ("20 cm, from the weather", 20, "fit_20", FROM_SURFACE),
          ("20 cm, from the sensor at 10 cm", 20, "fitted", FROM_SENSOR)]
PERIODS = [("fitted", "2001-09-21", "2001-12-31T23:00"), ("under snow", "2002-01-01", "2002-04-03T11:00"),
           ("after snow", "2002-04-03T12:00", "2002-04-10")]
COLOURS = {"with ice": "#1f3b57", "no ice, fitted": "#c8562b", "no ice, same parameters": "#e3a857"}


def longest_spell(inside):
    """First and last hour of the longest unbroken stretch."""
    group = (inside != inside.shift()).cumsum()[inside]
    if group.empty:
        return None
    spell = group.index[group == group.value_counts().idxmax()]
    return spell[0], spell[-1]


def near_zero(temperature):
    return (temperature - ZERO).abs() <= WIDTH


def curtain(temperature):
    inside = near_zero(temperature)
    hours = temperature.index[inside]
    start, stop = longest_spell(inside)
    days = (stop - start) / pd.Timedelta(days=1)
    return (f"{inside.sum() / 24:.0f} | {hours[0]:%d %b} to {hours[-1]:%d %b} | "
            f"{days:.0f}, {start:%d %b} to {stop:%d %b}")


def draw(panels, snow, path):
    plt.rcParams.update({"font.size": 8, "axes.linewidth": 0.6, "font.family": "DejaVu Sans"})
    figure, axes = plt.subplots(len(panels), 1, figsize=(7.2, 6.4), sharex=True, sharey=True,
                                layout="constrained")
    for axis, (title, observed, runs) in zip(axes, panels):
        axis.axhspan(-WIDTH, WIDTH, color="0.88", linewidth=0)
        for label, simulated in runs.items():
            axis.plot(simulated.index, simulated - ZERO, color=COLOURS[label], linewidth=1.1, label=label)
        axis.plot(observed.index, observed - ZERO, color="black", linewidth=0.8, label="observed")
        axis.axvline(pd.Timestamp("2002-01-01"), color="0.5", linewidth=0.6, linestyle=":")
        axis.fill_between(snow.index, -5, np.where(snow > 0, -4.75, -5), color="#8fb3d9", linewidth=0)
        axis.set_ylim(-5, 5)
        axis.set_ylabel("Temperature [°C]")
        axis.set_title(title, loc="left", fontsize=8)
    axes[0].legend(frameon=False, ncols=4, loc="upper center")
    axes[-1].set_xlim(pd.Timestamp("2001-12-01"), pd.Timestamp("2002-04-10"))
    axes[-1].xaxis.set_major_formatter(mdates.ConciseDateFormatter(mdates.AutoDateLocator()))
    with complete(path) as temporary:
        figure.savefig(temporary, format=format_of(path), dpi=200)
    plt.close(figure)


def main(argv=None):
    parser = parser_of(__doc__, folder="the folder with winter_2001.nc and the results")
    parser.add_argument("-o", "--output", default="zero_curtain.png", help="the figure (zero_curtain.png)")
    args = parser.parse_args(argv)

    def work():
        folder = pathlib.Path(args.folder)
        weather = xr.load_dataset(folder / "winter_2001.nc")
        panels = []
        print("| | days within 0.3 K | first, last | longest spell [d] | days both | rmse " +
              ", ".join(name for name, *_ in PERIODS) + " [K] |\n|---|---|---|---|---|---|")
        for title, depth, stream, cases in PANELS:
            observed = xr.merge([weather[f"Ts_{depth}cm_fit"], weather[f"Ts_{depth}cm_check"]])
            observed = observed[f"Ts_{depth}cm_fit"].fillna(observed[f"Ts_{depth}cm_check"]).to_series()
            print(f"| {title}: observed | {curtain(observed)} | | |")
            runs = {}
            for case, label in cases:
                with xr.open_dataset(folder / f"{case}.nc") as result:
                    runs[label] = result[stream].to_series()
                there = observed.reindex(runs[label].index)
                error = runs[label] - there
                both = (near_zero(runs[label]) & near_zero(there)).sum() / 24
                misfit = [np.sqrt((error[start:stop] ** 2).mean()) for _, start, stop in PERIODS]
                print(f"| {label} | {curtain(runs[label])} | {both:.0f} | "
                      + ", ".join(f"{value:.2f}" for value in misfit) + " |")
            panels.append((title, observed, runs))
        draw(panels, weather.SnowDepth.to_series(), args.output)
        print(f"written: {args.output}")
    return guarded("zero_curtain.py", work)


if __name__ == "__main__":
    sys.exit(main())
