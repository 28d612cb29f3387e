#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Col de Porte: the records to NetCDF, then every estimate with its report.
# Usage: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}" col_de_porte

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output
for case in freezing moist snow bare water_moist water_constant; do
  "${glebe[@]}" "$case.nml"
  "$GLEBE_PYTHON" ../../tools/report.py "output/$case.nc"
done
