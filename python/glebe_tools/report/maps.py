# SPDX-License-Identifier: BSD-3-Clause
"""Maps of what an estimate found in every column; stations in a row where there is one dimension.

Maps are images of one pixel per column, so that a page stays small however wide the grid; columns
that did not run are transparent.
"""
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ..command import InputError
from ..estimates import entries, flag_names, sampled
from ..result import grid_of, stream_title
from .numbers import common_exponent, unit_in_print
from .style import LIGHT, STATUS_COLOURS, horizontal_grid

# Both run from dark to light evenly, and are read alike by all kinds of colour vision.
ESTIMATE_COLOURS, MISFIT_COLOURS = "viridis", "cividis"


# More than this many marks are larger than an image of them.
MANY_STATIONS = 1000


class Field(NamedTuple):
    """One value per column."""
    name: str     # in the file, with [place]
    title: str
    units: str
    values: np.ndarray
    flags: dict   # {value: meaning} for categories, otherwise None
    colours: str


def judged_entries(result, every):
    """The estimated ones; of a parameter with many knots a few of them, or every one."""
    found = entries(result, estimated=True)
    return found if every else sampled(found)


def parameter_fields(result, every=False):
    """(estimate, standard deviation) of the entries that were estimated."""
    for entry in judged_entries(result, every):
        yield (Field(entry.name, entry.label, entry.units, entry.value, None, ESTIMATE_COLOURS),
               None if entry.std is None else
               Field(f"{entry.name}_std", f"{entry.label}, standard deviation", entry.units,
                     entry.reported_std, None, MISFIT_COLOURS))


def flag_field(result, name, title):
    return Field(name, title, "", result[name].values.astype(float), flag_names(result[name]),
                 None)


def verdict_fields(result, every=False):
    for entry in judged_entries(result, every):
        if entry.verdict is not None:
            yield Field(f"{entry.parameter}_verdict", entry.label, "", entry.verdict,
                        flag_names(result[f"{entry.parameter}_verdict"]), None)


def fit_fields(result):
    """Status, misfit of every stream, cost, iterations: where the fit is good."""
    yield flag_field(result, "status", "status")
    names = [str(name)[len("rmse_"):] for name in result.data_vars
             if str(name).startswith("rmse_")]
    for name in names:
        rmse = result[f"rmse_{name}"]
        yield Field(f"rmse_{name}", f"rmse, {stream_title(result, name)}",
                    str(rmse.attrs.get("units", "")), rmse.values, None, MISFIT_COLOURS)
    for name, title in (("cost_final", "cost at the estimate"), ("iterations", "iterations"),
                        ("condition_number", "condition number")):
        if name in result:
            yield Field(name, title, "", result[name].values.astype(float), None, MISFIT_COLOURS)


def all_fields(result, every=False):
    for pair in parameter_fields(result, every):
        yield from (field for field in pair if field is not None)
    yield from verdict_fields(result, every)
    yield from fit_fields(result)


def varies(field):
    """Whether there is something to be seen: values, and not the same one everywhere."""
    values = field.values[np.isfinite(field.values)]
    return values.size > 0 and (field.flags is not None or values.min() < values.max())


# ---- Where the columns are ------------------------------------------------------------------

class Geometry(NamedTuple):
    extent: tuple   # left, right, bottom, top of the image
    labels: tuple   # of the axes x and y
    aspect: float
    flipped: tuple  # whether x and y run downwards in the file


def edges(axis):
    """Outer edges of the cells whose centres are given."""
    half = (axis[-1] - axis[0]) / (axis.size - 1) / 2 if axis.size > 1 else 0.5
    return axis[0] - half, axis[-1] + half


def evenly_spaced(values):
    if values.ndim != 1 or values.size < 2 or not np.isfinite(values).all():
        return values.ndim == 1 and np.isfinite(values).all()
    steps = np.diff(values)
    return steps[0] != 0 and np.abs(steps - steps[0]).max() < 0.02 * abs(steps[0])


def geometry(result):
    """From coordinate variables of the grid's own dimensions, in kilometres or degrees; numbers of
    columns where they are missing or unevenly spaced."""
    y, x = grid_of(result)
    sizes = result.sizes[y], result.sizes[x]
    numbers = Geometry((-0.5, sizes[1] - 0.5, -0.5, sizes[0] - 0.5), (x, y), 1.0, (False, False))
    if y not in result.variables or x not in result.variables:
        return numbers
    values, labels = [], []
    for name in (x, y):
        axis = result[name]
        if not np.issubdtype(axis.dtype, np.number) or not evenly_spaced(axis.values):
            return numbers
        unit = str(axis.attrs.get("units", ""))
        centres = axis.values.astype(float)
        if unit == "m" and abs(centres).max() >= 1000:
            centres, unit = centres / 1000, "km"
        values.append(edges(centres))
        degrees = {"degrees_north": "°N", "degrees_east": "°E"}
        labels.append(f"{name}  [{degrees.get(unit, unit)}]" if unit else name)
    (left, right), (bottom, top) = values
    aspect = 1.0
    if str(result[y].attrs.get("units", "")).startswith("degree"):
        aspect = 1 / max(0.2, np.cos(np.radians((bottom + top) / 2)))
    return Geometry((min(left, right), max(left, right), min(bottom, top), max(bottom, top)),
                    tuple(labels), aspect, (left > right, bottom > top))


