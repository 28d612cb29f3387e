#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# West Phoenix: the source paper's window with its settings, then with the half-hourly data, their
# time stamps read as they are (end), half an hour (middle) and an hour (start) off.
# Usage: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}" phoenix

"$GLEBE_PYTHON" prepare.py "$GLEBE_DATA" output/window.nc --half-hourly output/half_hourly.nc
"${glebe[@]}" estimate.nml
"${glebe[@]}" half_hourly.nml
for stamp in middle start; do
  # The stamp of the forcing alone; paths stay relative to the namelist's folder.
  sed -e "/^&forcing/,/^\//s/stamp = 'end'/stamp = '$stamp'/" -e "s#output/##g" \
    -e "s#half_hourly_estimate#half_hourly_$stamp#" half_hourly.nml >"output/half_hourly_$stamp.nml"
  echo
  echo "==== the forcing's stamps read as the $stamp of their half hours"
  "${glebe[@]}" "output/half_hourly_$stamp.nml"
done
for result in estimate half_hourly_estimate; do
  "$GLEBE_PYTHON" ../../tools/plot_fit.py "output/$result.nc" -o "output/$result.png"
done
