#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Processor time per cost and gradient of one column, by Glebe, by ADOL-C and by PyTorch, on one core, in turn,
# and a table of it: peers.sh [rounds=3]. All must find the same numbers, or it fails. Installs nothing: what
# is missing is said, and the rest is run. PEERS_PYTHON: a Python that has PyTorch.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/environment.sh

rounds="${1:-3}"
if ! [[ "$rounds" =~ ^[1-9][0-9]*$ ]] || [ $# -gt 1 ]; then
  echo "usage: peers.sh [rounds=3]" >&2
  exit 2
fi
cmake --preset release >/dev/null
if ! cmake --build --preset release --target help | grep -q glebe_bench_peers; then
  echo "peers.sh: ADOL-C is missing (Debian: libadolc-dev); it is needed for the comparison" >&2
  exit 1
fi
cmake --build --preset release --target glebe_bench_peers >/dev/null

python=""
for candidate in ${PEERS_PYTHON:-python3 /usr/bin/python3}; do
  if "$candidate" -c 'import torch' 2>/dev/null; then
    python="$candidate"
    break
  fi
done
[ -n "$python" ] || echo "peers.sh: PyTorch is missing (Debian: python3-torch): without it" >&2

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
for _ in $(seq "$rounds"); do
  build/release/tests/bench/peers/glebe_bench_peers "$folder/case.json" 3
  if [ -n "$python" ]; then "$python" tests/bench/peers/pytorch.py "$folder/case.json" 3; fi
done >"$folder/lines"
"${GLEBE_PYTHON:-python3}" - "$folder/lines" <<'END'
import json
import sys

ways = {}
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in map(json.loads, lines):
        ways.setdefault((line["benchmark"], line["columns"]), []).append(line)
print("| way | columns at once | least, µs | median, µs | difference |\n|---|---|---|---|---|")
for (name, columns), rounds in ways.items():
    medians = sorted(line["seconds_per_column_median"] for line in rounds)
    print("| %s | %d | %.4g | %.4g | %.1g |" % (
        name, columns, 1e6 * min(line["seconds_per_column_min"] for line in rounds),
        1e6 * medians[len(medians) // 2], max(line["difference"] for line in rounds)))
END
