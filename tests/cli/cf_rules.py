# SPDX-License-Identifier: BSD-3-Clause
"""The rules of the CF conventions (version 1.10) that Glebe's outputs follow, one function each,
named by its section. A function yields a message for each breach; check() calls them all.

Units are understood by the UDUNITS library, as CF asks."""
import ctypes
import ctypes.util
import re

import netCDF4
import numpy as np

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")
RESERVED = {"_FillValue", "_Encoding"}
# Appendix A: attributes that are texts, and those that are numbers in the type of their variable.
TEXTS = {"Conventions", "title", "source", "history", "featureType", "units", "long_name",
         "standard_name", "calendar", "axis", "positive", "bounds", "coordinates", "cell_methods",
         "ancillary_variables", "grid_mapping", "flag_meanings", "cf_role"}
AS_VARIABLE = {"_FillValue", "missing_value", "valid_min", "valid_max", "valid_range",
               "flag_values"}
CALENDARS = {"standard", "gregorian", "proleptic_gregorian", "julian", "noleap", "365_day",
             "360_day", "all_leap", "366_day", "none"}
METHODS = {"point", "sum", "maximum", "mean", "median", "minimum", "mid_range",
           "standard_deviation", "variance", "mode", "range"}
NORTH = {"degrees_north", "degree_north", "degree_N", "degrees_N", "degreeN", "degreesN"}
EAST = {"degrees_east", "degree_east", "degree_E", "degrees_E", "degreeE", "degreesE"}
# Names of the standard name table that outputs use, with their canonical units.
STANDARD_NAMES = {
    "time": "s", "latitude": "degree_north", "longitude": "degree_east", "depth": "m",
    "grid_latitude": "degree", "grid_longitude": "degree", "projection_x_coordinate": "m",
    "projection_y_coordinate": "m", "altitude": "m", "soil_temperature": "K",
    "surface_temperature": "K", "surface_upwelling_longwave_flux_in_air": "W m-2",
    "downward_heat_flux_in_soil": "W m-2", "surface_upward_sensible_heat_flux": "W m-2",
    "surface_upward_latent_heat_flux": "W m-2", "surface_net_downward_radiative_flux": "W m-2",
    "soil_thermal_conductivity": "W m-1 K-1", "soil_porosity": "1", "surface_albedo": "1",
    "volume_fraction_of_condensed_water_in_soil": "1", "surface_longwave_emissivity": "1",
    "surface_roughness_length_for_momentum_in_air": "m"}


class Units:
    """Texts of units, by UDUNITS."""

    def __init__(self):
        self.library = ctypes.CDLL(ctypes.util.find_library("udunits2") or "libudunits2.so.0")
        for name, result, arguments in (
                ("ut_read_xml", ctypes.c_void_p, [ctypes.c_char_p]),
                ("ut_parse", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]),
                ("ut_are_convertible", ctypes.c_int, [ctypes.c_void_p] * 2),
                ("ut_set_error_message_handler", ctypes.c_void_p, [ctypes.c_void_p])):
            function = getattr(self.library, name)
            function.restype, function.argtypes = result, arguments
        self.library.ut_set_error_message_handler(
            ctypes.cast(self.library.ut_ignore, ctypes.c_void_p))
        self.system = self.library.ut_read_xml(None)

    def parse(self, text):
        ascii_text = 0
        return self.library.ut_parse(self.system, text.encode(), ascii_text)

    def convertible(self, one, other):
        one, other = self.parse(one), self.parse(other)
        return bool(one and other and self.library.ut_are_convertible(one, other))


UNITS = Units()


class Described:
    """A file and what its variables are to each other."""

    def __init__(self, file):
        self.file, self.variables = file, file.variables
        self.bounds = {self.text(v, "bounds") for v in self.variables} - {""}
        self.listed = {name for v in self.variables for name in self.text(v, "coordinates").split()}
        self.mappings = {v for v in self.variables
                         if "grid_mapping_name" in self.variables[v].ncattrs()}
        self.axes = {v for v in self.variables if self.variables[v].dimensions == (v,)}

    def text(self, variable, attribute):
        owner = self.variables[variable] if variable else self.file
        value = getattr(owner, attribute, "") if attribute in owner.ncattrs() else ""
        return value if isinstance(value, str) else ""

    def is_text(self, variable):
        return self.variables[variable].dtype == "S1"

    def data(self):
        """The variables that are neither coordinates nor anything that describes others."""
        return [v for v in self.variables
                if v not in self.bounds | self.listed | self.mappings | self.axes
                and not self.is_text(v)]

    def axis(self, dimension):
        """T, Z, Y or X of a coordinate variable, or nothing."""
        if dimension not in self.axes:
            return ""
        units, name = self.text(dimension, "units"), self.text(dimension, "standard_name")
        if self.text(dimension, "axis"):
            return self.text(dimension, "axis")
        if " since " in units:
            return "T"
        if self.text(dimension, "positive"):
            return "Z"
        if units in NORTH or name in ("projection_y_coordinate", "grid_latitude"):
            return "Y"
        return "X" if units in EAST or name in ("projection_x_coordinate", "grid_longitude") else ""

    def values(self, variable):
        self.variables[variable].set_auto_mask(False)
        return self.variables[variable][...]


