#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Col de Porte: the records to NetCDF, then every run with its report, and the zero curtain.
# Usage: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}" col_de_porte

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output
for case in freezing moist surface_freezing surface_moist surface_without snow bare water_moist \
    water_constant; do
  "${glebe[@]}" "$case.nml"
  "$GLEBE_PYTHON" ../../tools/report.py "output/$case.nc"
done
"$GLEBE_PYTHON" zero_curtain.py output -o output/zero_curtain.png
