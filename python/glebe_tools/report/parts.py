# SPDX-License-Identifier: BSD-3-Clause
"""The parts of a split window: how their estimates agree, and how each is predicted from the
others."""
import numpy as np

from ..estimates import in_words, place_names
from ..result import grid_of, is_withheld, stream_title, times
from .html import number, paragraph, table, text
from .numbers import (beside, exponent_of, fixed, misfit, unit_in_print, units,
                      with_uncertainty)
from .skill import size_cell, skill_cell
from .tables import stream_names

SUFFIX = "_part_z"
REGRESSIONS = ("1lin", "2lin", "3km27")
LARGE = 3.0  # a z-score that chance alone hardly gives


def median(values):
    values = np.ravel(values)
    values = values[np.isfinite(values)]
    return float(np.median(values)) if values.size else np.nan


def rms(values):
    values = np.ravel(values)
    values = values[np.isfinite(values)]
    return float(np.sqrt(np.mean(values**2))) if values.size else np.nan


def elements(result, name):
    """(label, estimates [part, ...], standard deviations, z [part, from, ...]) of a parameter at
    each of its places; the rest of the dimensions is the grid."""
    z, grid = result[f"{name}{SUFFIX}"], grid_of(result)
    leading = [str(dim) for dim in z.dims if dim not in (*grid, "part", "from_part")]
    names = [place_names(result, dim) for dim in leading]
    for index in np.ndindex(*(len(one) for one in names)):
        here = dict(zip(leading, index))
        place = ", ".join(one[i] for one, i in zip(names, index))
        label = in_words(name) + (f", {place}" if place else "")
        yield (label, *(result[f"{name}{suffix}"].isel(here).values
                        for suffix in ("_part", "_part_std", SUFFIX)))


def estimate_row(label, unit, estimates, std, z):
    values = [median(one) for one in estimates]
    spreads = [median(one) for one in std]
    exponent = exponent_of(np.nanmedian(values), np.nanmedian(spreads)
                           if np.isfinite(spreads).any() else np.nan)
    cells = [text(label)]
    for value, spread in zip(values, spreads):
        shown = with_uncertainty(value, spread, exponent)
        cells.append(number(value, shown.value)
                     + (f" ± {number(spread, shown.std)}" if np.isfinite(spread) else ""))
    pairs = z[np.tril_indices(len(z), -1)]
    found = rms(pairs)
    score = number(found, fixed(found, 2)) if np.isfinite(found) else "not compared"
    return [*cells, text(unit_in_print(unit, exponent)),
            (score, "alarm") if found >= LARGE else score]


def estimates_table(result):
    rows = []
    for name in [str(one)[:-len(SUFFIX)] for one in result.data_vars if str(one).endswith(SUFFIX)]:
        unit = str(result[name].attrs.get("units", ""))
        for label, estimates, std, z in elements(result, name):
            if np.isfinite(estimates).any():
                rows.append(estimate_row(label, unit, estimates, std, z))
    header = [("parameter", ""), *((f"part {i + 1}", "") for i in range(result.sizes["part"])),
              ("", "units"), ("rms z", "main")]
    over = ", medians over columns" if grid_of(result) else ""
    return table(f"Estimates of the parts{over}", header, [(None, rows)])


def from_others(result, name, part, combine):
    """Of a part predicted from each other one, in each column; then the median over columns."""
    values = result[name].values[part]
    others = np.delete(values, part, axis=0)
    return median(combine(others))


def root_of_mean_square(values):
    with np.errstate(invalid="ignore"):
        return np.sqrt(np.mean(np.square(values), axis=0))


def mean(values):
    return np.mean(values, axis=0)


def prediction_row(result, name, part, regressions):
    rmse = from_others(result, f"{name}_part_rmse", part, root_of_mean_square)
    if not np.isfinite(rmse):
        return None
    own = median(result[f"{name}_part_rmse"].values[part, part])
    title = stream_title(result, name) + (", withheld" if is_withheld(result, name) else "")
    return [text(title), str(part + 1), number(rmse, misfit(rmse)), size_cell(own, rmse),
            size_cell(from_others(result, f"{name}_part_bias", part, mean), rmse),
            skill_cell(from_others(result, f"{name}_part_skill", part, mean)),
            *(size_cell(from_others(result, f"{name}_part_rmse_{one}", part, root_of_mean_square),
                        rmse) for one in regressions),
            text(units(str(result[f"rmse_{name}"].attrs.get("units", ""))))]


def predictions_table(result):
    names = [name for name in stream_names(result) if f"{name}_part_rmse" in result]
    regressions = [one for one in REGRESSIONS
                   if any(np.isfinite(result[f"{name}_part_rmse_{one}"].values).any()
                          for name in names if f"{name}_part_rmse_{one}" in result)]
    rows = [row for name in names for part in range(result.sizes["part"])
            if (row := prediction_row(result, name, part, regressions)) is not None]
    header = [("stream", ""), ("part", ""), ("rmse", "main"), ("with its own parameters", ""),
              ("bias", ""), ("skill", ""), *((one, "") for one in regressions), ("", "units")]
    over = ", medians over columns" if grid_of(result) else ""
    several = "the other parts" if result.sizes["part"] > 2 else "the other part"
    return table(f"Each part predicted with the parameters of {several}{over}", header,
                 [(None, rows)])


def limits(result):
    start, end = (times(result, name) for name in ("part_start", "part_end"))
    words = [f"part {i + 1} from {first} to {last}" for i, (first, last) in enumerate(
        zip(*(np.datetime_as_string(one, unit="m") for one in (start, end))))]
    return ", ".join(words).replace("T", " ")


def parts(result):
    """The section; None where the window is not split."""
    if "part" not in result.sizes:
        return None
    typical = rms(result["part_rms_z"].values)
    content = paragraph(text(f"The estimate again from each part of the window: {limits(result)} "
                             "UTC.")) + estimates_table(result)
    if np.isfinite(typical):
        content += paragraph("Root mean square of all z-scores: "
                             f"{number(typical, beside(typical, 1.0))}.")
    content += paragraph("A z-score is the difference between two parts over the root of the sum "
                         "of their variances: about 1 where the standard deviations are right and "
                         "the parameter is constant. What is at a bound, or holds only given one, "
                         "is not compared.", "note")
    content += predictions_table(result)
    content += paragraph("Each part has its own initial state. Regressions are fitted in the other "
                         "part too, to the stream itself.", "note")
    return "parts", "Parts of the window", content
