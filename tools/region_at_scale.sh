#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The whole program on a region of many columns, as a user runs it, from files to files: where its time
# goes and how much memory a column takes: region_at_scale.sh [columns=100000] [days=30] [ranks ...=1 2].
# Makes hourly weather and a twin's observations of two temperatures, and finds five parameters of every
# column again. A sixteenth of the columns is made and then repeated 4 x 4 times, because a twin holds all
# its series in memory. 100 000 columns for 30 days take 2.1 GB of files, which go into the folder
# SCALE_FOLDER and stay there for the next run; without one they are in a temporary folder and removed.
# SCALE_OPTIONS: more options of glebe for the estimate, such as "--set posterior.autocorrelation=false".
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/tools/environment.sh"

columns="${1:-100000}" days="${2:-30}"
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- 1 2
for number in "$columns" "$days" "$@"; do
  if ! [[ "$number" =~ ^[1-9][0-9]*$ ]]; then
    echo "usage: region_at_scale.sh [columns=100000] [days=30] [ranks ...=1 2]" >&2
    exit 2
  fi
done
glebe="${GLEBE:-$root/build/release/glebe}"
read -ra launch <<<"${MPIRUN:-mpirun}"
read -ra options <<<"${SCALE_OPTIONS:-}"
folder="${SCALE_FOLDER:-}"
if [ -z "$folder" ]; then
  folder="$(mktemp -d)"
  trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"

common="
&time start = '2001-06-01T00:00', stop = '$(date -u -d "2001-06-01 + $days days" +%Y-%m-%dT%H:%M)',
  step = 3600 /
&soil depth = 2.0, nodes = 51, stretch = 1.03 /
&surface longwave = 'absorbed', turbulence = 'combined' /
&parameter name = 'emissivity', value = 0.96 /"
cat >"$folder/twin.nml" <<END
&run mode = 'twin', output = 'part_series.nc' /
$common
&forcing file = 'part_forcing.nc', stamp = 'instant' /
&observation kind = 'surface_temperature' /
&observation kind = 'soil_temperature', depth = 0.1 /
&twin file = 'part_observations.nc', noise = 0.1 /
$(for name in thermal_conductivity heat_capacity albedo heat_transfer deep_temperature; do
  echo "&parameter name = '$name', file = 'part_truth.nc' /"
done)
END
cat >"$folder/estimate.nml" <<END
&run mode = 'estimate', output = 'estimate.nc', series = .false. /
$common
&forcing file = 'forcing.nc', stamp = 'instant' /
&observation kind = 'surface_temperature', file = 'observations.nc', sigma = 0.1, stamp = 'instant' /
&observation kind = 'soil_temperature', depth = 0.1, file = 'observations.nc', sigma = 0.1, stamp = 'instant' /
&parameter name = 'thermal_conductivity', estimate = .true., value = 1.6, lower = 0.2, upper = 3.0 /
&parameter name = 'heat_capacity', estimate = .true., value = 2.4e6, lower = 0.8e6, upper = 4e6 /
&parameter name = 'albedo', estimate = .true., value = 0.275, lower = 0.05, upper = 0.5 /
&parameter name = 'heat_transfer', estimate = .true., value = 22, lower = 4, upper = 40 /
&parameter name = 'deep_temperature', estimate = .true., value = 285, lower = 270, upper = 300 /
END

case="$columns columns, $days days"
if [ "$(cat "$folder/case" 2>/dev/null)" != "$case" ]; then
  python="${GLEBE_PYTHON:-python3}"
  rm -f "$folder/case"
  "$python" "$root/tests/bench/region_weather.py" "$folder/part_forcing.nc" "$folder/part_truth.nc" \
    --columns "$(((columns + 15) / 16))" --days "$days"
  "${launch[@]}" -n 1 "$glebe" "$folder/twin.nml"
  for name in forcing observations; do
    "$python" "$root/runs/little_washita/tile.py" "$folder/part_$name.nc" "$folder/$name.nc" 4
  done
  rm "$folder"/part_*.nc
  echo "$case" >"$folder/case"
fi
TIMEFORMAT='from start to end: %R s, on the processors %U s in the program and %S s in the system'
for ranks in "$@"; do
  printf '\n==== %s, %s ranks\n' "$case" "$ranks"
  time "${launch[@]}" -n "$ranks" "$glebe" "$folder/estimate.nml" "${options[@]}"
done
