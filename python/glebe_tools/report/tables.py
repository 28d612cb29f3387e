# SPDX-License-Identifier: BSD-3-Clause
"""The tables of a report."""
import dataclasses

import numpy as np

from ..estimates import courses, flag_names, with_data
from ..result import grid_of, is_withheld, stream_title
from .html import number, table, text
from .numbers import (common_exponent, decimals_for, exponent_of, fixed, given, misfit,
                      misfit_beside, plain, unit_in_print, units, whole, with_uncertainty)

PLACES = {0: "inside", 1: "at its lower bound", 2: "at its upper bound"}


def bound_cell(value, exponent):
    return number(value, given(value, exponent)) if np.isfinite(value) else ""


def bounds_cell(entry, exponent):
    lower, upper = (bound_cell(value, exponent) for value in (entry.lower, entry.upper))
    return f"{lower} to {upper}" if lower and upper else ""


# ---- One column -----------------------------------------------------------------------------

def std_cell(value, std, exponent):
    if not np.isfinite(std):
        return "", ""
    return number(std, f"± {with_uncertainty(value, std, exponent).std}")


def site_row(entry, inflated):
    value = float(entry.value)
    std = float(entry.reported_std) if entry.std is not None else np.nan
    exponent = exponent_of(value, std)
    bound = int(entry.at_bound) if np.isfinite(entry.at_bound) else 0
    cells = [text(entry.label),
             number(value, with_uncertainty(value, std, exponent).value),
             std_cell(value, std, exponent)]
    if inflated:
        cells.append(std_cell(value, float(entry.std), exponent))
    prior = float(entry.prior) if entry.prior is not None else np.nan
    return cells + [text(unit_in_print(entry.units, exponent)), bound_cell(prior, exponent),
                    bounds_cell(entry, exponent),
                    (PLACES[bound], "alarm") if bound else PLACES[bound]]


def extent_cells(values, decimals, exponent):
    """'0.455 to 0.750', with the file's numbers."""
    low, high = (number(value, fixed(value / 10.0**exponent, decimals))
                 for value in (np.nanmin(values), np.nanmax(values)))
    return low if np.nanmin(values) == np.nanmax(values) else f"{low} to {high}"


def course_row(course, inflated):
    """All knots of a parameter in one row: from the least to the largest, and the median std."""
    values, std, plain_std = map(course.values, ("value", "reported_std", "std"))
    typical = np.nanmedian(std) if std is not None and np.isfinite(std).any() else np.nan
    exponent = exponent_of(np.nanmedian(values), typical)
    decimals = max(0, decimals_for(typical / 10.0**exponent, 2)) if np.isfinite(typical) else 3
    prior = course.values("prior")
    first = prior[np.isfinite(prior)] if prior is not None else np.zeros(0)
    at = int((course.values("at_bound") > 0).sum())
    cells = [text(course.title),
             extent_cells(values, decimals, exponent), std_cell(typical, typical, exponent)]
    if inflated:
        cells.append(std_cell(typical, np.nanmedian(plain_std), exponent)
                     if np.isfinite(plain_std).any() else "")
    return cells + [text(unit_in_print(course.entries[0].units, exponent)),
                    extent_given(first, exponent),
                    bounds_cell(course.entries[0], exponent),
                    (f"{at} at a bound", "alarm") if at else "inside"]


def extent_given(values, exponent):
    """What a person has chosen: one number, or from the least to the largest."""
    if not values.size:
        return ""
    low, high = (bound_cell(value, exponent) for value in (values.min(), values.max()))
    return low if values.min() == values.max() else f"{low} to {high}"


def fixed_course_row(course, width):
    values = course.values("value")
    exponent = common_exponent(np.nanmedian(values))
    return [text(course.title),
            extent_given(values[np.isfinite(values)], exponent), "",
            *([""] if width > 7 else []), text(unit_in_print(course.entries[0].units, exponent)),
            *[""] * 3]


def fixed_row(entry, width):
    value = float(entry.value)
    exponent = common_exponent(value)
    return [text(entry.label), number(value, given(value, exponent)), "",
            *([""] if width > 7 else []), text(unit_in_print(entry.units, exponent)),
            *[""] * 3]


