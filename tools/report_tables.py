# SPDX-License-Identifier: BSD-3-Clause
"""The tables of a report."""
import numpy as np

from glebe_estimates import flag_names
from glebe_result import grid_of, is_withheld, stream_title
from report_html import number, table, text
from report_numbers import (common_exponent, decimals_for, exponent_of, fixed, given, measured,
                            plain, unit_in_print, units, whole, with_uncertainty)

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
    std = float(entry.std) if entry.std is not None else np.nan
    exponent = exponent_of(value, std)
    bound = int(entry.at_bound) if np.isfinite(entry.at_bound) else 0
    wide = float(entry.std_inflated) if entry.std_inflated is not None else np.nan
    cells = [text(entry.label),
             number(value, with_uncertainty(value, std, exponent).value),
             std_cell(value, std, exponent)]
    if inflated:
        cells.append(std_cell(value, wide, exponent))
    prior = float(entry.prior) if entry.prior is not None else np.nan
    return cells + [text(unit_in_print(entry.units, exponent)), bound_cell(prior, exponent),
                    bound_cell(entry.lower, exponent), bound_cell(entry.upper, exponent),
                    (PLACES[bound], "alarm") if bound else PLACES[bound]]


def fixed_row(entry, width):
    value = float(entry.value)
    exponent = common_exponent(value)
    return [text(entry.label), number(value, given(value, exponent)), "",
            *([""] if width > 8 else []), text(unit_in_print(entry.units, exponent)),
            *[""] * 4]


def site_table(estimated, held):
    inflated = any(e.std_inflated is not None and np.isfinite(e.std_inflated) for e in estimated)
    header = [("parameter", ""), ("estimate", "main"), ("std", "std"),
              *([("std, inflated", "std")] if inflated else []), ("", "units"),
              ("first guess", ""), ("lower bound", ""), ("upper bound", ""), ("", "words")]
    groups = [(None, [site_row(entry, inflated) for entry in estimated])]
    if held:
        groups.append(("Held fixed", [fixed_row(entry, len(header)) for entry in held]))
    return table("Estimates with one standard deviation, first guess and bounds", header, groups)


# ---- Several columns ------------------------------------------------------------------------

def quantile(values, share):
    return float(np.quantile(values[np.isfinite(values)], share))


def grid_row(entry):
    values = entry.value[np.isfinite(entry.value)]
    median = quantile(values, 0.5)
    stds = entry.std[np.isfinite(entry.std)] if entry.std is not None else np.zeros(0)
    std = float(np.median(stds)) if stds.size else np.nan
    exponent = exponent_of(median, std)
    scale = 10.0**exponent
    decimals = max(0, decimals_for(std / scale, 2)) if stds.size else 3
    at = int((entry.at_bound > 0).sum())
    prior = entry.prior[np.isfinite(entry.prior)] if entry.prior is not None else np.zeros(0)
    same = prior.size > 0 and prior.min() == prior.max()
    return [text(entry.label),
            *[number(value, fixed(value / scale, decimals))
              for value in (median, quantile(values, 0.05), quantile(values, 0.95))],
            std_cell(median, std, exponent), text(unit_in_print(entry.units, exponent)),
            bound_cell(prior[0], exponent) if same else "varies" if prior.size else "",
            bounds_cell(entry, exponent),
            (number(at, whole(at)), "alarm") if at else number(0, "none")]


def held_row(entry):
    values = entry.value[np.isfinite(entry.value)]
    median = quantile(values, 0.5)
    exponent = common_exponent(median)
    cells = [number(value, plain(value / 10.0**exponent, 4))
             for value in (median, quantile(values, 0.05), quantile(values, 0.95))]
    return [text(entry.label), *cells, "", text(unit_in_print(entry.units, exponent)), *[""] * 3]


def grid_table(estimated, held):
    header = [("parameter", ""), ("median", "main"), ("5 %", ""), ("95 %", ""),
              ("median std", "std"), ("", "units"), ("first guess", ""), ("bounds", ""),
              ("at a bound", "")]
    groups = [(None, [grid_row(entry) for entry in estimated if np.isfinite(entry.value).any()])]
    rows = [held_row(entry) for entry in held if np.isfinite(entry.value).any()]
    if rows:
        groups.append(("Held fixed", rows))
    return table("Estimates over all columns: median, 5th and 95th percentile, median standard "
                 "deviation, and the number of columns at a bound", header, groups)


def values_table(entries):
    """The parameters of a run that estimates nothing."""
    rows = []
    for entry in entries:
        values = entry.value[np.isfinite(entry.value)]
        if not values.size:
            continue
        exponent = common_exponent(np.median(values))
        shown = [number(value, given(value, exponent)) for value in (values.min(), values.max())]
        if values.min() == values.max():
            shown[1] = ""
        rows.append([text(entry.label), *shown, text(unit_in_print(entry.units, exponent))])
    header = [("parameter", ""), ("value, or least", "main"), ("largest", ""), ("", "units")]
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
                     number(rmse, measured(rmse)), number(bias, measured(bias, 2)),
                     text(units(unit))])
    header = [("stream", ""), ("", "words"), ("values", ""), ("rmse", "main"), ("bias", ""),
              ("", "units")]
    over = ", over all columns" if grid_of(result) else ""
    return table(f"Simulated minus observed{over}", header, [(None, rows)])


def verdict_table(result, entries):
    """How many columns have which verdict."""
    names = flag_names(result[f"{entries[0].parameter}_verdict"])
    codes = [code for code in names if any((e.verdict == code).any() for e in entries)]
    rows = [[text(entry.label), *[number((entry.verdict == code).sum(),
                                         whole((entry.verdict == code).sum())) for code in codes]]
            for entry in entries]
    header = [("parameter", ""), *[(names[code], "") for code in codes]]
    return table("Columns by verdict", header, [(None, rows)])
