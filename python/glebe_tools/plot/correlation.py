# SPDX-License-Identifier: BSD-3-Clause
"""Plot the posterior correlation of the estimated parameters, on a grid its median over the
columns.
"""
from ..command import InputError
from ..estimates import control_labels, matrix
from ..report.parameters import correlation_height, correlation_width, draw_correlation
from ..report.style import new_figure
from .figure_command import FigureCommand, headline


def draw(result, _):
    names, values = control_labels(result), matrix(result, "correlation")
    if values is None or len(names) < 2:
        raise InputError("no correlation of two parameters or more in the file")
    figure = new_figure(0.3 + correlation_height(names), correlation_width(names))
    draw_correlation(figure.subplots(), values, names)
    headline(figure, result)
    return figure


main = FigureCommand("correlation", __doc__, draw)
