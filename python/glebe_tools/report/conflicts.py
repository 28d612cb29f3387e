# SPDX-License-Identifier: BSD-3-Clause
"""Where the estimate, the model and the measurements contradict each other, and what the residuals
of every stream look like."""
import re

import numpy as np

from ..result import grid_of, is_withheld, stream_title
from .html import number, paragraph, table, text
from .numbers import fixed, whole
from .sections import in_print
from .skill import median_of
from .tables import stream_names

SHAPES = {"offset": "constant", "drift": "drift", "lag": "lag", "depth": "depth",
          "amplitude": "amplitude", "exchange": "exchange"}
CAUSE = 0.05  # what explains less is not called a cause


def part_cell(part):
    if not np.isfinite(part):
        return ""
    shown = number(part, f"{whole(round(100 * part))} %")
    return (shown, "main") if part >= CAUSE else shown


def size_cell(value, decimals):
    return number(value, fixed(value, decimals)) if np.isfinite(value) else ""


def shapes_row(result, name):
    return [text(stream_title(result, name)),
            "held back" if is_withheld(result, name) else "fitted",
            *(part_cell(median_of(result, f"{name}_misfit_{shape}")) for shape in SHAPES),
            size_cell(median_of(result, f"{name}_model_lag") / 60, 0),
            size_cell(median_of(result, f"{name}_model_amplitude"), 2)]


def shapes_table(result):
    """Medians over the columns; empty for a file without shapes."""
    rows = [shapes_row(result, name) for name in stream_names(result)
            if np.isfinite(median_of(result, f"{name}_misfit_offset"))]
    if not rows:
        return ""
    header = [("stream", ""), ("", "words"), *((name, "") for name in SHAPES.values()),
              ("lag, min", ""), ("amplitude", "")]
    of = ", medians over the columns" if grid_of(result) else ""
    return table("Parts of the squared misfit that have the shape of an error; lag and amplitude "
                 f"of the model's mean day beside the observed one{of}", header, [(None, rows)])


def shapes(result):
    """The section on the shapes of residuals; None for a file without them."""
    content = shapes_table(result)
    return ("shapes", "Shapes of the residuals", content) if content else None


def conflicts(result):
    """The section in the words of the log; None for a file that does not know conflicts."""
    told = str(result.attrs.get("conflicts", "")).strip()
    if told:
        lines = "".join(paragraph(text(in_print(line))) for line in re.split(r"\n+", told))
        content = f'<div class="verdict">{lines}</div>'
    elif shapes_table(result):
        content = paragraph("None was found between the estimates, what was known before, and what "
                            "was measured.")
    else:
        return None
    return "conflicts", "Conflicts", content
