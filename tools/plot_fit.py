#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Plot what an estimate fitted: observed points, the fitted line, and their differences.

For each observation stream s the result file has <s> (simulated) and <s>_observed on the
dimension 'time' or 'time_<another stream>', and on a grid the horizontal ones. Each becomes a
panel with a residual strip beneath; streams that were withheld from the fit are marked.
On a grid the column with the median misfit is drawn unless --column chooses another.
"""
import argparse
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

COLOURS = {"K": "#b2432f", "degC": "#b2432f", "W m-2": "#2f6db2"}
OTHER_COLOUR = "#3c7d3f"
WITHHELD_COLOUR = "#6d6d6d"


class InputError(Exception):
    """The input or an option is wrong; the message says what to do."""


def streams_of(result, wanted):
    """The names of the streams to draw: temperatures first, then fluxes, as in the file."""
    found = [str(name) for name in result.data_vars if f"{name}_observed" in result]
    if not found:
        raise InputError("no streams: no variable <s> has an <s>_observed beside it (was the "
                         "series asked for in the run's namelist?)")
    if wanted:
        unknown = [name for name in wanted if name not in found]
        if unknown:
            raise InputError(f"no stream {', '.join(unknown)}; the file has {', '.join(found)}")
        return wanted
    return sorted(found, key=lambda name: result[name].attrs.get("units") not in ("K", "degC"))


def time_dimension(variable, stream):
    for name in map(str, variable.dims):
        if name == "time" or name.startswith("time_"):
            return name
    raise InputError(f"{stream}: has no time among its dimensions "
                     f"({', '.join(map(str, variable.dims)) or 'none'})")


def horizontal(result, stream):
    """The horizontal dimensions of a stream, possibly none."""
    variable = result[stream]
    time = time_dimension(variable, stream)
    return [dim for dim in variable.dims if dim != time]


def misfit(result, stream):
    """The root-mean-square difference along time: a number or a map, NaN without data."""
    difference = result[stream] - result[f"{stream}_observed"]
    return np.sqrt((difference**2).mean(time_dimension(result[stream], stream)))


def choose_column(result, streams, wanted):
    """{dimension: index} of the column to draw; empty for a single column."""
    shapes = {dim: result.sizes[dim] for stream in streams for dim in horizontal(result, stream)}
    if not shapes:
        if wanted:
            raise InputError("--column: the result has no horizontal dimensions")
        return {}
    if wanted:
        if len(wanted) != len(shapes) or any(
                not 0 <= i < n for i, n in zip(wanted, shapes.values())):
            sizes = ", ".join(f"{dim} 0..{n - 1}" for dim, n in shapes.items())
            raise InputError(f"--column needs {len(shapes)} indices: {sizes}")
        return dict(zip(shapes, wanted))
    first = next(s for s in streams if set(horizontal(result, s)) == set(shapes))
    rms = misfit(result, first).transpose(*shapes).values
    order = np.argsort(rms, axis=None)  # NaN last
    count = int(np.isfinite(rms).sum())
    if count == 0:
        raise InputError(f"{first}: no column has both a simulated and an observed value")
    middle = np.unravel_index(order[(count - 1) // 2], rms.shape)
    return {dim: int(i) for dim, i in zip(shapes, middle)}


def heading(result, stream, rms, bias):
    """What a panel shows: long name, depth, misfit, and whether the fit has seen it."""
    attributes = result[stream].attrs
    text = str(attributes.get("long_name", stream.replace("_", " ")))
    if "depth" in attributes and "depth" not in text and " cm" not in text:
        depth = str(attributes["depth"]).split()[0]
        text += f", {float(depth) * 100:g} cm"
    units = attributes.get("units", "")
    text += f"   rmse {rms:.3g}, bias {bias:+.2g} {units}".rstrip()
    return text + ("   [withheld]" if is_withheld(result, stream) else "")


def is_withheld(result, stream):
    return bool(int(result[stream].attrs.get("withheld", 0)))


def statistics(result, stream, column, difference):
    """rmse_<s> and bias_<s> of the file where it has them, otherwise from the series."""
    numbers = []
    for kind, fallback in (("rmse", lambda d: np.sqrt(np.nanmean(d**2))), ("bias", np.nanmean)):
        name = f"{kind}_{stream}"
        value = np.nan
        if name in result:
            chosen = {dim: i for dim, i in column.items() if dim in result[name].dims}
            value = float(result[name].isel(chosen))
        if np.isnan(value) and np.isfinite(difference).any():
            value = float(fallback(difference))
        numbers.append(value)
    return numbers


def draw(panel, strip, result, stream, column):
    """One stream: the series above, simulated minus observed below."""
    chosen = {dim: i for dim, i in column.items() if dim in result[stream].dims}
    simulated = result[stream].isel(chosen)
    observed = result[f"{stream}_observed"].isel(chosen)
    dimension = time_dimension(simulated, stream)
    time = result[dimension].values
    if not np.issubdtype(time.dtype, np.datetime64):
        raise InputError(f"{dimension}: no CF time with units 'seconds since ...'")
    y, y_observed = simulated.values, observed.values
    difference = y - y_observed
    units = simulated.attrs.get("units", "")
    withheld = is_withheld(result, stream)
    colour = WITHHELD_COLOUR if withheld else COLOURS.get(units, OTHER_COLOUR)

    panel.plot(time, y_observed, "o", ms=2.6, mfc="none", mec="0.25", mew=0.6, label="observed")
    panel.plot(time, y, "--" if withheld else "-", lw=1.3, color=colour,
               label="predicted" if withheld else "fitted")
    panel.set_ylabel(units)
    rms, bias = statistics(result, stream, column, difference)
    panel.set_title(heading(result, stream, rms, bias), loc="left", fontsize=8.5)
    panel.legend(loc="upper right", ncols=2, frameon=False, fontsize=7.5)
    low, high = panel.get_ylim()
    panel.set_ylim(low, high + 0.14 * (high - low))  # room for the legend
    panel.tick_params(labelbottom=False)

    strip.axhline(0, color="0.5", lw=0.6)
    strip.plot(time, difference, "-", lw=0.8, color=colour)
    largest = np.nanmax(np.abs(difference), initial=0.0)
    if largest > 0:
        strip.set_ylim(-1.1 * largest, 1.1 * largest)
    strip.set_ylabel("sim − obs", fontsize=7)
    for axes in (panel, strip):
        axes.spines[["top", "right"]].set_visible(False)
        axes.margins(x=0.01)
    locator = mdates.AutoDateLocator(minticks=3, maxticks=8)
    strip.xaxis.set_major_locator(locator)
    strip.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))


def plot(result, streams, column, output):
    """Writes the figure: one or, from five streams on, two columns of panels."""
    plt.rcParams.update({"font.size": 8, "axes.linewidth": 0.6, "figure.dpi": 200,
                         "xtick.direction": "out", "font.family": "DejaVu Sans"})
    across = 1 if len(streams) < 5 else 2
    down = -(-len(streams) // across)
    figure = plt.figure(figsize=(7.2 if across == 1 else 12.5, 0.5 + 2.3 * down),
                        layout="constrained")
    grid = figure.add_gridspec(2 * down, across, height_ratios=[3, 1] * down)
    for n, stream in enumerate(streams):
        row, side = n % down, n // down
        panel = figure.add_subplot(grid[2 * row, side])
        strip = figure.add_subplot(grid[2 * row + 1, side], sharex=panel)
        draw(panel, strip, result, stream, column)
    title = str(result.attrs.get("title", ""))
    if any(result.sizes[dim] > 1 for dim in column):
        place = ", ".join(f"{dim} {i}" for dim, i in column.items())
        title = f"{title} ({place})" if title else place
    if title:
        figure.suptitle(title, fontsize=10)
    kind = os.path.splitext(output)[1].lstrip(".").lower() or "png"
    temporary = f"{output}.part"
    try:
        figure.savefig(temporary, format=kind)
        os.replace(temporary, output)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise
    finally:
        plt.close(figure)


def parse_arguments(argv):
    def names(text):
        return [name.strip() for name in text.split(",") if name.strip()]

    def indices(text):
        return [int(word) for word in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", help="the result file of an estimate")
    parser.add_argument("-o", "--output", help="the figure (default: beside the result, .png)")
    parser.add_argument("--streams", type=names, metavar="A,B",
                        help="the streams to draw, in this order (default: all)")
    parser.add_argument("--column", type=indices, metavar="I,J",
                        help="indices of the column, from 0, in the order of the dimensions")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_arguments(argv)
    output = args.output or os.path.splitext(args.result)[0] + ".png"
    try:
        with xr.open_dataset(args.result) as result:
            streams = streams_of(result, args.streams)
            column = choose_column(result, streams, args.column)
            plot(result, streams, column, output)
    except (InputError, OSError, ValueError) as error:
        print(f"plot_fit.py: error: {args.result}: {error}", file=sys.stderr)
        return 2
    print(f"{output}: {', '.join(streams)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
