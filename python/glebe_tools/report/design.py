# SPDX-License-Identifier: BSD-3-Clause
"""Figures of designs (mode = 'design'): what each would tell of a parameter, against the depth of
its candidate sensor, for pairs of depths, or in a list; and the numbers behind them."""
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator

from ..command import InputError
from ..estimates import in_words, place_names
from ..result import is_design
from .numbers import units
from .style import LIGHT, horizontal_grid, new_figure

COLOURS = ("fitted", "withheld", "third", "alarm", "observed", "ink")
CURVES = [{"ls": "-", "lw": 1.4, "marker": marker, "ms": 3.2} for marker in "os^"]
LEVELS = [{"ls": stroke, "lw": 1.1} for stroke in ("--", ":", "-.")]
PANEL_HEIGHT = 2.3


def parameters_of(result):
    """{label: (standard deviation [design], value, unit)}, medians over columns."""
    if not is_design(result):
        raise InputError("not the result of a design: no variable criterion(design)")
    grid = [str(dim) for dim in result["best_design"].dims]
    found = {}
    for name in (str(n) for n in result.data_vars if str(n).endswith("_std")):
        parameter = name.removesuffix("_std")
        std, value = result[name].median(grid), result[parameter].median(grid)
        for dim in [str(d) for d in std.dims if d != "design"] or [None]:
            labels = place_names(result, dim) if dim else [""]
            for i, label in enumerate(labels):
                column = std.isel({dim: i}) if dim else std
                centre = value.isel({dim: i}) if dim else value
                if np.isfinite(column).any():
                    found[f"{parameter}[{label}]" if label else parameter] = (
                        column.values, float(centre), result[parameter].attrs.get("units", ""))
    return found


def measured(std, value, unit):
    """Per cent of the value where zero means something, otherwise in the unit itself."""
    if unit in ("K", "W m-2") or value == 0:
        return std, unit
    return 100 * std / abs(value), "% of the value"


def groups_of(result):
    return [label.split(":")[0] for label in result["design"].attrs["names"].split()]


def depths_of(result):
    """Depths [cm] of the candidate sensors, [design][sensor]; NaN where there is none."""
    columns = [str(n) for n in result.data_vars if str(n).startswith("design_depth")]
    if not columns:
        return np.full((result.sizes["design"], 0), np.nan)
    return 100 * np.stack([result[name].values for name in sorted(columns)], axis=1)


def draw_against_depth(axes, result, values):
    """Colours tell the lengths apart, strokes the designs; returns what the legend explains."""
    groups, depths = np.array(groups_of(result)), depths_of(result)
    days = result["design_days"].values
    single = np.isfinite(depths).sum(axis=1) == 1
    lengths, handles = np.unique(days), []
    level = [g for g in dict.fromkeys(groups) if not single[groups == g].any()]
    curved = [g for g in dict.fromkeys(groups) if single[groups == g].any()]
    for group in [*curved, *level]:
        stroke = CURVES[curved.index(group) % 3] if group in curved \
            else LEVELS[level.index(group) % 3]
        handles.append(Line2D([], [], color=LIGHT["ink"], label=group.replace("_", " "), **stroke))
        for length in lengths:
            chosen = np.flatnonzero((groups == group) & (days == length))
            colour = LIGHT[COLOURS[np.searchsorted(lengths, length) % len(COLOURS)]]
            if len(chosen) == 0:
                continue
            if group in level:
                axes.axhline(values[chosen[0]], color=colour, **stroke)
                continue
            chosen = chosen[np.argsort(depths[chosen, 0])]
            axes.plot(depths[chosen, 0], values[chosen], color=colour, **stroke)
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    axes.yaxis.set_minor_formatter("")
    axes.set_xlabel("depth of the sensor [cm]")
    return handles + [Line2D([], [], color=LIGHT[COLOURS[n % len(COLOURS)]], lw=3,
                             label=f"{length:.4g} days") for n, length in enumerate(lengths)]


