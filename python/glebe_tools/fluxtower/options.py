# SPDX-License-Identifier: BSD-3-Clause
"""The command line of glebe-fluxtower."""
import argparse

import pandas as pd

from .humidity import KINDS
from .mapping import STAMPS, mapping_path, shipped
from .vocabulary import FORMATS, VARIABLES


# ---- Values of options ----------------------------------------------------------------------

def pair(text, convert):
    name, equals, value = text.rpartition("=")
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


class PrintMapping(argparse.Action):
    """Prints a mapping that comes with the package, as a beginning for another."""

    def __call__(self, parser, namespace, values, option_string=None):
        print(mapping_path(values).read_text(encoding="utf-8"), end="")
        parser.exit()


# ---- The command line -----------------------------------------------------------------------

def parse_arguments(argv, program, text):
    summary, _, example = text.partition("\nexample:")
    parser = argparse.ArgumentParser(program, description=summary, epilog="example:" + example,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="the CSV file of a tower, a zip with it, or any table")
    parser.add_argument("output", help="the NetCDF file to write")
    parser.add_argument("--utc-offset", type=number(-12, 14), metavar="HOURS",
                        help="the site's local standard time minus UTC, e.g. -7 for Arizona; "
                             "required unless a mapping has it")
    parser.add_argument("--stamp", choices=[name for name in STAMPS if name != "instant"],
                        help="the part of an interval that 'time' gives in the output (default: "
                             "end, or that of the input where some columns are instants)")
    parser.add_argument("--start", type=moment, metavar="TIME",
                        help="leave out intervals that start before this time [ISO 8601, UTC]")
    parser.add_argument("--stop", type=moment, metavar="TIME",
                        help="leave out intervals that end after this time [ISO 8601, UTC]")
    parser.add_argument("--depth", type=depth, action="append", default=[], metavar="COLUMN=M",
                        help="the depth of a sensor or heat flux plate in metres, e.g. "
                             "TS_F_MDS_1=0.05, G_1_1_1=0.08; repeat")
    parser.add_argument("--humidity", choices=["auto", *KINDS], default="auto",
                        help="what Qair is computed from (default: the first that is there)")
    parser.add_argument("--lat", type=number(-90, 90), help="latitude [degrees north]")
    parser.add_argument("--lon", type=number(-180, 360), help="longitude [degrees east]")
    parser.add_argument("--site", metavar="NAME", help="name of the site")
    parser.add_argument("--member", metavar="NAME", help="the file to read from a zip")
    add_tower_options(parser.add_argument_group("formats of flux towers"))
    add_table_options(parser.add_argument_group("any other table"))
    args = parser.parse_args(argv)
    check(parser, args)
    args.depth, args.variable = dict(args.depth), dict(args.variable)
    return args


def add_tower_options(group):
    group.add_argument("--format", choices=["auto", *FORMATS], default="auto",
                       help="the format of the input (default: found out)")
    group.add_argument("--variable", type=variable, action="append", default=[],
                       metavar="NAME=COLUMN",
                       help="take a variable from this column, e.g. Tair=TA_1_2_1; repeat")
    group.add_argument("--ground-flux", choices=["into", "out"],
                       help="the positive direction in the input (default: into the ground)")


def add_table_options(group):
    group.add_argument("--mapping", metavar="FILE",
                       help="what the columns of a table are: a file, or one of "
                            f"{', '.join(shipped())}")
    group.add_argument("--input-stamp", choices=STAMPS,
                       help="what the stamps of the table are, in place of the mapping's")
    group.add_argument("--print-mapping", action=PrintMapping, choices=shipped(),
                       help="print a mapping that comes with the program, and stop")


def check(parser, args):
    """Options that exclude or need each other."""
    if not args.mapping:
        if args.utc_offset is None:
            parser.error("--utc-offset is required: local standard time minus UTC, in hours")
        if args.input_stamp:
            parser.error("--input-stamp needs --mapping")
    elif args.format != "auto" or args.variable or args.ground_flux:
        parser.error("--format, --variable and --ground-flux cannot be used with --mapping, which "
                     "says these things itself")
