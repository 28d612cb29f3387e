# SPDX-License-Identifier: BSD-3-Clause
"""Plot the residuals of an estimate (simulated minus observed): against time, their distribution,
their autocorrelation. On a grid all columns are taken together. Streams that were held back are
drawn when --streams names them.
"""
from ..command import InputError
from ..report.residuals import residuals_of
from ..report.series import draw_autocorrelation, draw_histogram, draw_residual_time
from ..report.style import PAPER_WIDTH, new_figure
from ..result import is_withheld, streams_of
from .figure_command import FigureCommand, add_streams, headline


def draw(result, args):
    """A row of three panels for each stream."""
    streams = streams_of(result, args.streams)
    if not args.streams:
        streams = [name for name in streams if not is_withheld(result, name)]
    found = [residuals for name in streams
             if (residuals := residuals_of(result, name)) is not None]
    if not found:
        raise InputError("no stream has both simulated and observed values")
    figure = new_figure(0.4 + 3.4 * len(found), PAPER_WIDTH)
    grid = figure.add_gridspec(2 * len(found), 2)
    for n, residuals in enumerate(found):
        draw_residual_time(figure.add_subplot(grid[2 * n, :]), residuals)
        draw_histogram(figure.add_subplot(grid[2 * n + 1, 0]), residuals)
        if residuals.lags.size:
            draw_autocorrelation(figure.add_subplot(grid[2 * n + 1, 1]), residuals)
    headline(figure, result)
    return figure


main = FigureCommand("residuals", __doc__, draw, add_streams)
