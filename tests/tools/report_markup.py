# SPDX-License-Identifier: BSD-3-Clause
"""Files with markup in every text that a file can carry, for the tests of the report."""

MARKUP = " ".join((
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script>", "]]>", "-->",
    "' onload='alert(1)", "</style><b>", "</svg><iframe>", r"\1 \g<0>", "&amp;&", "$x_$",
    "\x1b[31m"))
# What the program relies on to find its way in a file.
STRUCTURE = ("names", "flag_meanings", "flag_values", "estimated", "source", "Conventions", "axis",
             "mode", "calendar", "bounds", "grid_mapping", "coordinates", "standard_name", "kind",
             "withheld", "error_memory", "time_coverage_start", "time_coverage_end", "_FillValue")


def is_time_unit(name, value):
    return name == "units" and " since " in str(value)


def with_markup(attributes, markup):
    return {name: f"{value} {markup}" if isinstance(value, str) and name not in STRUCTURE
            and not is_time_unit(name, value) else value
            for name, value in attributes.items()}


def with_markup_everywhere(result, markup):
    """In attributes of the file and of all variables, and in what they call their parts."""
    result.attrs = with_markup(result.attrs, markup)
    for name in ("title", "verdict", "conflicts", "warnings", "input_warnings", "modelled_inputs",
                 "parameters_by_default", "institution", "history"):
        result.attrs[name] = f"{result.attrs.get(name, '')}{markup}"
    glued = markup.replace(" ", "_")
    for variable in result.variables.values():
        variable.attrs = with_markup(variable.attrs, markup)
        for name in ("names", "flag_meanings"):
            if name in variable.attrs:
                words = str(variable.attrs[name]).split()
                variable.attrs[name] = " ".join([*words[:-1], words[-1] + glued])
    return result


def with_markup_in_dimensions_too(result, markup):
    """NetCDF allows no control characters and no slash in names."""
    name = 'y<img src=x onerror="alert(1)">' if "<" in markup else "y_harmless"
    return with_markup_everywhere(result, markup).rename_dims({"y": name})


def with_empty_texts(result, _):
    for variable in result.variables.values():
        for name in ("long_name", "units"):
            if name in variable.attrs and not is_time_unit(name, variable.attrs[name]):
                variable.attrs[name] = ""
    return result
