#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compare the estimates of a twin with its truth, column by column, and draw maps of both.

For each parameter: bias, root-mean-square error, and the share of the columns whose estimate lies
within one, two and three posterior standard deviations of the truth (68.3, 95.4 and 99.7 per cent
if the standard deviations are right). A column that failed or did not converge lies outside.
Exit status 1 when the share within three is less than 99 per cent for any parameter.
"""
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../python"))
from glebe_tools.command import InputError, complete, format_of, parser_of  # noqa: E402

# name: title of the maps, units, scale of the colour bar
PARAMETERS = {
    "thermal_conductivity": ("Thermal conductivity", "W m⁻¹ K⁻¹", 1),
    "heat_capacity": ("Heat capacity", "MJ m⁻³ K⁻¹", 1e-6),
    "albedo": ("Albedo", "1", 1),
    "heat_transfer": ("Heat transfer", "W m⁻² K⁻¹", 1),
    "deep_temperature": ("Deep temperature", "K", 1),
}
LIMIT = 99.0


def load(truth, estimate):
    """{name: (truth, estimate, error in standard deviations)}, [y][x]; NaN outside the mask."""
    names = [name for name in PARAMETERS if f"{name}_std" in estimate]
    if not names:
        raise InputError("the estimate holds none of " + ", ".join(PARAMETERS))
    taking_part = np.isfinite(estimate.cost_initial.values)
    converged = taking_part & (estimate.status.values == 0)
    fields = {}
    for name in names:
        true, found = truth[name].values, estimate[name].values
        if true.shape != found.shape:
            raise InputError(f"{name}: the truth is {true.shape}, the estimate {found.shape}")
        with np.errstate(divide="ignore", invalid="ignore"):
            error = (found - true) / estimate[f"{name}_std"].values
        error = np.where(converged & np.isfinite(error), error, np.inf)
        fields[name] = (true, np.where(converged, found, np.nan),
                        np.where(taking_part, error, np.nan))
    return fields, int(taking_part.sum()), int(converged.sum())


def table(fields):
    """Prints a line per parameter; the least share within three standard deviations [%]."""
    print(f"{'parameter':<22}{'bias':>11}{'rmse':>11}"
          f"{'within 1':>12}{'2':>8}{'3 std':>9}")
    least = 100.0
    for name, (true, found, error) in fields.items():
        difference = (found - true)[np.isfinite(found)]
        bias, rmse = (difference.mean(), np.sqrt((difference**2).mean())) if difference.size \
            else (np.nan, np.nan)
        errors = np.abs(error[~np.isnan(error)])
        shares = [100 * np.mean(errors <= n) for n in (1, 2, 3)]
        least = min(least, shares[2])
        print(f"{name:<22}{bias:>+11.3g}{rmse:>11.3g}"
              f"{shares[0]:>10.2f} %{shares[1]:>6.2f} %{shares[2]:>7.2f} %")
    return least


def draw(fields, estimate, path):
    """A row per parameter: truth, estimate, error in standard deviations."""
    plt.rcParams.update({"font.size": 8, "axes.linewidth": 0.6, "font.family": "DejaVu Sans",
                         "xtick.major.width": 0.6, "ytick.major.width": 0.6})
    rows = len(fields)
    figure, panels = plt.subplots(rows, 3, figsize=(7.2, 2.05 * rows + 0.3), sharex=True,
                                  sharey=True, squeeze=False, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06)
    x, y = estimate.x.values / 1000, estimate.y.values / 1000
    # A few extreme cells, such as the forest's, must not flatten the colours of all others.
    for row, (name, (true, found, error)) in zip(panels, fields.items()):
        title, units, scale = PARAMETERS[name]
        low, high = np.nanpercentile(scale * np.array([true, found]), (1.5, 98.5))
        for panel, field, heading in zip(row, (true, found), ("truth", "estimate")):
            image = panel.pcolormesh(x, y, scale * field, vmin=low, vmax=high, cmap="viridis",
                                     rasterized=True)
            panel.set_title(f"{title}, {heading}", loc="left", fontsize=8)
        label = title if units == "1" else units
        figure.colorbar(image, ax=row[:2], label=label, extend="both", fraction=0.06, pad=0.02,
                        aspect=14)
        image = row[2].pcolormesh(x, y, error, vmin=-3, vmax=3, cmap="RdBu_r", rasterized=True)
        row[2].set_title("(estimate − truth) / std", loc="left", fontsize=8)
        figure.colorbar(image, ax=row[2], label="standard deviations", extend="both",
                        ticks=[-3, -2, -1, 0, 1, 2, 3], fraction=0.1, pad=0.02, aspect=14)
        row[0].set_ylabel("y [km]")
        for panel in row:
            panel.set_aspect("equal")
            panel.set_facecolor("0.9")
    for panel in panels[-1]:
        panel.set_xlabel("x [km]")
    with complete(path) as temporary:
        figure.savefig(temporary, format=format_of(path), dpi=200)
    plt.close(figure)


def main(argv=None):
    parser = parser_of(__doc__, truth="the file with the true parameters",
                       estimate="the result file of the estimate")
    parser.add_argument("-o", "--output", help="the figure (default: beside the estimate, .png)")
    args = parser.parse_args(argv)
    output = args.output or os.path.splitext(args.estimate)[0] + ".png"
    try:
        with xr.open_dataset(args.truth) as truth, xr.open_dataset(args.estimate) as estimate:
            fields, n_column, n_converged = load(truth, estimate)
            print(f"{n_converged} of {n_column} columns converged")
            least = table(fields)
            draw(fields, estimate, output)
    except (InputError, OSError, KeyError, AttributeError) as error:
        print(f"compare.py: error: {args.estimate}: {error}", file=sys.stderr)
        return 2
    print(f"written: {output}")
    if not least >= LIMIT:
        print(f"compare.py: only {least:.2f} % within three standard deviations, "
              f"{LIMIT:g} % are expected", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
