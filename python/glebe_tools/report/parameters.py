# SPDX-License-Identifier: BSD-3-Clause
"""Figures of what was estimated: the parameters in their ranges, correlations, cost."""
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from .numbers import (common_exponent, correlation, given, power, unit_in_print, units,
                      with_uncertainty)
from .style import LIGHT, PAGE_WIDTH, horizontal_grid, time_axis


# ---- Estimates in their ranges --------------------------------------------------------------

def in_range(entry, values):
    """Where values lie between the bounds: 0 at the lower, 1 at the upper."""
    return (np.asarray(values, float) - entry.lower) / (entry.upper - entry.lower)


def drawable(entries):
    """Those with bounds and a value in some column."""
    return [e for e in entries if e.estimated and np.isfinite([e.lower, e.upper]).all()
            and e.upper > e.lower and np.isfinite(e.value).any()]


def estimates_height(entries):
    return max(1.0, 0.45 + 0.34 * len(drawable(entries)))


def draw_whiskers(axes, y, entry):
    """One column: the estimate with one and two of the standard deviations that are reported."""
    x = float(in_range(entry, entry.value))
    std = float(entry.reported_std) if entry.std is not None else np.nan
    reach = std / (entry.upper - entry.lower)
    if np.isfinite(reach):
        for width, factor, alpha in ((1.2, 2, 1.0), (4.5, 1, 0.45)):
            low, high = np.clip([x - factor * reach, x + factor * reach], 0, 1)
            axes.plot([low, high], [y, y], "-", lw=width, color=LIGHT["fitted"], alpha=alpha,
                      solid_capstyle="butt")
    at_bound = entry.at_bound is not None and float(entry.at_bound) > 0
    axes.plot([x], [y], "o", ms=5, color=LIGHT["alarm" if at_bound else "fitted"], clip_on=False)
    return with_uncertainty(float(entry.value), std).text


def draw_distribution(axes, y, entry):
    """Several columns: median, and where half and nine tenths of the estimates lie."""
    values = entry.value[np.isfinite(entry.value)]
    quantiles = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95))
    x = in_range(entry, quantiles)
    axes.plot([x[0], x[4]], [y, y], "-", lw=1.2, color=LIGHT["fitted"], solid_capstyle="butt")
    axes.plot([x[1], x[3]], [y, y], "-", lw=4.5, color=LIGHT["fitted"], alpha=0.45,
              solid_capstyle="butt")
    axes.plot([x[2]], [y], "o", ms=5, color=LIGHT["fitted"], clip_on=False)
    std = entry.reported_std
    stds = std[np.isfinite(std)] if std is not None else np.zeros(0)
    rounded = with_uncertainty(quantiles[2], float(np.median(stds)) if stds.size else np.nan)
    return f"{rounded.value} {power(rounded.exponent)}".strip()


def draw_estimates(axes, entries):
    """Every estimated parameter on a line from its lower to its upper bound."""
    shown = drawable(entries)
    for row, entry in enumerate(shown):
        y = len(shown) - 1 - row
        axes.plot([0, 1], [y, y], "-", lw=0.7, color=LIGHT["rule"], zorder=0)
        several = entry.value.ndim > 0
        text = draw_distribution(axes, y, entry) if several else draw_whiskers(axes, y, entry)
        if entry.prior is not None and np.isfinite(entry.prior).any():
            axes.plot([float(in_range(entry, np.nanmedian(entry.prior)))], [y], "|", ms=10,
                      mew=1.2, color=LIGHT["muted"], clip_on=False)
        exponent = common_exponent(entry.lower, entry.upper)
        for x, bound, side in ((0, entry.lower, "left"), (1, entry.upper, "right")):
            axes.text(x, y - 0.36, given(bound, exponent), ha=side, va="center", fontsize=6.5,
                      color=LIGHT["muted"])
        axes.text(1.03, y, f"{text}  {units(entry.units)}".strip(), va="center",
                  fontsize=8.5, transform=axes.get_yaxis_transform())
    axes.set_yticks(range(len(shown)), [entry.label for entry in reversed(shown)])
    axes.tick_params(length=0, labelcolor=LIGHT["ink"])
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.65, len(shown) - 0.5))


