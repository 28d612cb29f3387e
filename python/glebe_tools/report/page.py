# SPDX-License-Identifier: BSD-3-Clause
"""The page of a report: its sections in their order."""
import os

from ..result import grid_of, is_design, is_estimate, mode, open_result
from .closure import closure
from .conflicts import conflicts, shapes
from .design_sections import missing, ranking, would_tell
from .html import Figures, page, text
from .parts import parts
from .sections import convergence, estimates, lede, what_the_data_tell, what_was_run
from .series_sections import held_back, maps, observed_and_fitted, residual_section, simulated


def sections(result, path, progress):
    """Those sections of the page for which the file has something."""
    figures = Figures()
    if is_estimate(result):
        makers = (lambda: what_was_run(result, path), lambda: estimates(result, figures),
                  lambda: what_the_data_tell(result, figures),
                  lambda: conflicts(result),
                  lambda: maps(result, figures, progress),
                  lambda: observed_and_fitted(result, figures),
                  lambda: residual_section(result, figures, progress),
                  lambda: held_back(result, figures), lambda: shapes(result),
                  lambda: closure(result), lambda: parts(result),
                  lambda: convergence(result, figures))
    elif is_design(result):
        makers = (lambda: what_was_run(result, path), lambda: ranking(result, figures),
                  lambda: would_tell(result, figures), lambda: missing(result))
    else:
        makers = (lambda: what_was_run(result, path), lambda: estimates(result, figures),
                  lambda: simulated(result, figures))
    return [made for make in makers if (made := make()) is not None]


def report(path, progress=lambda stage, done: None, program="glebe-report"):
    """The page as text, made by a program of this name. Throws InputError."""
    with open_result(path) as result:
        name = os.path.basename(path)
        title = str(result.attrs.get("title", "")) or name
        count = "grid" if grid_of(result) else "one column"
        footer = (f"Made from <code>{text(name)}</code> by {program} of Glebe. Dates are UTC. "
                  "All numbers are in the file, with their full precision.")
        return page(title, f"Glebe · {mode(result)} · {count}", lede(result),
                    sections(result, name, progress), footer)
