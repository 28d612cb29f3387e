#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compare a field estimated from few sensors with the truth, cell by cell.

Besides the smooth estimate: the first guess, and the estimates of the sensors' cells by themselves,
of which every other cell takes that of its nearest sensor. Errors are counted in the cells
without sensor. Draws maps of all of them.
"""
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import InputError, complete, format_of, guarded, parser_of  # noqa: E402

# name: title of the maps, units, scale of the colour bar
FIELDS = {
    "thermal_conductivity": ("Thermal conductivity", "W m⁻¹ K⁻¹", 1),
    "heat_capacity": ("Heat capacity", "MJ m⁻³ K⁻¹", 1e-6),
    "deep_temperature": ("Deep temperature", "K", 1),
}
TRUTH, SMOOTH, ALONE, SPREAD = "truth", "smooth estimate", "cells alone", "smooth, std"


def nearest_sensor(sensor, x, y):
    """For every cell the indices of the sensor nearest to it; the first one where two are."""
    rows, columns = np.nonzero(sensor)
    yy, xx = np.meshgrid(y, x, indexing="ij")
    distance = np.hypot(yy[..., None] - y[rows], xx[..., None] - x[columns])
    nearest = distance.argmin(axis=-1)
    return rows[nearest], columns[nearest], distance.min(axis=-1)


def load(truth, smooth, by_cell, sensor):
    """{name: {truth, smooth, std, first guess, by_cell, nearest}}, each [y][x]."""
    if truth.sizes["y"] != smooth.sizes["y"] or truth.sizes["x"] != smooth.sizes["x"]:
        raise InputError(f"the truth is {dict(truth.sizes)}, the estimate {dict(smooth.sizes)}")
    rows, columns, distance = nearest_sensor(sensor, smooth.x.values, smooth.y.values)
    fields = {}
    for name in FIELDS:
        alone = np.where(sensor, by_cell[name].values, np.nan)
        if not np.isfinite(alone[sensor]).all():
            raise InputError(f"{name}: a cell with a sensor has no estimate of its own")
        fields[name] = {
            "truth": truth[name].values, "smooth": smooth[name].values,
            "std": smooth[f"{name}_std"].values, "guess": smooth[f"{name}_prior"].values,
            "by_cell": alone, "by_cell_std": by_cell[f"{name}_std"].values,
            "nearest": alone[rows, columns]}
    return fields, distance


def rms(difference):
    return np.sqrt(np.mean(difference**2))


def table(fields, sensor, distance):
    """Prints errors in cells without and with sensor, and how the standard deviations fare."""
    away = ~sensor
    print(f"{sensor.sum()} sensors, {away.sum()} cells without; on average "
          f"{distance[away].mean() / 1000:.1f} km, at most {distance.max() / 1000:.1f} km "
          "from the nearest sensor")
    print("in cells without sensor               rmse                         smooth estimate")
    print(f"{'':<22}{'first guess':>12}{'nearest':>11}{'smooth':>11}{'mean std':>11}"
          f"{'within 1':>11}{'2':>9}{'3 std':>9}")
    for name, f in fields.items():
        error = (f["smooth"] - f["truth"])[away]
        shares = [100 * np.mean(np.abs(error) <= n * f["std"][away]) for n in (1, 2, 3)]
        print(f"{name:<22}{rms((f['guess'] - f['truth'])[away]):>12.3g}"
              f"{rms((f['nearest'] - f['truth'])[away]):>11.3g}{rms(error):>11.3g}"
              f"{f['std'][away].mean():>11.3g}"
              + "".join(f"{share:>{width}.1f} %" for share, width in zip(shares, (9, 7, 7))))
    print("in the sensors' own cells, rmse by itself and smooth, mean std of both")
    for name, f in fields.items():
        print(f"{name:<22}{rms((f['by_cell'] - f['truth'])[sensor]):>12.3g}"
              f"{rms((f['smooth'] - f['truth'])[sensor]):>11.3g}"
              f"{f['by_cell_std'][sensor].mean():>11.3g}{f['std'][sensor].mean():>11.3g}")
    print("thermal_conductivity by distance to the nearest sensor")
    f = fields["thermal_conductivity"]
    edges = (0, 1500, 3000, 4500, np.inf)
    for low, high in zip(edges[:-1], edges[1:]):
        part = away & (distance > low) & (distance <= high)
        if part.any():
            until = f"{high / 1000:4.1f} km" if np.isfinite(high) else "  more "
            print(f"  above {low / 1000:3.1f}, to {until}{part.sum():>6} cells: rmse "
                  f"{rms((f['smooth'] - f['truth'])[part]):.3g}, nearest "
                  f"{rms((f['nearest'] - f['truth'])[part]):.3g}, mean std "
                  f"{f['std'][part].mean():.3g}")


def classes(truth, smooth, sensor):
    """Prints the albedo of each land cover beside its truth."""
    cover = truth.land_cover
    names = dict(zip(np.atleast_1d(cover.attrs["flag_values"]).tolist(),
                     cover.attrs["flag_meanings"].split()))
    print("albedo of a land cover       cells  sensors    truth   estimate       std")
    for value, name in names.items():
        here = cover.values == value
        if not here.any():
            continue
        found, std = smooth.albedo.values[here], smooth.albedo_std.values[here]
        if np.ptp(found) > 0:
            raise InputError(f"albedo: varies within {name}; was it estimated by region?")
        print(f"{name:<28}{here.sum():>6}{(here & sensor).sum():>9}"
              f"{truth.albedo.values[here].mean():>9.4f}{found[0]:>11.5f}{std[0]:>10.5f}")


def draw(fields, sensor, x, y, path):
    """A row per parameter: truth, smooth estimate, sensors by themselves, standard deviation."""
    plt.rcParams.update({"font.size": 8, "axes.linewidth": 0.6, "font.family": "DejaVu Sans",
                         "xtick.major.width": 0.6, "ytick.major.width": 0.6})
    rows = len(fields)
    figure, panels = plt.subplots(rows, 4, figsize=(7.2, 1.75 * rows + 0.5), sharex=True,
                                  sharey=True, squeeze=False, layout="compressed")
    x, y = x / 1000, y / 1000
    at_y, at_x = np.nonzero(sensor)
    for row, (name, f) in zip(panels, fields.items()):
        title, units, scale = FIELDS[name]
        low, high = (scale * edge(f["truth"]) for edge in (np.min, np.max))
        maps = (f["truth"], f["smooth"], f["by_cell"], f["std"])
        for panel, field, heading in zip(row, maps, (TRUTH, SMOOTH, ALONE, SPREAD)):
            spread = heading == SPREAD
            limits = {"vmin": 0} if spread else {"vmin": low, "vmax": high}
            if np.isnan(field).any():
                # A cell of a kilometre would hardly be seen.
                image = panel.scatter(x[at_x], y[at_y], c=scale * field[sensor], s=18, **limits,
                                      cmap="viridis", edgecolors="k", linewidths=0.3)
            else:
                image = panel.pcolormesh(x, y, scale * field, **limits, rasterized=True,
                                         cmap="magma_r" if spread else "viridis")
            if heading in (SMOOTH, SPREAD):
                panel.scatter(x[at_x], y[at_y], s=4, c="w", edgecolors="k", linewidths=0.3)
            if heading == SMOOTH:
                shown = image
            panel.set_aspect("equal")
            panel.set_facecolor("0.93")
            panel.set_xticks([0, 20, 40])
            panel.set_yticks([0, 20, 40])
            panel.set_xlim(0, x[-1] + x[0])
            panel.set_ylim(0, y[-1] + y[0])
        figure.colorbar(shown, ax=row[:3], label=units, extend="both", fraction=0.05, pad=0.01,
                        aspect=14, shrink=0.9)
        figure.colorbar(image, ax=row[3], label=units, fraction=0.1, pad=0.03, aspect=14,
                        shrink=0.9)
        row[0].set_ylabel(f"{title}\ny [km]")
    for panel, heading in zip(panels[0], (TRUTH, SMOOTH, ALONE, SPREAD)):
        panel.set_title(heading, loc="left", fontsize=8)
    for panel in panels[-1]:
        panel.set_xlabel("x [km]")
    with complete(path) as temporary:
        figure.savefig(temporary, format=format_of(path), dpi=200, bbox_inches="tight",
                       pad_inches=0.05)
    plt.close(figure)


def main(argv=None):
    parser = parser_of(__doc__, truth="the file with the true parameters",
                       smooth="the result of smooth.nml", by_cell="the result of by_cell.nml",
                       sensors="the observations that both used, by thin.py")
    parser.add_argument("-o", "--output", default="smooth.png", help="the figure (smooth.png)")
    args = parser.parse_args(argv)

    def work():
        with xr.open_dataset(args.truth) as truth, xr.open_dataset(args.smooth) as smooth, \
                xr.open_dataset(args.by_cell) as by_cell, xr.open_dataset(args.sensors) as sensors:
            sensor = sensors.sensor.values == 1
            fields, distance = load(truth, smooth, by_cell, sensor)
            table(fields, sensor, distance)
            classes(truth, smooth, sensor)
            draw(fields, sensor, smooth.x.values, smooth.y.values, args.output)
        print(f"written: {args.output}")
    return guarded("compare_smooth.py", work)


if __name__ == "__main__":
    sys.exit(main())