# ---- Parameters in time ---------------------------------------------------------------------

def draw_course(axes, course, steps):
    """A parameter in the course of time with one standard deviation, dark, and its inflated one,
    pale; over several columns their median, and where half and nine tenths of them lie."""
    exponent = common_exponent(np.nanmax(np.abs(course.values("value"))))
    scale, time = 10.0**exponent, course.time
    value, prior, at = (course.values(what) for what in ("value", "prior", "at_bound"))
    stroke = {"drawstyle": "steps-post"} if steps else {}
    if value.ndim > 1:
        over = tuple(range(1, value.ndim))
        bands = [np.nanquantile(value, pair, axis=over) for pair in ((0.05, 0.95), (0.25, 0.75))]
        prior = np.nanmedian(prior, axis=over)
        at = (at > 0).any(axis=over)
        value = np.nanmedian(value, axis=over)
    else:
        stds = [course.values(what) for what in ("std_inflated", "std")]
        bands = [(value - std, value + std) for std in stds if std is not None]
    if steps:  # the last value lasts as long as the one before
        def longer(values):
            return np.append(values, values[-1:])
        time = np.append(time, time[-1] + (time[-1] - time[-2]))
        value, prior, at = longer(value), longer(prior), np.append(at > 0, False)
        bands = [(longer(low), longer(high)) for low, high in bands]
    for alpha, (low, high) in zip((0.18, 0.4)[-len(bands):], bands):
        axes.fill_between(time, low / scale, high / scale, color=LIGHT["fitted"], alpha=alpha,
                          lw=0, step="post" if steps else None)
    axes.plot(time, prior / scale, "--", lw=1, color=LIGHT["muted"], **stroke)
    axes.plot(time, value / scale, "-", lw=1.3, color=LIGHT["fitted"], **stroke)
    if not steps:
        axes.plot(time, value / scale, "o", ms=2.5, color=LIGHT["fitted"])
    axes.plot(time[at > 0], value[at > 0] / scale, "o", ms=4, color=LIGHT["alarm"])
    entry = course.entries[0]
    unit = unit_in_print(entry.units, exponent)
    axes.set_title(f"{course.label}  [{unit}]" if unit else course.label)
    # Where a value is hardly known its band would hide what the others say.
    near = np.concatenate([value, prior]) / scale
    least, largest = np.nanmin(near), np.nanmax(near)
    room = max(largest - least, 1e-3 * abs(largest))
    outer = np.concatenate([*bands[0]]) / scale if bands else near
    low, high = max(np.nanmin(outer), least - room), min(np.nanmax(outer), largest + room)
    low, high = min(low, least), max(high, largest)
    axes.set_ylim(low - 0.06 * (high - low), high + 0.06 * (high - low))
    time_axis(axes)
    horizontal_grid(axes)


# ---- Correlation ----------------------------------------------------------------------------

MANY = 16  # names beyond which parameters are named, not each of their values


def correlation_height(names):
    return 1.0 + 0.34 * len(names) if len(names) <= MANY else 6.2


def correlation_width(names):
    return min(PAGE_WIDTH, 2.6 + 0.6 * len(names)) if len(names) <= MANY else 7.6