def without_idle_bounds(caption, header, groups, estimated):
    """A table whose last column says what is at a bound; without it where nothing is."""
    if any((entry.at_bound > 0).any() for entry in estimated if entry.at_bound is not None):
        return table(caption, header, groups)
    return table(f"{caption}; nothing is at a bound", header[:-1],
                 [(name, [row[:-1] for row in rows]) for name, rows in groups])


def site_table(estimated, held):
    inflated = any(e.std_inflated is not None and np.isfinite(e.std_inflated) for e in estimated)
    header = [("parameter", ""), ("estimate", "main"), ("std", "std"),
              *([("std, if independent", "std")] if inflated else []), ("", "units"),
              ("first guess", ""), ("bounds", ""), ("", "words")]
    in_time, single = courses(estimated)
    groups = [(None, [*(site_row(entry, inflated) for entry in single),
                      *(course_row(course, inflated) for course in in_time)])]
    if held:
        held_in_time, single = courses(held)
        groups.append(("Held fixed", [
            *(fixed_row(entry, len(header)) for entry in single),
            *(fixed_course_row(course, len(header)) for course in held_in_time)]))
    over = "; of knots in time least, largest and median std" if in_time else ""
    if inflated:
        over += ("; std allows for residuals that depend on each other, the next column takes them "
                 "as independent")
    return without_idle_bounds(f"Estimates with one standard deviation, first guess and bounds"
                               f"{over}", header, groups, estimated)


# ---- Several columns ------------------------------------------------------------------------

def quantile(values, share):
    return float(np.quantile(values[np.isfinite(values)], share))


def median_std(std, where):
    found = std[..., where] if std is not None else np.zeros(0)
    found = found[np.isfinite(found)]
    return float(np.median(found)) if found.size else np.nan


def pooled_in_time(entries):
    """Entries, and each long course as one that holds all its knots."""
    in_time, single = courses(entries)
    for course in in_time:
        every = {what: course.values(what)
                 for what in ("value", "prior", "std", "std_inflated", "at_bound")}
        single.append(dataclasses.replace(
            course.entries[0], **every, course="",
            place=", ".join(filter(None, (course.entries[0].course,
                                          f"{len(course.entries)} knots in time")))))
    return single


def grid_row(entry, parts):
    """`parts` are the columns, or those with and those without data, as masks on the grid."""
    values = entry.value[np.isfinite(entry.value)]
    median = quantile(values, 0.5)
    stds = [median_std(entry.reported_std, part) for part in parts]
    std = max((one for one in stds if np.isfinite(one)), default=np.nan)
    exponent = exponent_of(median, std)
    scale = 10.0**exponent
    decimals = max(0, decimals_for(std / scale, 2)) if np.isfinite(std) else 3
    at = int((entry.at_bound > 0).sum())
    prior = entry.prior[np.isfinite(entry.prior)] if entry.prior is not None else np.zeros(0)
    same = prior.size > 0 and prior.min() == prior.max()
    return [text(entry.label),
            *[number(value, fixed(value / scale, decimals))
              for value in (median, quantile(values, 0.05), quantile(values, 0.95))],
            *(std_cell(median, one, exponent) for one in stds),
            text(unit_in_print(entry.units, exponent)),
            bound_cell(prior[0], exponent) if same else "varies" if prior.size else "",
            bounds_cell(entry, exponent),
            (number(at, whole(at)), "alarm") if at else number(0, "none")]


def held_row(entry, width):
    values = entry.value[np.isfinite(entry.value)]
    median = quantile(values, 0.5)
    exponent = common_exponent(median)
    cells = [number(value, plain(value / 10.0**exponent, 4))
             for value in (median, quantile(values, 0.05), quantile(values, 0.95))]
    return [text(entry.label), *cells, *[""] * (width - 8),
            text(unit_in_print(entry.units, exponent)), *[""] * 3]


