#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Kendall Grassland: the tower's CSV to NetCDF, the estimate, the plot of fit and withheld fluxes, the
# report.
# Usage: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}" us_wkg_2004

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/tower.nc
"${glebe[@]}" estimate.nml
"$GLEBE_PYTHON" ../../tools/plot_fit.py output/estimate.nc -o output/estimate.png
"$GLEBE_PYTHON" ../../tools/report.py output/estimate.nc
