# SPDX-License-Identifier: BSD-3-Clause
"""What the commands that draw one figure (plot_*.py) have in common."""
import os

from glebe_result import InputError, open_result, place
from report_style import save
from scripts import guarded, parser_of


def names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def indices(text):
    return [int(word) for word in text.split(",")]


def named(option, text):
    """Adds an option that takes names."""
    return lambda parser: parser.add_argument(option, type=names, metavar="A,B", help=text)


def add_streams(parser):
    named("--streams", "the streams to draw, in this order (default: all)")(parser)


def add_streams_and_column(parser):
    add_streams(parser)
    parser.add_argument("--column", type=indices, metavar="I,J",
                        help="indices of the column, from 0, in the order of the dimensions")


def headline(figure, result, column=None):
    """The title of the run, and which column is drawn where there are several."""
    title, where = str(result.attrs.get("title", "")), place(result, column or {})
    if title or where:
        figure.suptitle(f"{title} ({where})" if title and where else title or where, fontsize=10)


def command(program, description, draw, add_options=lambda parser: None):
    """The main function of a command: run() for its command line."""
    return lambda argv=None: run(program, description, draw, add_options, argv)


def run(program, description, draw, add_options, argv):
    """Reads the command line and the file, saves the figure of draw(result, arguments). Returns
    the exit status: 0, or 2 with a message when an input is wrong."""
    parser = parser_of(description, result="the result file of a run")
    parser.prog = program
    parser.add_argument("-o", "--output", help="the figure; its ending says the format: png, pdf, "
                        "svg (default: a PNG named after result and command, beside the result)")
    add_options(parser)
    args = parser.parse_args(argv)
    kind = os.path.splitext(program)[0].removeprefix("plot_")
    output = args.output or f"{os.path.splitext(args.result)[0]}_{kind}.png"

    def work():
        with open_result(args.result) as result:
            save(draw(result, args), output)
        print(output)
    return guarded(program, work, args.result, (InputError, OSError, ValueError))
