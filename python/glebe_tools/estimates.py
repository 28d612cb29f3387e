# SPDX-License-Identifier: BSD-3-Clause
"""The parameters in a file that Glebe wrote, one entry for each horizon, knot or other place."""
import re
from dataclasses import dataclass

import numpy as np

from .result import grid_of, is_estimate, is_time, namelist_parameters, times


@dataclass
class Entry:
    """One parameter at one place, over all columns (arrays on the grid, without dimensions for a
    site). What the file does not have is None, or NaN for the bounds."""
    parameter: str
    place: str
    title: str
    units: str
    estimated: bool
    value: np.ndarray
    prior: np.ndarray = None
    std: np.ndarray = None
    std_inflated: np.ndarray = None
    at_bound: np.ndarray = None
    verdict: np.ndarray = None
    interval_lower: np.ndarray = None    # ends of the 68 % interval within the bounds
    interval_upper: np.ndarray = None
    considered_share: np.ndarray = None  # of the variance, [considered parameter] and the grid
    lower: float = np.nan
    upper: float = np.nan
    time: np.datetime64 = None  # of its knot
    course: str = ""            # the place without the knot, where there is one

    @property
    def reported_std(self):
        """The standard deviation that log and verdict use: allowing for residuals that depend on
        each other where the file has that, otherwise the plain one."""
        if self.std is None or self.std_inflated is None:
            return self.std
        return np.where(np.isfinite(self.std_inflated), self.std_inflated, self.std)

    @property
    def name(self):
        """As in the namelist: 'thermal_conductivity[upper]'."""
        return f"{self.parameter}[{self.place}]" if self.place else self.parameter

    @property
    def label(self):
        """In words: 'thermal conductivity, upper'."""
        words = self.parameter.replace("_", " ")
        return f"{words}, {self.place}" if self.place else words


@dataclass
class Course:
    """A parameter at one place in the course of time: entries that differ in their knots."""
    entries: list

    @property
    def label(self):
        first = self.entries[0]
        words = first.parameter.replace("_", " ")
        return f"{words}, {first.course}" if first.course else words

    @property
    def title(self):
        return f"{self.label}, {len(self.entries)} knots in time"

    @property
    def time(self):
        return np.array([entry.time for entry in self.entries])

    def values(self, what):
        """[knot] and the grid; None where the file does not have it."""
        each = [getattr(entry, what) for entry in self.entries]
        return None if each[0] is None else np.array(each, float)


SENSORS = ("sensor_depth_", "sensor_bias_")  # and the name of a stream
COMPANIONS = {"prior": "_prior", "std": "_std", "std_inflated": "_std_inflated",
              "at_bound": "_at_bound", "verdict": "_verdict", "interval_lower": "_lower",
              "interval_upper": "_upper", "considered_share": "_considered_share"}


def parameter_names(result):
    """Those that were estimated first, otherwise in the order of the file."""
    if is_estimate(result):
        names = [str(name) for name, variable in result.data_vars.items()
                 if "estimated" in variable.attrs]
        return sorted(names, key=lambda name: not int(result[name].attrs["estimated"]))
    sensors = [str(name) for name in result.data_vars if str(name).startswith(SENSORS)
               and not str(name).endswith(tuple(COMPANIONS.values()))]
    return [name for name in [*namelist_parameters(result), *sensors]
            if name in result and not any(is_time(str(d)) for d in result[name].dims)]


def place_names(result, dimension):
    """What the elements of a dimension before the grid are called."""
    if is_knots(result, dimension):
        return [np.datetime_as_string(value, unit="D") for value in times(result, dimension)]
    size = result.sizes[dimension]
    if dimension not in result.variables:
        return [str(i) for i in range(size)]
    axis = result[dimension]
    names = str(axis.attrs.get("names", "")).split()
    if len(names) == size:
        return names
    units = str(axis.attrs.get("units", ""))
    return [f"{value:g} {units}".strip() for value in axis.values.astype(float)]


def is_knots(result, dimension):
    """Whether a dimension is that of a parameter's knots in time."""
    return dimension in result.variables and result[dimension].dtype.kind in "MO"


def places(result, variable):
    """(index, name, name without the knot, time of the knot) of every place a parameter has: one
    without names for a surface parameter."""
    grid = grid_of(result)
    leading = [str(dim) for dim in variable.dims if dim not in grid]
    knots = {dim: times(result, dim) for dim in leading if is_knots(result, dim)}
    names = {dim: place_names(result, dim) for dim in leading}
    for index in np.ndindex(*(len(names[dim]) for dim in leading)):
        here = dict(zip(leading, index))
        yield (here, ", ".join(names[dim][i] for dim, i in here.items()),
               ", ".join(names[dim][i] for dim, i in here.items() if dim not in knots),
               next((knots[dim][here[dim]] for dim in knots), None))


def control_names(result):
    """The names of the estimated parameters in the order of the matrices."""
    if "control" not in result.variables:
        return []
    return str(result["control"].attrs.get("names", "")).split()


def in_words(control):
    """'initial_temperature[0.15_m]' as 'initial temperature, 0.15 m'."""
    return control.replace("_", " ").replace("[", ", ").replace("]", "")


