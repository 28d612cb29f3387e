# SPDX-License-Identifier: BSD-3-Clause
"""A file that Glebe wrote: what ran, its columns, its streams observed and simulated.

For each observation stream s an estimate has <s> (simulated) and <s>_observed on the dimension
'time' or 'time_<another stream>', and on a grid the horizontal ones.
"""
import os
import re
from typing import NamedTuple

import numpy as np
import xarray as xr

from .command import InputError


def open_result(path):
    """The dataset of a file that Glebe wrote; its values stay on disk until they are used."""
    if not os.path.exists(path):
        raise InputError("no such file")
    if os.path.isdir(path):
        raise InputError("is a folder, not a result file")
    if not os.path.isfile(path):  # nothing would ever come from a pipe
        raise InputError("is not a regular file")
    try:
        result = xr.open_dataset(path)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"cannot be read as NetCDF ({reason})") from error
    source = str(result.attrs.get("source", ""))
    if not source.startswith("Glebe"):
        result.close()
        found = f"is '{source}'" if source else "is missing"
        raise InputError(f"not a result of Glebe: the global attribute 'source' {found}, "
                         "and should begin with 'Glebe'")
    return result


def is_estimate(result):
    return "cost_final" in result


def is_design(result):
    return "design" in result.dims and "criterion" in result


def mode(result):
    """forward, twin, estimate, ... as in the namelist; files of older versions do not say."""
    if "mode" in result.attrs:
        return str(result.attrs["mode"])
    return "estimate" if is_estimate(result) else "forward"


# ---- Streams --------------------------------------------------------------------------------

def is_time(name):
    return name == "time" or name.startswith("time_")


def time_dimension(variable, stream):
    for name in map(str, variable.dims):
        if is_time(name):
            return name
    raise InputError(f"{stream}: has no time among its dimensions "
                     f"({', '.join(map(str, variable.dims)) or 'none'})")


def temperatures_first(result, names):
    return sorted(names, key=lambda name: result[name].attrs.get("units") not in ("K", "degC"))


def streams_of(result, wanted=None):
    """The names of the streams that were observed: temperatures first, otherwise as in the file."""
    found = [str(name) for name in result.data_vars if f"{name}_observed" in result]
    if not found:
        raise InputError("no streams: no variable <s> has an <s>_observed beside it (was the "
                         "series asked for in the run's namelist?)")
    return choose(found, wanted) if wanted else temperatures_first(result, found)


def simulated_only(result):
    """The series of a forward or twin run, which have nothing observed beside them."""
    names = [str(name) for name, variable in result.data_vars.items()
             if any(is_time(str(dim)) for dim in variable.dims) and "nv" not in variable.dims
             and np.issubdtype(variable.dtype, np.floating)]
    series = [name for name in names if not name.endswith("_observed")
              and f"{name}_observed" not in names]
    return temperatures_first(result, series)


def which_of_kind(result, kind):
    """The stream of a kind at the surface that has observations, by its default name; or None."""
    for name in (kind, f"{kind}_0cm"):
        if name in result and f"{name}_observed" in result:
            return name
    return None


def choose(found, wanted, what="stream"):
    unknown = [name for name in wanted if name not in found]
    if unknown:
        raise InputError(f"no {what} {', '.join(unknown)}; the file has {', '.join(found)}")
    return list(wanted)


def is_withheld(result, stream):
    """Whether the fit has not seen a stream; also known where the series are not in the file."""
    for name in (stream, f"rmse_{stream}"):
        if name in result and "withheld" in result[name].attrs:
            return bool(int(result[name].attrs["withheld"]))
    return False


def long_name(result, name):
    """What a variable is, with its depth: 'soil temperature, 5 cm'."""
    attributes = result[name].attrs
    text = str(attributes.get("long_name", name.replace("_", " ")))
    if "depth" in attributes and "depth" not in text and " cm" not in text:
        depth = float(str(attributes["depth"]).split()[0])
        text += f", {depth * 100:g} cm" if depth > 0 else ", surface"
    return text


def stream_title(result, stream):
    """The same for a stream whose series may not be in the file."""
    if stream in result:
        return long_name(result, stream)
    return re.sub(r"(\d)(cm|m)\b", r"\1 \2", stream.replace("_", " "))


# ---- Columns --------------------------------------------------------------------------------

OF_COLUMNS = ("status", "best_design")  # of an estimate, of a design: in every column that ran


def horizontal(result, stream):
    """The horizontal dimensions of a stream, possibly none."""
    variable = result[stream]
    time = time_dimension(variable, stream)
    return [dim for dim in variable.dims if dim != time]


def grid_of(result):
    """The names of the horizontal dimensions of the whole file: none, one or two."""
    for name in OF_COLUMNS:
        if name in result:
            return [str(dim) for dim in result[name].dims]
    for name in simulated_only(result):
        return [str(dim) for dim in horizontal(result, name)]
    return []


def column_count(result):
    """The columns that ran, and the cells of the grid."""
    cells = int(np.prod([result.sizes[dim] for dim in grid_of(result)], dtype=int))
    for name in OF_COLUMNS:
        if name in result:
            return int(np.isfinite(result[name].values).sum()), cells
    for name in simulated_only(result):
        first = result[name].isel({time_dimension(result[name], name): 0})
        return int(np.isfinite(first.values).sum()), cells
    return cells, cells


