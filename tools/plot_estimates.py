#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Plot the estimated parameters between their bounds: with one and two standard deviations, or on
a grid with the spread over the columns.
"""
import sys

from glebe_estimates import entries
from glebe_result import InputError
from report_command import headline, run
from report_parameters import draw_estimates, drawable, estimates_height
from report_style import PAPER_WIDTH, new_figure


def draw(result, _):
    estimated = entries(result, estimated=True)
    if not drawable(estimated):
        raise InputError("no estimated parameter with bounds (lower_bound, upper_bound) in the "
                         "file")
    figure = new_figure(0.4 + estimates_height(estimated), PAPER_WIDTH)
    draw_estimates(figure.subplots(), estimated)
    headline(figure, result)
    return figure


def main(argv=None):
    return run("plot_estimates.py", __doc__, draw, argv=argv)


if __name__ == "__main__":
    sys.exit(main())
