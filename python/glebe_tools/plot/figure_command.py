# SPDX-License-Identifier: BSD-3-Clause
"""What the commands that draw one figure have in common."""
import os
from typing import Callable, NamedTuple

from ..command import InputError, guarded, parser_of
from ..report.style import save
from ..result import open_result, place


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


class FigureCommand(NamedTuple):
    """The main function of a command that draws one figure of a result."""
    kind: str       # of figure; the end of its name
    description: str
    draw: Callable  # of the result and the arguments: the figure
    add_options: Callable = lambda parser: None

    def add_arguments(self, parser):
        parser.add_argument("result", help="the result file of a run")
        parser.add_argument("-o", "--output", help="the figure; its ending says the format: png, "
                            "pdf, svg (default: a PNG named after result and command, beside the "
                            "result)")
        self.add_options(parser)

    def run(self, args, program):
        """Saves the figure. Returns the exit status: 0, or that of guarded() with a message."""
        output = args.output or f"{os.path.splitext(args.result)[0]}_{self.kind}.png"

        def work():
            with open_result(args.result) as result:
                save(self.draw(result, args), output, args.result)
            print(output)
        return guarded(program, work, args.result, (InputError, OSError, ValueError))

    def __call__(self, argv=None, program=None):
        parser = parser_of(self.description)
        parser.prog = program or f"glebe-plot {self.kind}"
        self.add_arguments(parser)
        return self.run(parser.parse_args(argv), parser.prog)
