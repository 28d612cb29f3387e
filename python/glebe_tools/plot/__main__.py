# SPDX-License-Identifier: BSD-3-Clause
"""Draw one figure of a result of Glebe, for a paper. What each shows and its options:
glebe-plot FIGURE --help.
"""
import argparse
import sys

from ..command import parser_of
from . import correlation, cost, design, estimates, fit, maps, residuals, withheld

FIGURES = {
    fit.main: "observed and fitted (predicted) series with their differences",
    residuals.main: "residuals against time, their distribution and autocorrelation",
    withheld.main: "predicted against observed, and the mean day, of withheld streams",
    estimates.main: "the estimates in their ranges, knots in the course of time",
    correlation.main: "the correlation matrix",
    cost.main: "the cost per iteration",
    maps.main: "maps, or stations in a row",
    design.main: "predicted standard deviations of designs",
}


def main(argv=None):
    parser = parser_of(__doc__)
    parser.prog = "glebe-plot"
    kinds = parser.add_subparsers(metavar="FIGURE", required=True)
    for figure, shown in FIGURES.items():
        options = kinds.add_parser(figure.kind, help=shown, description=figure.description,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
        figure.add_arguments(options)
        options.set_defaults(figure=figure)
    args = parser.parse_args(argv)
    return args.figure.run(args, f"{parser.prog} {args.figure.kind}")


if __name__ == "__main__":
    sys.exit(main())
