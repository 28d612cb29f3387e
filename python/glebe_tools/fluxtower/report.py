# SPDX-License-Identifier: BSD-3-Clause
"""What the command prints: variables and their sources, what was left out, the check by the sun."""
import textwrap

import numpy as np

from . import sun
from .netcdf import STAMPS


def summary(conversion, output, axis, step, filled):
    """The lines of the report on what was written."""
    period = (f"{len(axis)} intervals of {step.total_seconds() / 60:g} min from {axis[0] - step} "
              f"to {axis[-1]} UTC")
    gaps = f", {filled} of them without a row" if filled else ""
    lines = [f"{output}: {conversion.tower.label()}, {period}{gaps}"]
    lines += [row(name, *parts) for name, parts in conversion.variables.items()]
    lines += conversion.derived
    left, empty = conversion.tower.unused()
    for text, names in (("not used", left), ("without numbers", empty)):
        if names:
            lines += textwrap.wrap(f"{text} ({len(names)} columns): {', '.join(names)}", 100,
                                   subsequent_indent="  ", break_on_hyphens=False)
    return lines


def row(name, values, attributes, _):
    """A line of the table of variables: range, missing values and sources."""
    finite = values[np.isfinite(values)]
    span = f"{finite.min():.6g} to {finite.max():.6g}" if len(finite) else "no value"
    missing = 100 * (1 - len(finite) / len(values))
    return (f"  {name:<15} {span:>22} {attributes['units']:<7} {missing:3.0f} % missing  from "
            f"{attributes['source_columns']}")


def sun_check(conversion, site, utc_offset):
    """(text, whether it is a warning) on the time, or None where it cannot be checked."""
    tower = conversion.tower
    if "SWdown" not in conversion.variables or not {"latitude", "longitude"} <= set(site):
        return None
    step = (tower.end - tower.start)[0]
    column = conversion.variables["SWdown"][1]["source_columns"]
    part = STAMPS[tower.stamp] if column in tower.instants else 0.5
    time = tower.start + part * step - np.timedelta64(int(utc_offset * 3600), "s")
    found = sun.noon_error(time, conversion.variables["SWdown"][0], site["latitude"],
                           site["longitude"])
    return sun.verdict(*found, step.total_seconds() / 60) if found else None
