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

from ..command import InputError, complete, guarded, parser_of
from .page import report


class Progress:
    """Says on standard error how far a report that takes its time has come."""

    PATIENCE = 2.0  # seconds before the first line, and between lines

    def __init__(self, program, stream=sys.stderr):
        self.program, self.stream, self.last = program, stream, time.monotonic()

    def __call__(self, stage, done):
        now = time.monotonic()
        if now - self.last < self.PATIENCE:
            return
        self.last = now
        print(f"{self.program}: {stage}: {100 * done:.0f} %", file=self.stream, flush=True)


def write(content, path, result):
    """Replaces an older page only by a complete one."""
    with complete(path, result) as temporary, open(temporary, "w", encoding="utf-8") as file:
        file.write(content)


def main(argv=None, program="glebe-report"):
    parser = parser_of(__doc__, result="the result file of a run")
    parser.prog = program
    parser.add_argument("-o", "--output", metavar="PAGE.html",
                        help="the page (default: beside the result, .html)")
    args = parser.parse_args(argv)
    output = args.output or os.path.splitext(args.result)[0] + ".html"

    def work():
        content = report(args.result, Progress(program), program)
        write(content, output, args.result)
        print(f"{output}: {len(content.encode()) / 1e6:.1f} MB")
    return guarded(program, work, args.result, (InputError, OSError, ValueError))


if __name__ == "__main__":
    sys.exit(main())
