# SPDX-License-Identifier: BSD-3-Clause
"""Reads flux-tower CSV files: AmeriFlux BASE, AmeriFlux L2 and FLUXNET2015 FULLSET."""
import re

import pandas as pd

from ..command import InputError
from .l2 import read_l2
from .source import Source
from .tower import Tower

BYTE_ORDER_MARKS = "\ufeff\xef\xbb\xbf"
OPTIONS = {"skipinitialspace": True, "low_memory": False}


def detect_format(source):
    """The format of a file and the line, counted from 0, that holds its column names."""
    with source.text() as lines:
        for number, line in zip(range(100), lines):
            names = [name.strip() for name in line.lstrip(BYTE_ORDER_MARKS).split(",")]
            if names[0] == "YEAR" and "DTIME" in names:
                return "l2", number
            if {"TIMESTAMP_START", "TIMESTAMP_END"} <= set(names):
                fluxnet = any(re.fullmatch(r"\w+_F(_MDS(_\d+)?)?_QC", name) for name in names)
                return ("fluxnet" if fluxnet else "base"), number
    raise InputError(f"{source}: unknown format: no line begins with YEAR and has DTIME (AmeriFlux "
                     "L2) or has TIMESTAMP_START and TIMESTAMP_END (AmeriFlux BASE, FLUXNET2015; "
                     "daily and coarser files cannot be used); any other table needs --mapping")


def read_tower(source, wanted="auto"):
    """Reads a Source or the file of a name, of the format `wanted` ("auto": whichever it has)."""
    source = source if isinstance(source, Source) else Source(source)
    found, header = detect_format(source)
    if wanted not in ("auto", found) and "l2" in (wanted, found):
        raise InputError(f"{source}: the format is {found}, not {wanted}")
    try:
        if found == "l2":
            return read_l2(source, *l2_rows(source, header), header)
        return read_stamped(source, header, found if wanted == "auto" else wanted)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{source}: {error}") from None


def read_stamped(source, header, form):
    """AmeriFlux BASE and FLUXNET2015: every row says when its interval starts and ends."""
    with source.text() as text:
        data = pd.read_csv(text, skiprows=header, **OPTIONS)
    data.columns = [str(name).strip(BYTE_ORDER_MARKS + " ") for name in data.columns]
    require_rows(source, data)
    stamps = []
    for name in ("TIMESTAMP_START", "TIMESTAMP_END"):
        try:
            times = pd.to_datetime(data[name].astype(str), format="%Y%m%d%H%M")
        except ValueError:
            raise InputError(f"{source}: {name} must be YYYYMMDDhhmm, found "
                             f"'{data[name].iloc[0]}' in the first row") from None
        stamps.append(pd.DatetimeIndex(times))
    return Tower(form, *stamps, data)


def l2_rows(source, header):
    """The rows of an L2 file, and the lines above them up to that of the units."""
    with source.text() as lines:
        top = [line.rstrip("\r\n") for _, line in zip(range(header + 2), lines)]
    names = [word.strip() for word in top[header].split(",")]
    with source.text() as text:
        data = pd.read_csv(text, skiprows=header + 3, names=names, index_col=False, **OPTIONS)
    require_rows(source, data)
    return data, top


def require_rows(source, data):
    """A time step is the difference of two stamps."""
    if len(data) < 2:
        raise InputError(f"{source}: {len(data)} rows of data, at least 2 are needed")