def control_labels(result):
    """Their names in words, of knots the days alone where these tell them apart."""
    labels = [in_words(name) for name in control_names(result)]
    short = [re.sub(r"(\d{4}-\d\d-\d\d)T[\d:]+", r"\1", label) for label in labels]
    return short if len(set(short)) == len(labels) else labels


def bounds(result, parameter, count):
    """(lower, upper) of the estimated places of a parameter, in their order; NaN when unknown."""
    unknown = [(np.nan, np.nan)] * count
    if "lower_bound" not in result or "upper_bound" not in result:
        return unknown
    mine = [i for i, name in enumerate(control_names(result))
            if re.fullmatch(rf"{re.escape(parameter)}(\[.*)?", name)]
    if len(mine) == 1:
        mine *= count
    if len(mine) != count:
        return unknown
    return [(float(result["lower_bound"][i]), float(result["upper_bound"][i])) for i in mine]


def is_ratio(result, parameter):
    """Whether a variable is the ratio of a parameter to the one that it follows."""
    return parameter.removesuffix("_ratio") != parameter \
        and parameter.removesuffix("_ratio") in result.data_vars


def entries_of(result, parameter):
    variable = result[parameter]
    found = []
    for index, place, course, time in places(result, variable):
        def values(suffix):
            name = parameter + suffix
            if name not in result:
                return None
            own = {dim: i for dim, i in index.items() if dim in result[name].dims}
            return result[name].isel(own).values.astype(float)

        if is_ratio(result, parameter) and np.isnan(values("")).all():
            continue  # this place follows no other
        companions = {key: values(suffix) for key, suffix in COMPANIONS.items()}
        known = companions["at_bound"] is not None and np.isfinite(companions["at_bound"]).any()
        found.append(Entry(parameter, place, str(variable.attrs.get("long_name", parameter)),
                           str(variable.attrs.get("units", "")),
                           bool(int(variable.attrs.get("estimated", 0))) and known,
                           values(""), **companions, time=time, course=course))
    estimated = [entry for entry in found if entry.estimated]
    for entry, (lower, upper) in zip(estimated, bounds(result, parameter, len(estimated))):
        entry.lower, entry.upper = lower, upper
    return found


def entries(result, estimated=None):
    """All entries of the file, or only those that were (were not) estimated."""
    found = [entry for name in parameter_names(result) for entry in entries_of(result, name)]
    return [e for e in found if estimated is None or e.estimated == estimated]


FEW = 4  # knots that are shown one by one


def courses(found):
    """(Courses with more than a few knots, all other entries)."""
    by_place = {}
    for entry in found:
        if entry.time is not None:
            by_place.setdefault((entry.parameter, entry.course), []).append(entry)
    long = [of_place for of_place in by_place.values() if len(of_place) > FEW]
    inside = {id(entry) for of_place in long for entry in of_place}
    return ([Course(of_place) for of_place in long],
            [entry for entry in found if id(entry) not in inside])


def sampled(found):
    """Entries of which of every long course only a few knots are left, the first and last among
    them."""
    long, _ = courses(found)
    left_out = set()
    for course in long:
        kept = np.linspace(0, len(course.entries) - 1, FEW).round().astype(int)
        left_out |= {id(entry) for i, entry in enumerate(course.entries) if i not in kept}
    return [entry for entry in found if id(entry) not in left_out]


# ---- Flags ----------------------------------------------------------------------------------

def flag_names(variable):
    """{value: meaning} of a variable with flag_values and flag_meanings."""
    meanings = str(variable.attrs.get("flag_meanings", "")).split()
    values = np.atleast_1d(variable.attrs.get("flag_values", np.arange(len(meanings))))
    return {int(value): meaning.replace("_", " ") for value, meaning in zip(values, meanings)}


def flag_counts(variable):
    """{meaning: number of columns}, in the order of the values, those that occur."""
    values = variable.values[np.isfinite(variable.values)].astype(int)
    return {meaning: int((values == value).sum())
            for value, meaning in flag_names(variable).items() if (values == value).any()}


# ---- Matrices -------------------------------------------------------------------------------

def with_data(result):
    """Which columns have observations of their own that take part, on the grid: in a coupled
    estimate others are only inferred."""
    status = result["status"]
    inferred = [code for code, name in flag_names(status).items()
                if name in ("inferred", "model_failed")]
    return np.isfinite(status.values) & ~np.isin(status.values, inferred)


def matrix(result, name):
    """A matrix over the estimated parameters, and over several columns its median over those with
    data; None when the file does not have it."""
    if name not in result or set(result[name].dims[:2]) != {"control", "control_column"}:
        return None
    values = result[name].values
    if values.ndim == 2:
        return values
    flat = values[:, :, with_data(result)]
    flat = flat[:, :, np.isfinite(flat).any(axis=(0, 1))]
    if flat.shape[2] == 0:
        return None
    with np.errstate(all="ignore"):
        return np.array([[np.nanmedian(cell) if np.isfinite(cell).any() else np.nan
                          for cell in row] for row in flat])
