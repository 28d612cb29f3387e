# SPDX-License-Identifier: BSD-3-Clause
"""What the commands that draw one figure (plot_*.py) have in common."""
import argparse
import os
import sys

from glebe_result import InputError, open_result, place
from report_style import save


def names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def indices(text):
    return [int(word) for word in text.split(",")]


def add_streams(parser):
    parser.add_argument("--streams", type=names, metavar="A,B",
                        help="the streams to draw, in this order (default: all)")


def add_column(parser):
    parser.add_argument("--column", type=indices, metavar="I,J",
                        help="indices of the column, from 0, in the order of the dimensions")


def headline(figure, result, column=None):
    """The title of the run, and which column is drawn where there are several."""
    title, where = str(result.attrs.get("title", "")), place(result, column or {})
    if title or where:
        figure.suptitle(f"{title} ({where})" if title and where else title or where, fontsize=10)


def run(program, description, draw, add_options=lambda parser: None, argv=None):
    """Reads the command line and the file, saves the figure of draw(result, arguments). Returns
    the exit status: 0, or 2 with a message when an input is wrong."""
    parser = argparse.ArgumentParser(prog=program, description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", help="the result file of an estimate")
    parser.add_argument("-o", "--output", help="the figure; its ending says the format: png, pdf, "
                        "svg (default: a PNG named after result and command, beside the result)")
    add_options(parser)
    args = parser.parse_args(argv)
    kind = os.path.splitext(program)[0].removeprefix("plot_")
    output = args.output or f"{os.path.splitext(args.result)[0]}_{kind}.png"
    try:
        with open_result(args.result) as result:
            figure = draw(result, args)
            save(figure, output)
    except (InputError, OSError, ValueError) as error:
        print(f"{program}: error: {args.result}: {error}", file=sys.stderr)
        return 2
    print(output)
    return 0
