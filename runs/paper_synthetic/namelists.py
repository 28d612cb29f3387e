# SPDX-License-Identifier: BSD-3-Clause
"""Variations of a namelist: read its groups, change some keys, write it again.

A namelist is a list of groups, each a pair of its name and {key: value as text}. Comments are lost.
"""
import re

STRING = r"'[^']*'"


def read(path):
    text = re.sub(rf"({STRING})|![^\n]*", lambda found: found[1] or "", path.read_text())
    groups = re.findall(rf"&(\w+)((?:{STRING}|[^'/])*)/", text)
    value = rf"((?:{STRING}|[^'=])*?)\s*,?\s*(?=\b\w+\s*=|\Z)"
    return [(name, dict(re.findall(rf"(\w+)\s*=\s*{value}", body))) for name, body in groups]


def in_fortran(value):
    if isinstance(value, bool):
        return ".true." if value else ".false."
    if isinstance(value, (list, tuple)):
        return ", ".join(map(in_fortran, value))
    return f"'{value}'" if isinstance(value, str) else repr(value)


def put(keys, **values):
    """Sets keys of a group; None takes one away."""
    for key, value in values.items():
        keys.pop(key, None)
        if value is not None:
            keys[key] = in_fortran(value)


def change(groups, **values):
    """Sets keys of the groups of a name: change(groups, time={"stop": "2000-01-11"})."""
    for name, keys in values.items():
        for group, found in groups:
            if group == name:
                put(found, **keys)


def named(groups, name):
    """The &parameter group of a parameter, or the &observation group of a kind or variable."""
    quoted = f"'{name}'"
    return next(keys for _, keys in groups
                if quoted in (keys.get("name"), keys.get("kind"), keys.get("variable")))


def write(groups, path):
    lines = []
    for name, keys in groups:
        lines += [f"&{name}", *(f"  {key} = {value}" for key, value in keys.items()), "/"]
    path.write_text("\n".join(lines) + "\n")
