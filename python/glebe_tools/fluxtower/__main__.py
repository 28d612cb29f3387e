# SPDX-License-Identifier: BSD-3-Clause
"""Convert a flux-tower CSV file to the NetCDF that Glebe reads.

Formats: AmeriFlux BASE, AmeriFlux L2 (the older product "with gaps") and FLUXNET2015 FULLSET
(also the AmeriFlux FLUXNET product), half-hourly or hourly.

The output has ALMA names (SWdown, Tair, Qh, SoilTemp_5cm, ...), CF attributes, SI units, UTC time
with bounds, and fill values where the tower has none. Qh and Qle are positive upwards, the ground
heat flux Qg is positive into the ground. A soil sensor is written only when its depth is known:
from the file (L2) or from --depth.

example:
  %(prog)s AMF_US-Wkg_BASE_HH.csv wkg.nc --utc-offset -7 --lat 31.7365 \\
      --lon -109.9419 --depth TS_1_1_1=0.05 --depth TS_1_2_1=0.15 \\
      --start 2004-05-27T07:00 --stop 2004-06-21T07:00
"""
import argparse
import difflib
import os
import sys
from datetime import datetime, timezone

import netCDF4
import numpy as np
import pandas as pd

from ..command import InputError
from .formats import FORMATS, HUMIDITY, REQUIRED, SOIL, VARIABLES, read_tower

STAMPS = {"start": 0.0, "middle": 0.5, "end": 1.0}
FLAG_MEANINGS = "measured filled_good filled_medium_or_from_reanalysis filled_poor"
DAYLIGHT = 200.0  # W m-2: above it the ground heat flux is expected to go down


def specific_humidity(kind, humidity, temperature, pressure):
    """kg kg-1 from relative humidity [1], deficit [Pa] or mole fraction in moist air [1].

    Saturation over water after Bolton (1980), within 0.1 % of the tables above -20 degC."""
    celsius = temperature - 273.15
    saturation = 611.2 * np.exp(17.67 * celsius / (243.5 + celsius))
    if kind == "rh":
        vapour = np.clip(humidity, 0, 1) * saturation
    elif kind == "vpd":
        vapour = np.clip(saturation - humidity, 0, None)
    else:
        vapour = humidity * pressure
    return 0.622 * vapour / (pressure - 0.378 * vapour)


