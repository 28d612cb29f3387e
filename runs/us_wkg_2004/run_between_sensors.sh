#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Kendall Grassland between its sensors: the diffusivity of every month, driven by the one at 5 cm.
# Usage: run_between_sensors.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}" us_wkg_2004

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/tower.nc
"$GLEBE_PYTHON" between_sensors.py output "${glebe[@]}"
