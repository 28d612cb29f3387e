#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Kendall Grassland: the tower's CSV to NetCDF, the estimate, the plot of fit and withheld fluxes, the
# report.
# Usage: run.sh [ranks=1]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ../../tools/environment.sh
: "${GLEBE_DATA:?is not set: the folder that holds us_wkg_2004/, see README.md}"
glebe=(mpirun -n "${1:-1}" "${GLEBE:-../../build/release/glebe}")

mkdir -p output
"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/tower.nc
"${glebe[@]}" estimate.nml
"$GLEBE_PYTHON" ../../tools/plot_fit.py output/estimate.nc -o output/estimate.png
"$GLEBE_PYTHON" ../../tools/report.py output/estimate.nc
