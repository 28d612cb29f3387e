#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""glebe-plot residuals from the source tree."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
from glebe_tools.plot.residuals import main  # noqa: E402 (the folder must be known first)

sys.exit(main(program="plot_residuals.py"))