def grid_table(result, estimated, held):
    observed = with_data(result)
    inferred = np.isfinite(result["status"].values) & ~observed
    apart = inferred.any() and observed.any()
    parts = [observed, inferred] if apart else [np.isfinite(result["status"].values)]
    heads = ["std, observed", "inferred"] if apart else ["median std"]
    header = [("parameter", ""), ("median", "main"), ("5 %", ""), ("95 %", ""),
              *((head, "std") for head in heads), ("", "units"), ("first guess", ""),
              ("bounds", ""), ("at a bound", "")]
    groups = [(None, [grid_row(entry, parts) for entry in pooled_in_time(estimated)
                      if np.isfinite(entry.value).any()])]
    rows = [held_row(entry, len(header)) for entry in pooled_in_time(held)
            if np.isfinite(entry.value).any()]
    if rows:
        groups.append(("Held fixed", rows))
    apart_in_words = " of observed and of inferred columns" if apart else ""
    return without_idle_bounds("Over all columns: median, 5th and 95th percentile, median standard "
                               f"deviation{apart_in_words}", header, groups, estimated)


def values_table(entries):
    """The parameters of a run that estimates nothing."""
    rows = []
    for entry in pooled_in_time(entries):
        values = entry.value[np.isfinite(entry.value)]
        if not values.size:
            continue
        exponent = common_exponent(np.median(values))
        shown = [number(value, given(value, exponent)) for value in (values.min(), values.max())]
        if values.min() == values.max():
            shown[1] = ""
        rows.append([text(entry.label), *shown, text(unit_in_print(entry.units, exponent))])
    header = [("parameter", ""), ("value, or least", "main"), ("largest", ""), ("", "units")]
    if not any(row[2] for row in rows):
        header = [header[0], ("value", "main"), header[3]]
        rows = [[*row[:2], row[3]] for row in rows]
    return table("Parameters of the run", header, [(None, rows)])


# ---- Streams --------------------------------------------------------------------------------

def pooled(result, stream):
    """(number, rmse, bias) over all columns; NaN where the file does not say."""
    count = result.get(f"count_{stream}")
    rmse, bias = result.get(f"rmse_{stream}"), result.get(f"bias_{stream}")
    if count is None or rmse is None or bias is None or not float(count.sum()) > 0:
        return (0 if count is not None else np.nan), np.nan, np.nan
    total = float(count.sum())
    return (total, float(np.sqrt((rmse**2 * count).sum() / total)),
            float((bias * count).sum() / total))


def stream_names(result):
    """All streams the fit was compared with, fitted ones first."""
    names = [str(name)[len("count_"):] for name in result.data_vars
             if str(name).startswith("count_")]
    return sorted(names, key=lambda name: is_withheld(result, name))


def stream_table(result):
    rows = []
    for name in stream_names(result):
        count, rmse, bias = pooled(result, name)
        unit = str(result[f"rmse_{name}"].attrs.get("units", ""))
        role = ("held back", "held") if is_withheld(result, name) else "fitted"
        rows.append([text(stream_title(result, name)), role, number(count, whole(count)),
                     number(rmse, misfit(rmse)), number(bias, misfit_beside(bias, rmse)),
                     text(units(unit))])
    header = [("stream", ""), ("", "words"), ("values", ""), ("rmse", "main"), ("bias", ""),
              ("", "units")]
    over = ", over all columns" if grid_of(result) else ""
    return table(f"Simulated minus observed{over}", header, [(None, rows)])


def verdict_table(result, entries):
    """How many columns have which verdict."""
    names = flag_names(result[f"{entries[0].parameter}_verdict"])
    codes = [code for code in names if any((e.verdict == code).any() for e in entries)]
    in_time, single = courses(entries)
    judged = [(entry.label, entry.verdict) for entry in single]
    judged += [(course.title, course.values("verdict"))
               for course in in_time]
    rows = [[text(label), *[number((verdict == code).sum(), whole((verdict == code).sum()))
                            for code in codes]] for label, verdict in judged]
    header = [("parameter", ""), *[(names[code], "") for code in codes]]
    return table("Columns by verdict", header, [(None, rows)])
