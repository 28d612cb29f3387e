# SPDX-License-Identifier: BSD-3-Clause
"""Plot the streams that were held back from an estimate: predicted against observed, and the mean
day. On a grid the column with the median misfit is drawn unless --column chooses another.
"""
import numpy as np

from ..command import InputError
from ..report.series import draw_mean_day, draw_scatter
from ..report.style import PAPER_WIDTH, new_figure
from ..result import choose_column, is_withheld, series_of, streams_of
from .figure_command import FigureCommand, add_streams_and_column, headline


def draw(result, args):
    """A row of two panels for each stream."""
    streams = streams_of(result, args.streams)
    if not args.streams:
        streams = [name for name in streams if is_withheld(result, name)]
    if not streams:
        raise InputError("no stream was held back (withhold = .true. in &observation)")
    column = choose_column(result, streams, args.column)
    shown = [series for name in streams
             if np.isfinite((series := series_of(result, name, column)).residual).any()]
    if not shown:
        raise InputError("nothing to compare in this column")
    figure = new_figure(0.4 + 2.6 * len(shown), PAPER_WIDTH)
    panels = figure.subplots(len(shown), 2, squeeze=False, width_ratios=[1, 1.5])
    for (left, right), series in zip(panels, shown):
        draw_scatter(left, series)
        left.set_title(f"{series.title}\npredicted against observed")
        draw_mean_day(right, series)
    panels[0][1].legend(loc="best")
    headline(figure, result, column)
    return figure


main = FigureCommand("withheld", __doc__, draw, add_streams_and_column)
