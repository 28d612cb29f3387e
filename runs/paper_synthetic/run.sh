#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The source paper, repeated and carried further: truth and estimate of its synthetic case, then all
# cases of cases.py, their tables (output/results.md) and figures.
# Usage: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}"

"${glebe[@]}" twin.nml
"${glebe[@]}" two_depths.nml
"$GLEBE_PYTHON" ../../tools/plot_fit.py output/two_depths.nc -o output/two_depths.png
"$GLEBE_PYTHON" cases.py --ranks "${1:-1}"
"$GLEBE_PYTHON" summarise.py
"$GLEBE_PYTHON" plot_paper.py