def names_2_3(of):
    for name in [*of.variables, *of.file.dimensions]:
        if not NAME.match(name):
            yield f"name {name!r}"
    for owner in [of.file, *of.variables.values()]:
        for attribute in owner.ncattrs():
            if not NAME.match(attribute) and attribute not in RESERVED:
                yield f"attribute {attribute!r} of {owner.name}"
    if len({name.lower() for name in of.variables}) < len(of.variables):
        yield "names that differ in case alone"


def dimensions_2_4(of):
    for name, variable in of.variables.items():
        if len(set(variable.dimensions)) < len(variable.dimensions):
            yield f"{name}: a dimension twice"
        axes = [of.axis(dimension) for dimension in variable.dimensions]
        known = [a for a in axes if a]
        if known != sorted(known, key="TZYX".find):
            yield f"{name}: dimensions in the order {known}"
        first = next((i for i, a in enumerate(axes) if a), len(axes))
        if any(not a and d in of.axes for a, d in zip(axes[first:], variable.dimensions[first:])):
            yield f"{name}: a dimension that is neither time nor place after one that is"


def missing_2_5_1(of):
    for name in of.axes:
        for attribute in ("_FillValue", "missing_value"):
            if attribute in of.variables[name].ncattrs():
                yield f"{name}: coordinates with {attribute}"
        if not np.isfinite(of.values(name)).all():
            yield f"{name}: missing coordinates"
    for name in of.listed & set(of.variables):
        values = of.values(name)
        if values.dtype.kind == "f" and (np.isnan(values) | (values > 9e36)).any():
            yield f"{name}: missing auxiliary coordinates"


def attribute_types_appendix_a(of):
    for owner in [of.file, *of.variables.values()]:
        for attribute in owner.ncattrs():
            value = owner.getncattr(attribute)
            if attribute in TEXTS and not isinstance(value, str):
                yield f"{owner.name}: {attribute} is no text"
            if attribute in AS_VARIABLE and np.asarray(value).dtype != owner.dtype:
                yield f"{owner.name}: {attribute} has the type {np.asarray(value).dtype}"


def conventions_2_6(of):
    if not re.match(r"CF-1\.\d+$", of.text("", "Conventions")):
        yield f"Conventions = {of.text('', 'Conventions')!r}"
    for attribute in ("source", "history"):
        if not of.text("", attribute):
            yield f"no {attribute}"
    if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", of.text("", "history")):
        yield "history does not begin with a date"


def units_3_1(of):
    for name, variable in of.variables.items():
        attributes = variable.ncattrs()
        units = of.text(name, "units")
        if "units" in attributes and " since " not in units and not UNITS.parse(units):
            yield f"{name}: UDUNITS does not know {units!r}"
        without = (of.is_text(name) or "flag_values" in attributes or name in of.bounds
                   or name in of.mappings
                   or any(of.text(d, "element_units") for d in variable.dimensions
                          if d in of.axes))
        if "units" not in attributes and not without:
            yield f"{name}: no units"


def long_names_3_2(of):
    for name in of.data():
        if not of.text(name, "long_name") and not of.text(name, "standard_name"):
            yield f"{name}: neither long_name nor standard_name"


def standard_names_3_3(of):
    for name in of.variables:
        words = of.text(name, "standard_name").split()
        if not words:
            continue
        if words[0] not in STANDARD_NAMES or words[1:] not in ([], ["standard_error"]):
            yield f"{name}: standard_name {' '.join(words)!r}"
        elif not UNITS.convertible(of.text(name, "units").split(" since ")[0],
                                   STANDARD_NAMES[words[0]]):
            yield f"{name}: {of.text(name, 'units')!r} is no unit of {words[0]}"


def ancillary_variables_3_4(of):
    for name in of.variables:
        for other in of.text(name, "ancillary_variables").split():
            if other not in of.variables:
                yield f"{name}: its ancillary variable {other} is not there"


def flags_3_5(of):
    for name, variable in of.variables.items():
        if "flag_values" not in variable.ncattrs():
            continue
        flags = np.atleast_1d(variable.flag_values)
        if len(flags) != len(of.text(name, "flag_meanings").split()):
            yield f"{name}: flag_values and flag_meanings differ in number"
        fill = getattr(variable, "_FillValue", None)
        if not np.isin(of.values(name), [*flags, fill] if fill is not None else flags).all():
            yield f"{name}: a value that is no flag"


def coordinates_4(of):
    for name in of.variables:
        units, standard = of.text(name, "units"), of.text(name, "standard_name")
        if standard == "latitude" and units not in NORTH:
            yield f"{name}: a latitude in {units!r}"
        if standard == "longitude" and units not in EAST:
            yield f"{name}: a longitude in {units!r}"
        positive = of.text(name, "positive")
        if positive not in ("", "up", "down"):
            yield f"{name}: positive = {positive!r}"
        if standard == "depth" and positive != "down":
            yield f"{name}: a depth that is not positive downwards"
        axis = of.text(name, "axis")
        if axis not in ("", "X", "Y", "Z", "T"):
            yield f"{name}: axis = {axis!r}"
        if " since " in units and of.text(name, "calendar") not in CALENDARS:
            yield f"{name}: calendar = {of.text(name, 'calendar')!r}"
        if " since " in units and standard != "time":
            yield f"{name}: a time without its standard_name"


