# SPDX-License-Identifier: BSD-3-Clause
"""Figures of series: observed beside fitted or predicted, and what lies between them.

Each function draws into axes it is given, so that a page and a paper can put them together as they
like.
"""
import numpy as np

from .numbers import RESOLVED, is_rounding, misfit, units as in_print
from .style import LIGHT, horizontal_grid, time_axis

MANY = 250  # from here on the points of a series run together: a line is easier to read


def colour_of(series):
    return LIGHT["withheld" if series.withheld else "fitted"]


def draw_observed(axes, series):
    """Rings; for long series a broad pale line, and dots where a value stands alone in a gap."""
    y = series.observed
    if y.size <= MANY:
        axes.plot(series.time, y, "o", ms=3, mfc="none", mec=LIGHT["observed"], mew=0.8,
                  label="observed")
        return
    axes.plot(series.time, y, "-", lw=2.8, color=LIGHT["observed"], alpha=0.7, label="observed")
    present = np.isfinite(np.concatenate([[np.nan], y, [np.nan]]))
    alone = present[1:-1] & ~present[:-2] & ~present[2:]
    if alone.any():
        axes.plot(series.time[alone], y[alone], "o", ms=2.4, mec="none", color=LIGHT["observed"],
                  alpha=0.7, label="_alone")


def draw_series(axes, series):
    """Observed and fitted (withheld: predicted) values against time."""
    colour = colour_of(series)
    if series.observed is not None:
        draw_observed(axes, series)
        label = "predicted" if series.withheld else "fitted"
        axes.plot(series.time, series.simulated, "-", lw=1.2, color=colour, label=label)
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0.2,
                    handlelength=1.6, columnspacing=1.4)
    else:
        axes.plot(series.time, series.simulated, "-", lw=1.2, color=colour, label="simulated")
    axes.set_title(f"{series.title}  [{in_print(series.units) or '1'}]")
    horizontal_grid(axes)
    time_axis(axes)


def draw_difference(axes, series):
    """Simulated minus observed against time, symmetric about zero."""
    difference = series.residual
    axes.axhline(0, color=LIGHT["rule"], lw=0.8)
    axes.plot(series.time, difference, "-", lw=0.8, color=colour_of(series))
    largest = np.nanmax(np.abs(difference), initial=0.0)
    exact, title = is_rounding(largest), "simulated − observed"
    half = RESOLVED if exact else largest
    axes.set_ylim(-1.1 * half, 1.1 * half)
    axes.locator_params(axis="y", nbins=3)
    if exact:
        title += f": {misfit(largest)} {in_print(series.units)}, rounding"
    axes.set_title(title, fontsize=7.5, color=LIGHT["muted"], pad=3)
    horizontal_grid(axes)
    time_axis(axes)


# ---- Residuals ------------------------------------------------------------------------------

def draw_residual_time(axes, residuals):
    """Against time; over several columns their mean and the band of their standard deviation."""
    axes.axhline(0, color=LIGHT["rule"], lw=0.8)
    if residuals.spread is not None:
        axes.fill_between(residuals.time, residuals.mean - residuals.spread,
                          residuals.mean + residuals.spread, color=LIGHT["fitted"], alpha=0.22,
                          lw=0, label="± standard deviation over columns")
    axes.plot(residuals.time, residuals.mean, "-", lw=0.9, color=LIGHT["fitted"],
              label="mean" if residuals.spread is not None else "residual")
    if residuals.spread is not None:
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0.2,
                    handlelength=1.6)
    title = f"{residuals.title}, simulated − observed  [{in_print(residuals.units)}]"
    if residuals.is_rounding:
        axes.set_ylim(-RESOLVED, RESOLVED)
        title += ": rounding"
    axes.set_title(title)
    horizontal_grid(axes)
    time_axis(axes)


