#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A first estimate from a real tower, whose record lies beside this script: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}"

"${glebe[@]}" estimate.nml
"$GLEBE_PYTHON" ../../tools/plot_fit.py output/estimate.nc -o output/estimate.png
"$GLEBE_PYTHON" ../../tools/report.py output/estimate.nc -o output/report.html