class Conversion:
    """Collects the output variables: name -> (values, attributes, flags or None)."""

    def __init__(self, tower, args):
        self.tower, self.args = tower, args
        self.variables, self.notes = {}, []
        for option in list(args.variable.values()) + list(args.depth):
            if option not in tower.data:
                near = difflib.get_close_matches(option, map(str, tower.data), 3, 0.5)
                raise InputError(f"column {option} is not in the file"
                                 + (f"; near: {', '.join(near)}" if near else ""))
        self.add_atmosphere()
        self.add_humidity()
        for prefix in SOIL:
            self.add_soil(prefix)
        self.check_ground_flux()

    def add(self, name, column, attributes, values=None, flags=None):
        standard, long_name, units = attributes
        if values is None:
            values, flags = self.tower.values(column, units), self.flags(column)
        described = {"standard_name": standard, "long_name": long_name, "units": units,
                     "source_columns": column}
        if column in self.args.depth:
            described["depth"] = self.args.depth[column]
        self.variables[name] = (values, described, flags)

    def flags(self, column):
        """The quality flags that FLUXNET2015 gives beside a column."""
        name = f"{column}_QC"
        return self.tower.raw(name) if name in self.tower.data else None

    def add_atmosphere(self):
        for name, (*attributes, columns) in VARIABLES.items():
            names = columns[self.tower.format]
            column = self.args.variable.get(name) or self.tower.find(names)
            if column:
                self.add(name, column, attributes)
            elif name in REQUIRED:
                raise InputError(f"no data for {name}: looked for column {' or '.join(names)}; "
                                 f"choose another with --variable {name}=COLUMN")
            else:
                self.notes.append(f"{name}: no data in the file")
        if self.args.ground_flux == "out" and "Qg" in self.variables:
            np.negative(self.variables["Qg"][0], out=self.variables["Qg"][0])

    def add_humidity(self):
        choices = HUMIDITY[self.tower.format]
        kinds = choices if self.args.humidity == "auto" else [self.args.humidity]
        column = None
        for kind in kinds:
            unit, names = choices.get(kind, ("1", []))
            column = self.tower.find(names)
            if column:
                break
        if column is None or "PSurf" not in self.variables:
            self.notes.append("Qair: needs air pressure and one of relative humidity, vapour "
                              "pressure deficit and water mole fraction")
            return
        temperature, pressure = self.variables["Tair"], self.variables["PSurf"]
        values = specific_humidity(kind, self.tower.values(column, unit), temperature[0],
                                   pressure[0])
        flags = [self.flags(column), temperature[2], pressure[2]]
        sources = " ".join([column, temperature[1]["source_columns"],
                            pressure[1]["source_columns"]])
        worst = None if any(flag is None for flag in flags) else np.max(flags, axis=0)
        self.add("Qair", sources, ("specific_humidity", "Specific humidity", "kg kg-1"), values,
                 worst)

    def add_soil(self, prefix):
        *attributes, patterns = SOIL[prefix]
        for column in self.tower.matching(patterns[self.tower.format]):
            depth = self.args.depth.get(column) or self.depth_in_file(column)
            if depth is None:
                self.notes.append(f"{column}: not written, its depth is not known; give "
                                  f"--depth {column}=METRES")
                continue
            stem = f"{prefix}_{depth * 100:g}cm".replace(".", "p")
            same = sum(name == stem or name.startswith(stem + "_") for name in self.variables)
            name = f"{stem}_{same + 1}" if same else stem
            self.add(name, column, attributes)
            self.variables[name][1]["depth"] = depth

    def depth_in_file(self, column):
        """The sensor depth [m] that L2 repeats in every row (TS1 -> TSdepth1), or None."""
        name = column.rstrip("0123456789")
        name = name + "depth" + column[len(name):]
        if self.tower.format != "l2" or name not in self.tower.data:
            return None
        depths = np.unique(self.tower.values(name, "m"))
        depths = np.abs(depths[np.isfinite(depths)])
        if len(depths) > 1:
            raise InputError(f"{name}: the sensor's depth changes ({depths} m); give "
                             f"--depth {column}=METRES and choose a window with --start, --stop")
        return round(float(depths[0]), 6) if len(depths) else None

    def check_ground_flux(self):
        """By day the ground takes up part of what radiation and turbulence leave over."""
        if not {"Qg", "Rnet", "Qh", "Qle"} <= set(self.variables):
            return
        value = {name: row[0] for name, row in self.variables.items()}
        left = value["Rnet"] - value["Qh"] - value["Qle"]
        day = (value["SWdown"] > DAYLIGHT) & np.isfinite(left) & np.isfinite(value["Qg"])
        if day.sum() < 24:
            return
        left, ground = left[day].mean(), value["Qg"][day].mean()
        text = f"daytime means: Qg {ground:.1f}, Rnet - Qh - Qle {left:.1f} W m-2"
        if left * ground < 0:
            other = "out" if self.args.ground_flux == "into" else "into"
            text += f"; the signs contradict: is the ground heat flux positive {other}? " \
                    f"(--ground-flux {other})"
        self.notes.append(text)


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
                         f"followed by {tower.end[row + 1]}")
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
    """Writes the file under another name first, so that a file of this name is complete."""
    tower = conversion.tower
    axis, step, rows = regular(tower, args.utc_offset, args)
    temporary = f"{path}.part"
    try:
        with netCDF4.Dataset(temporary, "w", format="NETCDF4") as nc:
            write_time(nc, axis, step, args.stamp)
            write_site(nc, tower, args)
            for name, (values, attributes, flags) in conversion.variables.items():
                write_variable(nc, name, values, attributes, flags, rows)
            nc.setncatts({
                "Conventions": "CF-1.10", "featureType": "timeSeries",
                "title": f"Flux tower {args.site or tower.site.get('site_name', '')}".strip(),
                "source": f"{FORMATS[tower.format]} file {os.path.basename(args.input)}",
                "time_stamp": f"the {args.stamp} of the averaging interval of "
                              f"{step.total_seconds():g} s, UTC",
                "utc_offset_of_source_hours": args.utc_offset,
                "history": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ} "
                           f"{' '.join(map(os.path.basename, sys.argv))}"})
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise
    return axis, step, int((rows < 0).sum())


def write_time(nc, axis, step, stamp):
    nc.createDimension("time", len(axis))
    nc.createDimension("bounds", 2)
    origin = pd.Timestamp(axis[0].year, 1, 1)
    end = (axis - origin).total_seconds().to_numpy()
    length = step.total_seconds()
    time = nc.createVariable("time", "f8", ("time",))
    time.setncatts({"standard_name": "time", "long_name": f"{stamp} of the averaging interval",
                    "units": f"seconds since {origin:%Y-%m-%d %H:%M:%S}", "calendar": "standard",
                    "axis": "T", "bounds": "time_bnds"})
    time[:] = end - (1 - STAMPS[stamp]) * length
    nc.createVariable("time_bnds", "f8", ("time", "bounds"))[:] = np.stack([end - length, end], 1)