def axes_5(of):
    for name in of.axes:
        values = of.values(name)
        if values.dtype.kind not in "fiu":
            yield f"{name}: coordinates that are no numbers"
        elif len(values) > 1 and not ((np.diff(values) > 0).all() or (np.diff(values) < 0).all()):
            yield f"{name}: coordinates that are not monotonic"
    for name, variable in of.variables.items():
        axes = [a for a in map(of.axis, variable.dimensions) if a]
        if len(set(axes)) < len(axes):
            yield f"{name}: two coordinates of one axis"


def auxiliary_coordinates_5(of):
    for name, variable in of.variables.items():
        for other in of.text(name, "coordinates").split():
            if other not in of.variables:
                yield f"{name}: its coordinate {other} is not there"
                continue
            dimensions = of.variables[other].dimensions
            dimensions = dimensions[:-1] if of.is_text(other) else dimensions
            if not set(dimensions) <= set(variable.dimensions):
                yield f"{name}: its coordinate {other} has other dimensions"
            if other == name:
                yield f"{name}: is its own coordinate"


def grid_mappings_5_6(of):
    for name in of.variables:
        text = of.text(name, "grid_mapping")
        words = [word.rstrip(":") for word in text.split()]
        mappings = [w[:-1] for w in text.split() if w.endswith(":")] or words
        for word in words:
            if word not in of.variables:
                yield f"{name}: grid_mapping names {word}, which is not there"
            elif word in mappings and word not in of.mappings:
                yield f"{name}: {word} has no grid_mapping_name"
    projected = {d for d in of.axes
                 if of.text(d, "standard_name").startswith(("projection_", "grid_l"))}
    for name in of.data():
        on_it = projected & set(of.variables[name].dimensions)
        if on_it and not of.text(name, "grid_mapping"):
            yield f"{name}: on a projected grid without a grid_mapping"


def bounds_7_1(of):
    for name, variable in of.variables.items():
        bounds = of.text(name, "bounds")
        if not bounds:
            continue
        if bounds not in of.variables:
            yield f"{name}: its bounds {bounds} are not there"
            continue
        dimensions = of.variables[bounds].dimensions
        if dimensions[:-1] != variable.dimensions:
            yield f"{bounds}: dimensions {dimensions}"
            continue
        limits, values = of.values(bounds), of.values(name)
        if len(of.file.dimensions[dimensions[-1]]) == 2:
            within = (limits.min(-1) <= values) & (values <= limits.max(-1))
            if not within.all():
                yield f"{name}: outside of its bounds"


def cell_methods_7_3(of):
    for name, variable in of.variables.items():
        methods = of.text(name, "cell_methods")
        if not methods:
            continue
        if not re.match(r"(\w+: )+\w+( |$)", methods):
            yield f"{name}: cell_methods = {methods!r}"
            continue
        scalars = of.text(name, "coordinates").split()
        for axis, method in re.findall(r"(\w+): (\w+)(?= |$)", methods):
            if axis not in (*variable.dimensions, *scalars, "area"):
                yield f"{name}: cell_methods of {axis}, which it has not"
            if method not in METHODS:
                yield f"{name}: cell_methods {method!r}"
            if method == "mean" and axis in of.axes and not of.text(axis, "bounds"):
                yield f"{name}: means over {axis}, which has no bounds"


def features_9(of):
    roles = [v for v in of.variables if of.text(v, "cf_role")]
    if any(of.text(v, "cf_role") not in ("timeseries_id", "profile_id", "trajectory_id")
           for v in roles):
        yield "cf_role"
    kind = of.text("", "featureType")
    if not kind:
        return
    if kind != "timeSeries" or len(roles) > 1:
        yield f"featureType = {kind!r} with {roles}"
    for name in of.data():
        listed = {of.text(c, "standard_name") or of.text(c, "units")
                  for c in of.text(name, "coordinates").split() if c in of.variables}
        if not (listed & {"latitude", *NORTH} and listed & {"longitude", *EAST}):
            yield f"{name}: a time series without a place"


RULES = (names_2_3, dimensions_2_4, missing_2_5_1, attribute_types_appendix_a, conventions_2_6,
         units_3_1, long_names_3_2, standard_names_3_3, ancillary_variables_3_4, flags_3_5,
         coordinates_4, axes_5, auxiliary_coordinates_5, grid_mappings_5_6, bounds_7_1,
         cell_methods_7_3, features_9)


def check(path):
    """What breaks a rule in a file: [(name of the rule, message)]."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_chartostring(False)
        of = Described(file)
        return [(rule.__name__, message) for rule in RULES for message in rule(of)]
