# SPDX-License-Identifier: BSD-3-Clause
"""Reads AmeriFlux L2: a text, names, units, completeness; a stamp is the end of its interval."""
import re

import numpy as np
import pandas as pd

from ..command import InputError
from .tower import Tower


def read_l2(source, data, top, header):
    """The Tower of the rows `data`; `top` are the lines up to that of the units."""
    names, units = ([word.strip() for word in line.split(",")] for line in top[header:])
    end = l2_stamps(source, data)
    site = {}
    for key, pattern in (("latitude", r"Latitude:\s*([-+.\d]+)"),
                         ("longitude", r"Longitude:\s*([-+.\d]+)"),
                         ("site_name", r"Sitename:\s*(.*\S)")):
        match = re.search(pattern, "\n".join(top[:header]))
        if match:
            site[key] = match[1] if key == "site_name" else float(match[1])
    return Tower("l2", end - pd.Series(end).diff().median(), end, data,
                 dict(zip(names, units)), site)


def l2_stamps(source, data):
    """Stamps from YEAR and DTIME (1.0 is 1 January, 0 h), checked against HRMIN."""
    for name in ("YEAR", "DTIME", "HRMIN"):
        if name not in data:
            raise InputError(f"{source}: column {name} is missing")
        data[name] = pd.to_numeric(data[name], errors="coerce")
    minutes = ((data.DTIME - 1) * 1440).round()
    clock = data.HRMIN // 100 * 60 + data.HRMIN % 100  # 2400 is the midnight that ends a day
    wrong = (minutes % 1440 != clock % 1440) | data.YEAR.isna()
    if wrong.any():
        row = wrong.to_numpy().argmax()
        raise InputError(f"{source}: data row {row + 1}: YEAR {data.YEAR[row]:g}, DTIME "
                         f"{data.DTIME[row]:g} and HRMIN {data.HRMIN[row]:g} do not make a time")
    minutes, year = minutes.to_numpy("int64"), data.YEAR.to_numpy("int64")
    # The last interval of a year ends in the next; files differ in whether YEAR and DTIME step
    # over together there.
    stamps = year_start(year) + minutes
    for row in 1 + np.flatnonzero(np.abs(np.diff(stamps)) > 300 * 1440):
        for shift in (-1, 1):
            shifted = year_start(year[row] + shift) + minutes[row]
            if 0 < shifted - stamps[row - 1] <= 1440:
                stamps[row] = shifted
    return pd.DatetimeIndex(stamps.astype("datetime64[m]").astype("datetime64[ns]"))


def year_start(year):
    """Minutes from 1970 to 1 January of `year`, a number or an array."""
    start = (np.asarray(year, dtype="int64") - 1970).astype("datetime64[Y]")
    return start.astype("datetime64[m]").astype("int64")
