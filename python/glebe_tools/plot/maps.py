# SPDX-License-Identifier: BSD-3-Clause
"""Plot maps of an estimate on a grid: estimates, standard deviations, verdicts, status, misfits,
cost. --fields chooses some by the names of their variables; of a parameter with several places one
is chosen as in thermal_conductivity[upper].
"""
from ..command import InputError
from ..report.maps import chosen_fields, draw_map, draw_stations, geometry, map_height
from ..report.style import PAPER_WIDTH, new_figure, placed_figure
from ..result import grid_of
from .figure_command import FigureCommand, headline, named

MANY = 6  # from more fields on, four of them stand side by side


def draw_rows(result, fields):
    """Stations: one field below the other."""
    figure = new_figure(0.4 + 1.8 * len(fields), PAPER_WIDTH)
    for axes, field in zip(figure.subplots(len(fields), 1, squeeze=False)[:, 0], fields):
        draw_stations(axes, field)
    headline(figure, result)
    return figure


def draw(result, args):
    if len(grid_of(result)) == 0:
        raise InputError("the result has no grid")
    if "status" not in result:
        raise InputError("no variable status: not an estimate")
    fields = chosen_fields(result, args.fields)
    if not fields:
        raise InputError("every field is the same in all columns")
    if len(grid_of(result)) == 1:
        return draw_rows(result, fields)
    where, across = geometry(result), min(len(fields), 2 if len(fields) <= MANY else 4)
    width = PAPER_WIDTH / 2
    height = map_height(width, where)
    down = -(-len(fields) // across)
    figure = placed_figure(down * height + 0.3, across * width)
    for n, field in enumerate(fields):
        corner = (n % across * width, (down - 1 - n // across) * height)
        draw_map(figure, field, where, corner, width)
    headline(figure, result)
    return figure


main = FigureCommand("maps", __doc__, draw,
                     named("--fields", "the fields to draw, in this order (default: all that "
                           "vary)"))
