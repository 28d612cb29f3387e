#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Plot the posterior correlation of the estimated parameters, on a grid its median over the
columns.
"""
import sys

from glebe_estimates import control_labels, matrix
from glebe_result import InputError
from report_command import command, headline
from report_parameters import correlation_height, correlation_width, draw_correlation
from report_style import new_figure


def draw(result, _):
    names, values = control_labels(result), matrix(result, "correlation")
    if values is None or len(names) < 2:
        raise InputError("no correlation of two parameters or more in the file")
    figure = new_figure(0.3 + correlation_height(names), correlation_width(names))
    draw_correlation(figure.subplots(), values, names)
    headline(figure, result)
    return figure


main = command("plot_correlation.py", __doc__, draw)

if __name__ == "__main__":
    sys.exit(main())
