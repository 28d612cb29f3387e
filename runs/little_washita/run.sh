#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Little Washita: forcing and truth, synthetic observations, the estimate, estimate against truth.
# The report is output/estimate.html.
# Usage: run.sh [ranks=2]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-2}" little_washita

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/forcing.nc output/truth.nc
"${glebe[@]}" twin.nml
"${glebe[@]}" estimate.nml
"$GLEBE_PYTHON" compare.py output/truth.nc output/estimate.nc -o output/estimate.png
"$GLEBE_PYTHON" ../../tools/report.py output/estimate.nc
