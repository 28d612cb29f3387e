# SPDX-License-Identifier: BSD-3-Clause
"""Plot what an estimate fitted: observed points, the fitted line, and their differences.

Each observation stream becomes a panel with a strip of differences beneath; streams that were
withheld from the fit are marked. On a grid the column with the median misfit is drawn unless
--column chooses another.
"""
from ..report.numbers import is_rounding, misfit, misfit_beside, units
from ..report.series import draw_difference, draw_series
from ..report.style import PAPER_WIDTH, new_figure
from ..result import choose_column, series_of, streams_of
from .figure_command import FigureCommand, add_streams_and_column, headline


def heading(series):
    """What a panel shows: long name, depth, misfit, and whether the fit has seen it."""
    unit = units(series.units)
    size = f"rmse {misfit(series.rmse)}"
    if is_rounding(series.rmse):
        size = f"{size} {unit}".rstrip()
    else:
        size = f"{size}, bias {misfit_beside(series.bias, series.rmse)} {unit}".rstrip()
    text = f"{series.title}  [{unit or '1'}]\n{size}"
    return text + ("  [withheld]" if series.withheld else "")


def draw(result, args):
    """One or, from five streams on, two columns of panels."""
    streams = streams_of(result, args.streams)
    column = choose_column(result, streams, args.column)
    across = 1 if len(streams) < 5 else 2
    down = -(-len(streams) // across)
    figure = new_figure(0.5 + 2.3 * down, PAPER_WIDTH if across == 1 else 12.5)
    grid = figure.add_gridspec(2 * down, across, height_ratios=[3, 1] * down)
    for n, stream in enumerate(streams):
        row, side = n % down, n // down
        panel = figure.add_subplot(grid[2 * row, side])
        strip = figure.add_subplot(grid[2 * row + 1, side], sharex=panel)
        series = series_of(result, stream, column)
        draw_series(panel, series)
        draw_difference(strip, series)
        panel.set_title(heading(series))
        panel.tick_params(labelbottom=False)
    headline(figure, result, column)
    return figure


main = FigureCommand("fit", __doc__, draw, add_streams_and_column)
