#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Columns a second and core on several numbers of ranks, and the efficiency against the first of
# them: scaling.sh [columns=64] [ranks ...=1 2]. The same columns for all, or as many on every rank
# with columns=N/rank. GLEBE_BENCH names another program than that of the release build; what
# stands in MPIRUN goes before the number of ranks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/environment.sh

columns="${1:-64}"
shift || true
[ $# -gt 0 ] || set -- 1 2
for number in "${columns%/rank}" "$@"; do
  if ! [[ "$number" =~ ^[1-9][0-9]*$ ]]; then
    echo "usage: scaling.sh [columns=64 | N/rank] [ranks ...=1 2]" >&2
    exit 2
  fi
done
bench="${GLEBE_BENCH:-build/release/glebe_bench}"
read -ra launch <<<"${MPIRUN:-mpirun}"

for ranks in "$@"; do
  total="${columns%/rank}"
  if [ "$total" != "$columns" ]; then total=$((total * ranks)); fi
  "${launch[@]}" -n "$ranks" "$bench" region -bench_columns "$total" -bench_methods none -bench_soils none
done | "${GLEBE_PYTHON:-python3}" -c '
import json
import sys

print("ranks columns  pass/s/core  solve/s/core  efficiency  idle")
first = None
for line in sys.stdin:
    run = json.loads(line)
    rate = run["solve_column_years_per_s_per_core_max"]
    first = first or rate
    print("%5d %7d %12.1f %13.2f %11.3f %5.3f" % (
        run["ranks"], run["columns"], run["pass_column_years_per_s_per_core_max"], rate,
        rate / first, run["idle_fraction_of_pass"]))
'