def misfit(result, stream):
    """The root-mean-square difference along time: a number or a map, NaN without data."""
    if f"rmse_{stream}" in result:
        return result[f"rmse_{stream}"]
    difference = result[stream] - result[f"{stream}_observed"]
    return np.sqrt((difference**2).mean(time_dimension(result[stream], stream)))


def check_column(wanted, shapes):
    if len(wanted) != len(shapes) or any(
            not 0 <= i < n for i, n in zip(wanted, shapes.values())):
        sizes = ", ".join(f"{dim} 0..{n - 1}" for dim, n in shapes.items())
        raise InputError(f"--column needs {len(shapes)} indices: {sizes}")
    return dict(zip(shapes, wanted))


def choose_column(result, streams, wanted=None):
    """{dimension: index} of the column to draw: the one asked for, otherwise the one with the
    median misfit to the first stream; empty for a single column."""
    shapes = {dim: result.sizes[dim] for stream in streams for dim in horizontal(result, stream)}
    if not shapes:
        if wanted:
            raise InputError("--column: the result has no horizontal dimensions")
        return {}
    if wanted:
        return check_column(wanted, shapes)
    first = next(s for s in streams if set(horizontal(result, s)) == set(shapes))
    if f"{first}_observed" in result:
        rms = misfit(result, first)
        lacking = f"{first}: no column has both a simulated and an observed value"
    else:  # nothing to be compared with: the median of the first value
        rms = result[first].isel({time_dimension(result[first], first): 0})
        lacking = f"{first}: no column has a value"
    rms = rms.transpose(*shapes).values
    order = np.argsort(rms, axis=None)  # NaN last
    count = int(np.isfinite(rms).sum())
    if count == 0:
        raise InputError(lacking)
    middle = np.unravel_index(order[(count - 1) // 2], rms.shape)
    return {dim: int(i) for dim, i in zip(shapes, middle)}


def place(result, column):
    """A column in words: 'y 20, x 13'; nothing for a single one."""
    if not any(result.sizes[dim] > 1 for dim in column):
        return ""
    return ", ".join(f"{dim} {i}" for dim, i in column.items())


# ---- Series ---------------------------------------------------------------------------------

class Series(NamedTuple):
    """One stream in one column; `observed` is None where nothing was observed."""
    name: str
    title: str
    units: str
    withheld: bool
    time: np.ndarray
    simulated: np.ndarray
    observed: np.ndarray
    rmse: float
    bias: float

    @property
    def residual(self):
        return self.simulated - self.observed


def times(result, dimension):
    """The instants of a time axis as datetime64; the calendars of models without leap years too,
    whose dates all exist."""
    values = result[dimension].values
    if np.issubdtype(values.dtype, np.datetime64):
        return values
    try:
        return np.array([value.isoformat() for value in values], "datetime64[ns]")
    except (AttributeError, ValueError) as error:
        raise InputError(f"{dimension}: no CF time with units 'seconds since ...', or dates such "
                         "as 30 February that no figure can show") from error


def statistic(result, kind, stream, column, fallback, difference):
    """rmse_<s> or bias_<s> of the file where it has them, otherwise from the series."""
    name, value = f"{kind}_{stream}", np.nan
    if name in result:
        value = float(result[name].isel({d: i for d, i in column.items()
                                         if d in result[name].dims}))
    if np.isnan(value) and np.isfinite(difference).any():
        value = float(fallback(difference))
    return value


def series_of(result, stream, column):
    """A stream in one column."""
    chosen = {dim: i for dim, i in column.items() if dim in result[stream].dims}
    simulated = result[stream].isel(chosen)
    time = times(result, time_dimension(simulated, stream))
    y, observed, rmse, bias = simulated.values, None, np.nan, np.nan
    if f"{stream}_observed" in result:
        observed = result[f"{stream}_observed"].isel(chosen).values
        difference = y - observed
        rmse = statistic(result, "rmse", stream, column, lambda d: np.sqrt(np.nanmean(d**2)),
                         difference)
        bias = statistic(result, "bias", stream, column, np.nanmean, difference)
    return Series(stream, long_name(result, stream), str(simulated.attrs.get("units", "")),
                  is_withheld(result, stream), time, y, observed, rmse, bias)


def parameter_groups(result):
    """(name, text) of the &parameter groups in the namelist that the file carries."""
    namelist = re.sub(r"![^\n]*", "", str(result.attrs.get("namelist", "")))
    for group in re.split(r"&parameter\b", namelist, flags=re.I)[1:]:
        name = re.search(r"\bname\s*=\s*['\"](\w+)['\"]", group, re.I)
        if name:
            yield name.group(1), group.split("&")[0]


def namelist_parameters(result):
    """The names of these groups, in their order."""
    return list(dict.fromkeys(name for name, _ in parameter_groups(result)))


def in_steps(result, parameter):
    """Whether a parameter keeps its value from knot to knot, by the namelist."""
    return any(name == parameter and re.search(r"\btime\s*=\s*['\"]steps['\"]", group, re.I)
               for name, group in parameter_groups(result))