def write_site(nc, tower, args):
    name = args.site or tower.site.get("site_name")
    if name:
        station = nc.createVariable("station_name", str, ())
        station.setncatts({"cf_role": "timeseries_id", "long_name": "name of the site"})
        station[...] = name
    for key, given, units in (("latitude", args.lat, "degrees_north"),
                              ("longitude", args.lon, "degrees_east")):
        value = given if given is not None else tower.site.get(key)
        if value is not None:
            variable = nc.createVariable(key, "f8", ())
            variable.setncatts({"standard_name": key, "units": units})
            variable[...] = value


def write_variable(nc, name, values, attributes, flags, rows):
    """One variable on the regular axis and, where there are flags, <name>_qc."""
    coordinates = [key for key in ("latitude", "longitude", "station_name") if key in nc.variables]
    common = {"cell_methods": "time: mean", "coordinates": " ".join(coordinates)}
    variable = nc.createVariable(name, "f4", ("time",), fill_value=np.float32(-9999), zlib=True)
    variable.setncatts(attributes | common)
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


def parse_arguments(argv, program):
    def pair(text, convert):
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE")
        return name, convert(value)

    def depth(text):
        try:
            name, value = pair(text, float)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{text}': the depth is not a number") from None
        if not 0 < value < 50:
            raise argparse.ArgumentTypeError(f"'{text}': a depth in metres, between 0 and 50")
        return name, value

    def variable(text):
        name, column = pair(text, str)
        if name not in VARIABLES:
            raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(VARIABLES)}")
        return name, column

    def number(low, high):
        def convert(text):
            value = float(text)
            if not low <= value <= high:
                raise argparse.ArgumentTypeError(f"{text} is not between {low} and {high}")
            return value
        convert.__name__ = "number"
        return convert

    def moment(text):
        try:
            time = pd.Timestamp(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{text}' is not an ISO 8601 time") from None
        return time.tz_convert("UTC").tz_localize(None) if time.tz else time

    summary, _, example = __doc__.partition("\nexample:")
    parser = argparse.ArgumentParser(program, description=summary, epilog="example:" + example,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="the tower's CSV file")
    parser.add_argument("output", help="the NetCDF file to write")
    parser.add_argument("--utc-offset", type=number(-12, 14), required=True, metavar="HOURS",
                        help="the site's local standard time minus UTC, e.g. -7 for Arizona")
    parser.add_argument("--format", choices=["auto", *FORMATS], default="auto",
                        help="the format of the input (default: found out)")
    parser.add_argument("--stamp", choices=list(STAMPS), default="end",
                        help="the part of an interval that 'time' gives (default: end)")
    parser.add_argument("--start", type=moment, metavar="TIME",
                        help="leave out intervals that start before this time [ISO 8601, UTC]")
    parser.add_argument("--stop", type=moment, metavar="TIME",
                        help="leave out intervals that end after this time [ISO 8601, UTC]")
    parser.add_argument("--depth", type=depth, action="append", default=[], metavar="COLUMN=M",
                        help="the depth of a soil sensor in metres, e.g. TS_F_MDS_1=0.05; repeat")
    parser.add_argument("--variable", type=variable, action="append", default=[],
                        metavar="NAME=COLUMN",
                        help="take a variable from this column, e.g. Tair=TA_1_2_1; repeat")
    parser.add_argument("--humidity", choices=["auto", "rh", "vpd", "h2o"], default="auto",
                        help="what Qair is computed from (default: the first that is there)")
    parser.add_argument("--ground-flux", choices=["into", "out"], default="into",
                        help="the positive direction in the input (default: into the ground)")
    parser.add_argument("--lat", type=number(-90, 90), help="latitude [degrees north]")
    parser.add_argument("--lon", type=number(-180, 360), help="longitude [degrees east]")
    parser.add_argument("--site", metavar="NAME", help="name of the site")
    args = parser.parse_args(argv)
    args.depth, args.variable = dict(args.depth), dict(args.variable)
    return args


def main(argv=None, program="glebe-fluxtower"):
    args = parse_arguments(argv, program)
    try:
        conversion = Conversion(read_tower(args.input, args.format), args)
        axis, step, filled = write(args.output, conversion, args)
    except (InputError, OSError) as error:
        print(f"{program}: error: {error}", file=sys.stderr)
        return 2
    for note in conversion.notes:
        print(f"note: {note}", file=sys.stderr)
    print(f"{args.output}: {FORMATS[conversion.tower.format]}, {len(axis)} intervals of "
          f"{step.total_seconds() / 60:g} min from {axis[0] - step} to {axis[-1]} UTC"
          + (f", {filled} of them without a row" if filled else ""))
    print("  " + " ".join(conversion.variables))
    return 0


if __name__ == "__main__":
    sys.exit(main())