def draw_histogram(axes, residuals):
    """How often each residual occurs, beside the normal curve of the same mean and deviation."""
    width = np.diff(residuals.edges)
    density = residuals.counts / residuals.count / width
    axes.stairs(density, residuals.edges, fill=True, color=LIGHT["fitted"], alpha=0.35, lw=0)
    axes.stairs(density, residuals.edges, color=LIGHT["fitted"], lw=0.9)
    if residuals.overall_std > 0 and not residuals.is_rounding:
        x = np.linspace(residuals.edges[0], residuals.edges[-1], 161)
        z = (x - residuals.overall_mean) / residuals.overall_std
        axes.plot(x, np.exp(-z**2 / 2) / residuals.overall_std / np.sqrt(2 * np.pi), "-",
                  lw=1.1, color=LIGHT["ink"])
    axes.axvline(0, color=LIGHT["muted"], lw=0.8, ls=(0, (2, 2)))
    axes.set_title("distribution")
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel(f"simulated − observed  [{in_print(residuals.units)}]")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(x=0)
    axes.set_ylim(0, None)


def draw_autocorrelation(axes, residuals):
    """Correlation of residuals a lag apart, and the band in which independent ones would lie."""
    independent = 1.96 / np.sqrt(residuals.count)
    axes.axhspan(-independent, independent, color=LIGHT["observed"], alpha=0.25, lw=0)
    axes.axhline(0, color=LIGHT["rule"], lw=0.8)
    axes.plot(residuals.lags, residuals.autocorrelation, "-", lw=1.3, color=LIGHT["fitted"])
    axes.set_title("autocorrelation")
    axes.set_xlabel("lag  [h]")
    axes.set_xlim(0, residuals.lags[-1])
    # Lags at which hardly a pair of values is known have none.
    known = residuals.autocorrelation[np.isfinite(residuals.autocorrelation)]
    axes.set_ylim(min(-0.25, known.min(initial=0.0) - 0.05), 1.03)
    if residuals.lags[-1] >= 24:
        axes.set_xticks(np.arange(0, residuals.lags[-1] + 1, 12))
    horizontal_grid(axes)


# ---- Held back ------------------------------------------------------------------------------

def thinning(series):
    """Of how many points a scatter diagram shows one."""
    present = np.isfinite(series.simulated) & np.isfinite(series.observed)
    return -(-int(present.sum()) // 800)


def draw_scatter(axes, series):
    """Predicted against observed, with the line on which they would be equal."""
    present = np.isfinite(series.simulated) & np.isfinite(series.observed)
    x, y = series.observed[present], series.simulated[present]
    every = thinning(series)
    axes.plot(x[::every], y[::every], "o", ms=2, mec="none", color=colour_of(series), alpha=0.35)
    low, high = min(x.min(), y.min()), max(x.max(), y.max())
    edge = 0.04 * (high - low) or 1.0
    low, high = low - edge, high + edge
    axes.plot([low, high], [low, high], "-", lw=0.9, color=LIGHT["ink"])
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal", anchor="W")
    axes.set_title("predicted against observed")
    axes.set_xlabel(f"observed  [{in_print(series.units)}]")
    axes.locator_params(nbins=5)


def mean_day(series):
    """(hours, observed, simulated): means by hour of the day (UTC) over what both have."""
    present = np.isfinite(series.simulated) & np.isfinite(series.observed)
    seconds = (series.time - series.time.astype("datetime64[D]")) / np.timedelta64(1, "s")
    seconds = seconds[present]
    if np.unique(seconds).size > 96:  # stamps that wander through the day
        seconds = seconds // 3600 * 3600
    moments, which = np.unique(seconds, return_inverse=True)
    count = np.bincount(which)
    courses = (moments / 3600, np.bincount(which, series.observed[present]) / count,
               np.bincount(which, series.simulated[present]) / count)
    next_day = (courses[0][0] + 24, courses[1][0], courses[2][0])
    return tuple(np.append(values, first) for values, first in zip(courses, next_day))


def draw_mean_day(axes, series):
    """The mean course of the day, observed and predicted."""
    hours, observed, simulated = mean_day(series)
    axes.plot(hours, observed, "-", lw=2.8, color=LIGHT["observed"], alpha=0.6, label="observed")
    axes.plot(hours, simulated, "-", lw=1.4, color=colour_of(series),
              label="predicted" if series.withheld else "fitted")
    axes.set_title(f"mean day  [{in_print(series.units)}]")
    axes.set_xlabel("hour, UTC")
    axes.set_xlim(0, 24)
    axes.set_xticks(range(0, 25, 6))
    horizontal_grid(axes)
