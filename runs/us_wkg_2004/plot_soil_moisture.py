#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draw conductivity and heat capacity by month against soil moisture, with the curves of the moist fit."""

import os
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from soil_moisture import by_month, moist

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import complete, format_of, guarded, parser_of  # noqa: E402

# Where to write each month's name, in points from its dot.
MONTHS = {"May": (-9, 12), "Jun": (4, -9), "Jul": (-17, 4), "Aug": (4, 3), "Sep": (4, -1), "Oct": (4, 5),
          "Nov": (4, -8), "Dec": (-20, 4)}
POINTS, CURVE, CONSTANT = "#1f3b57", "#c8562b", "#8a8a8a"


def draw(results, tower, path):
    columns = by_month(results, tower)
    water = np.linspace(0, 0.10, 100)  # drier than that 95 % of the time
    curves = dict(zip(("lambda", "C"), moist(results["moist_upper"], water)))
    constant = {"lambda": float(results["constant"].thermal_conductivity),
                "C": float(results["constant"].heat_capacity)}
    plt.rcParams.update({"font.size": 8, "axes.linewidth": 0.6, "font.family": "DejaVu Sans"})
    figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.0), layout="constrained")
    labels = {"lambda": ("Conductivity [W m⁻¹ K⁻¹]", 1), "C": ("Heat capacity [10⁶ J m⁻³ K⁻¹]", 1e-6)}
    for panel, (key, (label, scale)) in zip(panels, labels.items()):
        panel.axhline(scale * constant[key], color=CONSTANT, linewidth=1, linestyle="--",
                      label="one constant")
        panel.plot(100 * water, scale * curves[key], color=CURVE, linewidth=1.3, label="moist, upper probe")
        panel.errorbar(100 * columns["upper"], scale * columns[key], scale * columns[f"{key}_std"],
                       color=POINTS, fmt="o", markersize=3.5, elinewidth=0.9, capsize=2,
                       label="each month by itself")
        for x, y, (month, place) in zip(100 * columns["upper"], scale * columns[key], MONTHS.items()):
            panel.annotate(month, (x, y), place, textcoords="offset points", fontsize=7)
        panel.set_xlabel("Soil water, upper probe [% of volume]")
        panel.set_ylabel(label)
        panel.set_xlim(-0.3, 10)
    panels[0].set_ylim(0, 0.7)
    panels[1].set_ylim(0.8, 2.0)
    panels[0].legend(frameon=False, loc="lower right")
    with complete(path) as temporary:
        figure.savefig(temporary, format=format_of(path), dpi=200)
    plt.close(figure)


def main(argv=None):
    parser = parser_of(__doc__, folder="the folder with tower.nc and the results of soil_moisture.py")
    parser.add_argument("-o", "--output", default="soil_moisture.png", help="the figure (soil_moisture.png)")
    args = parser.parse_args(argv)

    def work():
        folder = pathlib.Path(args.folder)
        names = "constant", "by_month", "moist_both", "moist_upper", "by_month_skin"
        results = {name: xr.load_dataset(folder / f"flux_{name}.nc") for name in names}
        with xr.open_dataset(folder / "tower.nc") as tower:
            draw(results, tower, args.output)
        print(f"written: {args.output}")
    return guarded("plot_soil_moisture.py", work)


if __name__ == "__main__":
    sys.exit(main())
