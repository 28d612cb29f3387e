#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Three towers: estimates, predictions of what was withheld, regressions and published models beside
# them. Writes output/results.md. The sites may be named: kendall, west_phoenix, hanford.
# Usage: run.sh [ranks=1 [site ...]]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}" us_wkg_2004
sites=("${@:2}")
if [ ${#sites[@]} -eq 0 ]; then sites=(kendall west_phoenix hanford); fi

declare -A prepare=([kendall]=../us_wkg_2004/prepare.py [west_phoenix]=prepare_phoenix.py
  [hanford]=prepare_hanford.py)
for site in "${sites[@]}"; do
  mkdir -p "output/$site"
  "$GLEBE_PYTHON" "${prepare[$site]}" "$GLEBE_DATA" "output/$site/tower.nc" >/dev/null
  "$GLEBE_PYTHON" "$site.py" "output/$site" "${glebe[@]}"
done
"$GLEBE_PYTHON" half_windows.py output "${glebe[@]}"
if [ -e output/hanford/tower.nc ]; then "$GLEBE_PYTHON" hanford_halves.py output/hanford "${glebe[@]}"; fi
for site in kendall west_phoenix hanford; do cat "output/$site/"*.md 2>/dev/null || true; done >output/results.md
cat output/half_windows.md >>output/results.md
