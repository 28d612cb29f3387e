#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Little Washita from 50 sensors: the field with a smooth prior, the cells by themselves, the truth.
# Usage: run_smooth.sh [ranks=2]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ../../tools/environment.sh
: "${GLEBE_DATA:?is not set: the folder that holds little_washita/, see README.md}"
glebe=(mpirun -n "${1:-2}" "${GLEBE:-../../build/release/glebe}")

mkdir -p output
"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/forcing.nc output/truth.nc
"${glebe[@]}" twin.nml
"$GLEBE_PYTHON" thin.py output/observations.nc output/sensors.nc
"${glebe[@]}" smooth.nml
"${glebe[@]}" by_cell.nml
"$GLEBE_PYTHON" compare_smooth.py output/truth.nc output/smooth.nc output/by_cell.nc \
    output/sensors.nc -o output/smooth.png
