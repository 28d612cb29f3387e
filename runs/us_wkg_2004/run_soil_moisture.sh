#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Kendall Grassland: conductivity and heat capacity from the ground heat flux, by month and by soil moisture.
# Usage: run_soil_moisture.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}" us_wkg_2004

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/tower.nc
"$GLEBE_PYTHON" soil_moisture.py output "${glebe[@]}"
"$GLEBE_PYTHON" plot_soil_moisture.py output -o output/soil_moisture.png
