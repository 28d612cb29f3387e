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
import sys

import pandas as pd

from ..command import InputError
from .conversion import Conversion
from .formats import FORMATS, VARIABLES, read_tower
from .netcdf import STAMPS, write


# ---- Values of options ----------------------------------------------------------------------

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


# ---- The command ----------------------------------------------------------------------------

def parse_arguments(argv, program):
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
