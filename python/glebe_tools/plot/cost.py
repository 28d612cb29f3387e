# SPDX-License-Identifier: BSD-3-Clause
"""Plot the cost of an estimate after each iteration, and what it is above its last value."""
import numpy as np

from ..command import InputError
from ..report.parameters import draw_cost, draw_excess, excess
from ..report.style import PAPER_WIDTH, new_figure
from .figure_command import FigureCommand, headline


def draw(result, _):
    if "cost_history" not in result:
        raise InputError("no variable cost_history: not an estimate, or one of an older version")
    history = result["cost_history"].values
    closes_in = np.isfinite(excess(history)).sum() > 1
    figure = new_figure(2.6, PAPER_WIDTH)
    panels = figure.subplots(1, 2 if closes_in else 1, squeeze=False)[0]
    draw_cost(panels[0], history)
    if closes_in:
        draw_excess(panels[1], history)
    headline(figure, result)
    return figure


main = FigureCommand("cost", __doc__, draw)
