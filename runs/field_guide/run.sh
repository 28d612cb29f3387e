#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What instruments tell: designs for a dry and a wet soil, with depths of the thermometers that are known and
# with depths known to 5 mm. Prints the tables of docs/field_guide.md.
# Usage: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}"

depths=()
for name in T2 T10 T20 T50; do depths+=(--set "observation($name).depth_std=0.005"); done
wet=(--set 'parameter(thermal_conductivity).value=1.6' --set 'parameter(heat_capacity).value=2.9e6'
     --set 'parameter(initial_temperature).value=296,297,298,296')

"${glebe[@]}" design.nml
"${glebe[@]}" design.nml "${depths[@]}" --set run.output=output/dry_depths.nc
"${glebe[@]}" design.nml "${wet[@]}" --set run.output=output/wet.nc
"${glebe[@]}" design.nml "${wet[@]}" "${depths[@]}" --set run.output=output/wet_depths.nc
"$GLEBE_PYTHON" ../../tools/plot_design.py output/dry.nc -o output/dry.png
"$GLEBE_PYTHON" tables.py output | tee output/tables.md
