# SPDX-License-Identifier: BSD-3-Clause
"""What a report says of intervals that bounds limit, and of parameters that were held at uncertain
values."""
import numpy as np

from ..estimates import courses, entries, in_words
from .html import number, table, text
from .numbers import common_exponent, decimals_for, fixed, given, unit_in_print

FAR = 0.1  # of a standard deviation: an interval that differs by less is that of it


def single(result):
    """The estimated parameters but those with many knots in time."""
    return courses(entries(result, estimated=True))[1]


def median(values):
    found = np.asarray(values, float)
    found = found[np.isfinite(found)]
    return float(np.median(found)) if found.size else np.nan


def felt(entry):
    """The columns in which a bound limits the interval."""
    if entry.interval_lower is None:
        return np.zeros(np.shape(entry.value), bool)
    std = np.where(np.isfinite(entry.reported_std), entry.reported_std, 0)
    changed = [np.abs(end - expected) > FAR * std
               for end, expected in ((entry.interval_lower, entry.value - std),
                                     (entry.interval_upper, entry.value + std))]
    return np.isfinite(entry.interval_lower) & (changed[0] | changed[1])


def interval_cells(entry, where):
    low, high = median(entry.interval_lower[where]), median(entry.interval_upper[where])
    exponent = common_exponent(low, high)
    scale = 10.0**exponent
    decimals = max(0, decimals_for((high - low) / scale, 2))
    return [number(low, fixed(low / scale, decimals)), number(high, fixed(high / scale, decimals)),
            text(unit_in_print(entry.units, exponent))]


def intervals(result):
    """A table of the intervals that bounds limit; empty where there are none."""
    found = [(entry, where) for entry in single(result) if (where := felt(entry)).any()]
    if not found:
        return ""
    several = np.ndim(found[0][0].value) > 0
    header = [("parameter", ""), ("from", "main"), ("to", "main"), ("", "units"),
              *([("columns", "")] if several else [])]
    rows = [[text(entry.label), *interval_cells(entry, where),
             *([number(where.sum(), str(int(where.sum())))] if several else [])]
            for entry, where in found]
    of = ", medians of the columns in which they do" if several else ""
    return table(f"Where bounds limit what an estimate can be: 68 % intervals{of}", header,
                 [(None, rows)])


def shares(result):
    """A table of what each considered parameter adds to each variance; empty without any."""
    if "considered" not in result.variables:
        return ""
    names = [in_words(name) for name in str(result["considered"].attrs["names"]).split()]
    stds = np.atleast_1d(result["considered_std"].values)
    rows = []
    for entry in single(result):
        parts = [median(part) for part in np.atleast_1d(entry.considered_share)]
        if np.isfinite(parts).all():
            shown = [number(part, f"{100 * part:.0f} %") for part in parts]
            rows.append([text(entry.label), *shown])
    if not rows:
        return ""
    header = [("part of the variance of", ""),
              *((f"{name} ± {given(std)}", "main") for name, std in zip(names, stds))]
    return table("What is held at uncertain values, and how much of the variance of each estimate "
                 "comes from it", header, [(None, rows)])
