# SPDX-License-Identifier: BSD-3-Clause
"""Plot the estimated parameters between their bounds: with one and two standard deviations, or on
a grid with the spread over the columns; parameters that vary in time, in its course.
"""
from ..command import InputError
from ..estimates import courses, entries
from ..report.parameters import draw_course, draw_estimates, drawable, estimates_height
from ..report.style import PAPER_WIDTH, new_figure
from ..result import in_steps
from .figure_command import FigureCommand, headline

COURSE_HEIGHT = 1.8


def draw(result, _):
    estimated = entries(result, estimated=True)
    if not drawable(estimated):
        raise InputError("no estimated parameter with bounds (lower_bound, upper_bound) in the "
                         "file")
    in_time, single = courses(estimated)
    heights = [estimates_height(single)] if drawable(single) else []
    heights += [COURSE_HEIGHT] * len(in_time)
    figure = new_figure(0.4 + sum(heights), PAPER_WIDTH)
    panels = list(figure.subplots(len(heights), 1, squeeze=False, height_ratios=heights).ravel())
    if drawable(single):
        draw_estimates(panels.pop(0), single)
    for axes, course in zip(panels, in_time):
        draw_course(axes, course, in_steps(result, course.entries[0].parameter))
    headline(figure, result)
    return figure


main = FigureCommand("estimates", __doc__, draw)
