#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Kendall Grassland through the monsoon: estimates by month and by five days, their plot and table.
# Usage: run_monsoon.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}" us_wkg_2004

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/tower.nc
"${glebe[@]}" monsoon.nml
"${glebe[@]}" monsoon_5_days.nml
"$GLEBE_PYTHON" plot_monsoon.py output/monsoon.nc output/monsoon_5_days.nc output/tower.nc \
    -o output/monsoon.png
