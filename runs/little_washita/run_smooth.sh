#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Little Washita from 50 sensors: the field with a smooth prior, the cells by themselves, the truth.
# Usage: run_smooth.sh [ranks=2]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-2}" little_washita

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/forcing.nc output/truth.nc
"${glebe[@]}" twin.nml
"$GLEBE_PYTHON" thin.py output/observations.nc output/sensors.nc
"${glebe[@]}" smooth.nml
"${glebe[@]}" by_cell.nml
"$GLEBE_PYTHON" compare_smooth.py output/truth.nc output/smooth.nc output/by_cell.nc \
    output/sensors.nc -o output/smooth.png
