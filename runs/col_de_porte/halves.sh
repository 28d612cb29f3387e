#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Col de Porte: the columns between sensors in two halves of their records, all of which is fitted, and
# the z-scores between the estimates of the halves. After run.sh, which makes the records.
# Usage: halves.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}"

halves() {
  local case="$1"
  shift
  "${glebe[@]}" "$case.nml" --set split.parts=2 --set "run.output=output/halves_$case.nc" "$@" |
    sed -n '1p; /^between parts/,/^not compared: the initial/p'
}
for case in freezing moist; do halves "$case" --set 'observation(predicted).withhold=.false.'; done
for case in water_moist water_constant; do
  halves "$case" --set 'observation(check_10).withhold=.false.' \
    --set 'observation(check_20).withhold=.false.'
done
