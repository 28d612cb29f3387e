#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Plot the cost of an estimate after each iteration, and what it is above its last value."""
import sys

import numpy as np

from glebe_result import InputError
from report_command import command, headline
from report_parameters import draw_cost, draw_excess, excess
from report_style import PAPER_WIDTH, new_figure


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


main = command("plot_cost.py", __doc__, draw)

if __name__ == "__main__":
    sys.exit(main())
