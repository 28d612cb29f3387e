#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The source paper's synthetic experiment: truth, then estimates from two depths and from one.
# Usage: run.sh [ranks=1]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ../../tools/environment.sh
glebe=(mpirun -n "${1:-1}" "${GLEBE:-../../build/release/glebe}")

mkdir -p output
"${glebe[@]}" twin.nml
"${glebe[@]}" two_depths.nml
"${glebe[@]}" one_depth.nml
"$GLEBE_PYTHON" ../../tools/plot_fit.py output/two_depths.nc -o output/two_depths.png
