# SPDX-License-Identifier: BSD-3-Clause
"""Writes what was converted as NetCDF: on a regular axis of time in UTC, with the site."""
import os
import sys
from datetime import datetime, timezone

import netCDF4
import numpy as np
import pandas as pd

from ..command import InputError, complete

STAMPS = {"start": 0.0, "middle": 0.5, "end": 1.0, "instant": 1.0}
FLAG_MEANINGS = "measured filled_good filled_medium_or_from_reanalysis filled_poor"


def regular(tower, utc_offset, args):
    """The regular axis of interval ends [UTC] in the window, and the data row of each or -1."""
    step = (tower.end - tower.start)[0]
    if step <= pd.Timedelta(0) or ((tower.end - tower.start) != step).any():
        raise InputError("the intervals have different or negative lengths")
    away = np.diff(tower.end.asi8)
    wrong = (away <= 0) | (away % step.value != 0)
    if wrong.any():
        row = wrong.argmax()
        raise InputError(f"the time stamps are not in steps of {step}: {tower.end[row]} is "
                         f"followed by {tower.end[row + 1]} (rows {row + 1} and {row + 2} of data)")
    end = tower.end - pd.Timedelta(hours=utc_offset)
    axis = pd.date_range(end[0], end[-1], freq=step)
    inside = np.ones(len(axis), bool)
    if args.start is not None:
        inside &= axis - step >= args.start
    if args.stop is not None:
        inside &= axis <= args.stop
    if not inside.any():
        raise InputError(f"no data between --start and --stop: the file covers {axis[0] - step} "
                         f"to {axis[-1]} UTC")
    axis = axis[inside]
    return axis, step, end.get_indexer(axis)


def write(path, conversion, args):
    """Writes the file; returns its axis, its step, and how many intervals had no row."""
    tower = conversion.tower
    axis, step, rows = regular(tower, args.utc_offset, args)
    site = site_of(tower, args)
    with complete(path, args.input) as temporary, \
            netCDF4.Dataset(temporary, "w", format="NETCDF4") as nc:
        write_time(nc, axis, step, args.stamp)
        write_site(nc, site)
        for name, (values, attributes, flags) in conversion.variables.items():
            write_variable(nc, name, values, attributes, flags, rows)
        nc.setncatts(global_attributes(conversion, site, step, args))
    return axis, step, int((rows < 0).sum())


def global_attributes(conversion, site, step, args):
    return {
        "Conventions": "CF-1.10", "featureType": "timeSeries",
        "title": f"{conversion.tower.kind} {site.get('site_name', '')}".strip(),
        "source": f"{conversion.tower.label()} {os.path.basename(args.input)}",
        "time_stamp": ("instants" if args.stamp == "instant" else
                       f"the {args.stamp} of the averaging interval") +
                      f" of {step.total_seconds():g} s, UTC",
        "utc_offset_of_source_hours": args.utc_offset,
        "history": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ} "
                   f"{' '.join(map(os.path.basename, sys.argv))}"}


def write_time(nc, axis, step, stamp):
    nc.createDimension("time", len(axis))
    nc.createDimension("bounds", 2)
    origin = pd.Timestamp(axis[0].year, 1, 1)
    end = (axis - origin).total_seconds().to_numpy()
    length = step.total_seconds()
    time = nc.createVariable("time", "f8", ("time",))
    time.setncatts({"standard_name": "time", "calendar": "standard", "axis": "T",
                    "units": f"seconds since {origin:%Y-%m-%d %H:%M:%S}"})
    time[:] = end - (1 - STAMPS[stamp]) * length
    if stamp == "instant":
        return
    time.setncatts({"long_name": f"{stamp} of the averaging interval", "bounds": "time_bnds"})
    nc.createVariable("time_bnds", "f8", ("time", "bounds"))[:] = np.stack([end - length, end], 1)


def site_of(tower, args):
    """Name, latitude and longitude: the options before what the file says."""
    given = {"site_name": args.site, "latitude": args.lat, "longitude": args.lon}
    return tower.site | {key: value for key, value in given.items() if value is not None}


def write_site(nc, site):
    if "site_name" in site:
        station = nc.createVariable("station_name", str, ())
        station.setncatts({"cf_role": "timeseries_id", "long_name": "name of the site"})
        station[...] = site["site_name"]
    for key, units in (("latitude", "degrees_north"), ("longitude", "degrees_east")):
        if key in site:
            variable = nc.createVariable(key, "f8", ())
            variable.setncatts({"standard_name": key, "units": units})
            variable[...] = site[key]


def write_variable(nc, name, values, attributes, flags, rows):
    """One variable on the regular axis and, where there are flags, <name>_qc."""
    coordinates = [key for key in ("latitude", "longitude", "station_name") if key in nc.variables]
    common = {"cell_methods": "time: mean", "coordinates": " ".join(coordinates)}
    variable = nc.createVariable(name, "f4", ("time",), fill_value=np.float32(-9999), zlib=True)
    variable.setncatts(common | attributes)
    if "depth" in attributes:
        variable.depth_units = "m"
    if flags is not None:
        variable.ancillary_variables = f"{name}_qc"
        quality = nc.createVariable(f"{name}_qc", "i1", ("time",), fill_value=np.int8(-1),
                                    zlib=True)
        quality.setncatts({"long_name": f"quality of {name}", "standard_name": "quality_flag",
                           "flag_values": np.arange(4, dtype="i1"),
                           "flag_meanings": FLAG_MEANINGS, "coordinates": common["coordinates"]})
        quality[:] = on_axis(flags, rows, -1)
    variable[:] = on_axis(values, rows, -9999)


def on_axis(values, rows, fill):
    """values[rows], with `fill` where a row is absent (-1) or its value is missing."""
    taken = np.where(rows >= 0, values[rows], np.nan)
    return np.where(np.isfinite(taken), taken, fill)
