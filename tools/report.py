#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write a report on a result of Glebe: one HTML page that needs nothing beside itself.

It shows what was run, the estimates with their uncertainties, what the data tell about them,
observed against fitted series, residuals, the streams that were held back, maps where there is a
grid, and how the search went. Designs are shown in their order, with what each would tell. A
forward or twin run is shown as far as it goes.
"""
import os
import sys
import time

from glebe_result import InputError, grid_of, is_design, is_estimate, mode, open_result
from report_design_sections import missing, ranking, would_tell
from report_html import Figures, page, text
from report_sections import (convergence, estimates, lede, what_the_data_tell, what_was_run)
from report_series_sections import (held_back, maps, observed_and_fitted, residual_section,
                                    simulated)
from scripts import complete, parser_of


class Progress:
    """Says on standard error how far a report that takes its time has come."""

    PATIENCE = 2.0  # seconds before the first line, and between lines

    def __init__(self, stream=sys.stderr):
        self.stream, self.last = stream, time.monotonic()

    def __call__(self, stage, done):
        now = time.monotonic()
        if now - self.last < self.PATIENCE:
            return
        self.last = now
        print(f"report.py: {stage}: {100 * done:.0f} %", file=self.stream, flush=True)


def sections(result, path, progress):
    """Those sections of the page for which the file has something."""
    figures = Figures()
    if is_estimate(result):
        makers = (lambda: what_was_run(result, path), lambda: estimates(result, figures),
                  lambda: what_the_data_tell(result, figures),
                  lambda: maps(result, figures, progress),
                  lambda: observed_and_fitted(result, figures),
                  lambda: residual_section(result, figures, progress),
                  lambda: held_back(result, figures), lambda: convergence(result, figures))
    elif is_design(result):
        makers = (lambda: what_was_run(result, path), lambda: ranking(result, figures),
                  lambda: would_tell(result, figures), lambda: missing(result))
    else:
        makers = (lambda: what_was_run(result, path), lambda: estimates(result, figures),
                  lambda: simulated(result, figures))
    return [made for make in makers if (made := make()) is not None]


def report(path, progress=lambda stage, done: None):
    """The page as text. Throws InputError."""
    with open_result(path) as result:
        name = os.path.basename(path)
        title = str(result.attrs.get("title", "")) or name
        count = "grid" if grid_of(result) else "one column"
        footer = (f"Made from <code>{text(name)}</code> by report.py of Glebe. Dates are UTC. "
                  "All numbers are in the file, with their full precision.")
        return page(title, f"Glebe · {mode(result)} · {count}", lede(result),
                    sections(result, name, progress), footer)


def write(content, path):
    """Replaces an older page only by a complete one."""
    with complete(path) as temporary, open(temporary, "w", encoding="utf-8") as file:
        file.write(content)


def main(argv=None):
    parser = parser_of(__doc__, result="the result file of a run")
    parser.add_argument("-o", "--output", metavar="PAGE.html",
                        help="the page (default: beside the result, .html)")
    args = parser.parse_args(argv)
    output = args.output or os.path.splitext(args.result)[0] + ".html"
    try:
        content = report(args.result, Progress())
    except (InputError, OSError, ValueError) as error:
        print(f"report.py: error: {args.result}: {error}", file=sys.stderr)
        return 2
    try:
        write(content, output)
    except OSError as error:
        print(f"report.py: error: {output}: cannot be written ({error.strerror})", file=sys.stderr)
        return 2
    print(f"{output}: {len(content.encode()) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
