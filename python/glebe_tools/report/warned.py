# SPDX-License-Identifier: BSD-3-Clause
"""What a run has warned of."""
from .html import text


def warnings(attributes):
    """What looks wrong with the inputs, and what else the log has warned of, each once."""
    of_inputs, of_log = ([line for line in str(attributes.get(name, "")).split("\n") if line]
                         for name in ("input_warnings", "warnings"))
    others = [line for line in of_log if line not in of_inputs]
    return [(name, "<br>".join(map(text, lines))) for name, lines in
            (("Inputs to look at", of_inputs), ("Warnings", others)) if lines]
