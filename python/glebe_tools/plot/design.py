# SPDX-License-Identifier: BSD-3-Clause
"""Plot what designs would tell (mode = 'design'): for each parameter that counts the predicted
standard deviation against the depth of the candidate sensor, a line for each length; designs with
two candidates as a map of both depths for the longest window; designs without candidates as level
lines, or a row for each where there are no others. On a grid the median over columns is drawn.
"""
from ..report.design import counted_parameters, design_figure, parameters_of
from ..report.style import PAPER_WIDTH
from ..result import choose
from .figure_command import FigureCommand, headline, named


def draw(result, args):
    found = parameters_of(result)
    wanted = choose(list(found), args.parameters or counted_parameters(result, found), "parameter")
    figure = design_figure(result, found, wanted, PAPER_WIDTH)
    headline(figure, result)
    return figure


main = FigureCommand("design", __doc__, draw,
                     named("--parameters", "the parameters to draw, in this order (default: those "
                           "that count in the ranking)"))