def draw_pairs(axes, result, values, figure):
    depths, days = depths_of(result), result["design_days"].values
    chosen = (np.isfinite(depths).sum(axis=1) == 2) & (days == days.max())
    marks = np.unique(depths[chosen])
    table = np.full((len(marks), len(marks)), np.nan)
    for i in np.flatnonzero(chosen):
        low, high = (int(np.searchsorted(marks, d)) for d in sorted(depths[i][:2]))
        table[high, low] = values[i]
    image = axes.imshow(table, origin="lower", cmap="cividis_r", aspect="auto")
    figure.colorbar(image, ax=axes, shrink=0.85)
    for row, column in np.argwhere(np.isfinite(table)):
        axes.text(column, row, f"{table[row, column]:.2g}", ha="center", va="center", fontsize=7,
                  bbox={"fc": LIGHT["paper"], "ec": "none", "alpha": 0.8, "pad": 1.0})
    for axis, text in ((axes.xaxis, "upper sensor [cm]"), (axes.yaxis, "lower sensor [cm]")):
        axis.set_ticks(range(len(marks)), [f"{mark:g}" for mark in marks])
        axis.set_label_text(text)


def draw_listed(axes, result, values):
    """A row for each design, a point for each length; returns what the legend explains."""
    groups, days = np.array(groups_of(result)), result["design_days"].values
    rows, lengths, handles = list(dict.fromkeys(groups)), np.unique(days), []
    for row, group in enumerate(rows):
        found = values[groups == group]
        axes.plot([found.min(), found.max()], [row, row], color=LIGHT["observed"], lw=1.4, zorder=1)
    for n, length in enumerate(lengths):
        chosen = np.flatnonzero(days == length)
        handles += axes.plot(values[chosen], [rows.index(groups[i]) for i in chosen], ls="", ms=5,
                             marker="os^Dv"[n % 5], color=LIGHT[COLOURS[n % len(COLOURS)]],
                             label=f"{length:.4g} days")
    axes.set_yticks(range(len(rows)), [group.replace("_", " ") for group in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.xaxis.set_minor_formatter("")
    axes.grid(axis="x")
    return handles


def counted_parameters(result, found):
    """Those of `found`, see parameters_of(), that count in the ranking; all where none is named."""
    counted = result["criterion"].attrs["parameters"].split()
    return [name for name in found if name.split("[")[0] in counted] or list(found)


def sensors_of(result):
    """The most candidate sensors of a design. Throws InputError where they cannot be drawn."""
    sensors = int(np.isfinite(depths_of(result)).sum(axis=1).max(initial=0))
    if sensors > 2:
        raise InputError("designs with more than two candidate sensors cannot be drawn; see the "
                         "table in the log")
    return sensors


def design_figure(result, found, wanted, width, across=2):
    """A panel for each parameter wanted."""
    sensors = sensors_of(result)
    across = min(across, len(wanted))
    down = -(-len(wanted) // across)
    rows = len(set(groups_of(result))) if sensors == 0 else 0
    figure = new_figure(0.8 + max(PANEL_HEIGHT, 0.6 + 0.22 * rows) * down, width)
    handles = []
    panels = figure.subplots(down, across, squeeze=False).ravel()
    for axes, name in zip(panels, wanted):
        values, unit = measured(*found[name])
        unit = units(unit) if unit else "1"
        axes.set_title(f"{in_words(name)}, std [{unit}]")
        if sensors == 2:
            draw_pairs(axes, result, values, figure)
        elif sensors == 1:
            handles = draw_against_depth(axes, result, values)
            horizontal_grid(axes)
        else:
            handles = draw_listed(axes, result, values)
            axes.tick_params(labelleft=axes.get_subplotspec().is_first_col())
    for axes in panels[len(wanted):]:
        axes.set_axis_off()
    if handles:
        in_a_row = min(len(handles), 3 * across)
        room = (0.13 + 0.19 * -(-len(handles) // in_a_row)) / figure.get_figheight()
        figure.get_layout_engine().set(rect=(0, room, 1, 1 - room))
        figure.legend(handles=handles, loc="lower center", ncols=in_a_row)
    return figure