def draw_many_correlations(axes, values, names):
    """The same for many values: an image, and names and lines for the parameters alone."""
    count = len(names)
    image = np.zeros((count, count, 4))
    for sign, colour in ((1, "#4f97c4"), (-1, "#dd8f45")):  # visible on light and on dark
        image[sign * values > 0, :3] = to_rgb(colour)
    lower = np.tril(np.ones((count, count), bool), -1) & np.isfinite(values)
    image[..., 3] = np.where(lower, 0.04 + 0.96 * np.minimum(np.abs(np.nan_to_num(values)), 1), 0)
    axes.imshow(image, interpolation="none")
    bases = [name.split(", ")[0] for name in names]
    starts = [i for i, base in enumerate(bases) if i == 0 or base != bases[i - 1]]
    ends = [*starts[1:], count]
    for start in starts[1:]:
        axes.plot([-0.5, start - 0.5], [start - 0.5] * 2, lw=0.7, color=LIGHT["rule"])
        axes.plot([start - 0.5] * 2, [start - 0.5, count - 0.5], lw=0.7, color=LIGHT["rule"])
    middles, labels = [], []
    for start, end in zip(starts, ends):
        label = bases[start] + (f" ({end - start})" if end - start > 1 else "")
        middle = (start + end - 1) / 2
        if middles and middle - middles[-1] < 0.04 * count:  # one label for neighbours
            labels[-1] += f", {label}"
        else:
            middles.append(middle)
            labels.append(label)
    axes.set_xticks(middles, labels, rotation=30, ha="right", rotation_mode="anchor")
    axes.set_yticks(middles, labels)
    axes.tick_params(length=0, labelcolor=LIGHT["ink"])
    axes.spines[["left", "bottom"]].set_visible(False)


def draw_correlation(axes, values, names):
    """The lower triangle: squares whose strength says how strong, whose colour says of which sign,
    with the numbers while there is room."""
    count = len(names)
    if count > MANY:
        draw_many_correlations(axes, values, names)
        return
    for i in range(count):
        for j in range(i):
            r = values[i, j]
            if not np.isfinite(r):
                axes.text(j, i, "–", ha="center", va="center", color=LIGHT["muted"])
                continue
            colour = LIGHT["fitted" if r > 0 else "withheld"]
            axes.add_patch(Rectangle((j - 0.47, i - 0.47), 0.94, 0.94, color=colour, lw=0,
                                     alpha=0.04 + 0.5 * min(abs(r), 1)))
            axes.text(j, i, correlation(r), ha="center", va="center",
                      fontsize=7.5, fontweight="bold" if abs(r) >= 0.95 else "normal")
    axes.set_xticks(range(count - 1), names[:-1], rotation=30, ha="right",
                    rotation_mode="anchor")
    axes.set_yticks(range(1, count), names[1:])
    axes.tick_params(length=0, labelcolor=LIGHT["ink"])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set(xlim=(-0.5, count - 1.5), ylim=(count - 0.5, 0.5), aspect="equal")


# ---- The search -----------------------------------------------------------------------------

def draw_cost(axes, history):
    """The cost after each iteration, on a logarithmic axis."""
    iteration = np.arange(history.size)
    axes.plot(iteration, history, "-", lw=1.2, color=LIGHT["fitted"])
    axes.plot(iteration, history, "o", ms=4, color=LIGHT["fitted"])
    if (history > 0).all() and history.max() > 10 * history.min():
        axes.set_yscale("log")
    else:
        axes.set_ylim(0, None)
    axes.set_title("cost  [1]")
    axes.set_xlabel("iteration")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    horizontal_grid(axes)


def excess(history):
    """How far the cost is above its last value, down to what rounding leaves of it."""
    above = history - history[-1]
    return np.where(above > 1e-15 * abs(history[-1]), above, np.nan)


def draw_excess(axes, history):
    """How fast the search closes in: what the cost is above where it ends."""
    above = excess(history)
    axes.plot(np.arange(history.size), above, "-o", lw=1.2, ms=4, color=LIGHT["fitted"])
    axes.set_yscale("log")
    axes.set_xlim(-0.5, history.size - 0.5)
    axes.set_title("cost − final cost  [1]")
    axes.set_xlabel("iteration")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    horizontal_grid(axes)


def draw_counts(axes, values, xlabel, colour="fitted"):
    """How many columns have each whole number."""
    values = values[np.isfinite(values)].astype(int)
    numbers, counts = np.unique(values, return_counts=True)
    axes.bar(numbers, counts, width=0.8, color=LIGHT[colour], alpha=0.6, lw=0)
    axes.set_title("columns")
    axes.set_xlabel(xlabel)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    horizontal_grid(axes)