def upright(field, where):
    """Rows from the south, columns from the west."""
    values = field.values
    if where.flipped[0]:
        values = values[:, ::-1]
    return values[::-1] if where.flipped[1] else values


def map_shape(where):
    """Height of a map for a width of one."""
    left, right, bottom, top = where.extent
    return float(np.clip((top - bottom) / (right - left) * where.aspect, 0.25, 2.5))


# ---- Drawing --------------------------------------------------------------------------------

def limits(values):
    """Least and largest value shown, and how the colour bar ends: where a few columns lie far from
    all others, the scale leaves them out."""
    finite = values[np.isfinite(values)]
    low, high = np.quantile(finite, (0.01, 0.99))
    whole = finite.min(), finite.max()
    if high <= low or whole[1] - whole[0] < 2 * (high - low):
        return (*whole, "neither")
    below, above = whole[0] < low, whole[1] > high
    return low, high, {(True, True): "both", (True, False): "min", (False, True): "max",
                       (False, False): "neither"}[below, above]


def draw_flags(figure, axes, field, image, floor):
    """Categories in their colours, with a legend of those that occur below the map."""
    numbers = sorted(field.flags)
    colours = ListedColormap([STATUS_COLOURS[i % len(STATUS_COLOURS)]
                              for i in range(len(numbers))])
    ranks = np.full(image["values"].shape, np.nan)
    for rank, number in enumerate(numbers):
        ranks[image["values"] == number] = rank
    axes.imshow(ranks, cmap=colours, vmin=-0.5, vmax=len(numbers) - 0.5, **image["options"])
    present = [rank for rank in range(len(numbers)) if (ranks == rank).any()]
    axes.legend(handles=[Patch(color=colours(rank), label=field.flags[numbers[rank]])
                         for rank in present], loc="lower left", ncols=3,
                bbox_to_anchor=(axes.get_position().x0, floor),
                bbox_transform=figure.transFigure, borderaxespad=0, handlelength=1,
                handleheight=1, columnspacing=1.2)


# Inches around a map: maps of one page are of one size, whatever is written beside them.
LEFT, RIGHT, TOP, BOTTOM = 0.62, 0.78, 0.3, 0.62


def map_height(width, where):
    """Height of a figure of a given width that is one map [inches]."""
    return (width - LEFT - RIGHT) * map_shape(where) + TOP + BOTTOM


def draw_map(figure, field, where, corner=(0.0, 0.0), width=None):
    """One field on the grid with its colour bar or legend, in a part of the figure: its lower left
    corner and width [inches]."""
    size = figure.get_size_inches()
    inner = (width or size[0]) - LEFT - RIGHT
    height = inner * map_shape(where)
    x, y = corner[0] + LEFT, corner[1] + BOTTOM
    axes = figure.add_axes((x / size[0], y / size[1], inner / size[0], height / size[1]))
    exponent = common_exponent(*limits(field.values)[:2]) if field.flags is None else 0
    image = {"values": upright(field, where),
             "options": {"extent": where.extent, "origin": "lower", "interpolation": "none",
                         "aspect": "auto"}}
    unit = unit_in_print(field.units, exponent)
    axes.set_title(f"{field.title}  [{unit}]" if unit else field.title)
    axes.set_xlabel(where.labels[0])
    axes.set_ylabel(where.labels[1])
    axes.tick_params(length=2)
    if field.flags is not None:
        draw_flags(figure, axes, field, image, corner[1] / size[1])
        return
    scale = 10.0**exponent
    low, high, extend = limits(field.values / scale)
    shown = axes.imshow(image["values"] / scale, cmap=matplotlib.colormaps[field.colours],
                        vmin=low, vmax=high, **image["options"])
    beside = figure.add_axes(((x + inner + 0.08) / size[0], (y + 0.05 * height) / size[1],
                              0.11 / size[0], 0.9 * height / size[1]))
    bar = figure.colorbar(shown, cax=beside, extend=extend)
    bar.outline.set_visible(False)
    bar.solids.set_rasterized(True)
    bar.ax.tick_params(length=2)
    if (field.values[np.isfinite(field.values)] % 1 == 0).all():
        bar.locator = MaxNLocator(integer=True)


def draw_stations(axes, field, std=None):
    """A field on a grid of one dimension: a dot per station, with its standard deviation. Very many
    are drawn as an image, so that a page stays small."""
    number, exponent = np.arange(field.values.size), 0
    as_image = field.values.size > MANY_STATIONS
    if field.flags is not None:
        axes.set_yticks(list(field.flags), list(field.flags.values()))
    else:
        exponent = common_exponent(*limits(field.values)[:2])
    values = field.values / 10.0**exponent
    if std is not None:
        axes.errorbar(number, values, std.values / 10.0**exponent, fmt="none",
                      ecolor=LIGHT["fitted"], elinewidth=1, alpha=0.6, rasterized=as_image)
    axes.plot(number, values, "o", ms=3.5, color=LIGHT["fitted"], rasterized=as_image)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    unit = unit_in_print(field.units, exponent)
    axes.set_title(f"{field.title}  [{unit}]" if unit else field.title)
    horizontal_grid(axes)


def chosen_fields(result, wanted):
    """The fields asked for by name, or all that vary."""
    fields = list(all_fields(result, every=bool(wanted)))
    if not wanted:
        return [field for field in fields if varies(field)]
    known = {field.name: field for field in fields}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise InputError(f"no field {', '.join(unknown)}; the file has {', '.join(known)}")
    return [known[name] for name in wanted]
