#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds Glebe and repeats the synthetic experiment of the source paper: demo.sh [ranks=2].
set -euo pipefail
ranks="${1:-2}"
if ! [[ "$ranks" =~ ^[1-9][0-9]*$ ]] || [ $# -gt 1 ]; then
  echo "usage: demo.sh [ranks=2]" >&2
  exit 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() { printf '\n==== %s\n' "$*"; }

step "Packages"
tools/install_packages.sh
source tools/environment.sh
if [ -z "${GLEBE_PYTHON:-}" ]; then
  echo "demo.sh: neither python3 nor /usr/bin/python3 has xarray, netCDF4 and matplotlib" >&2
  exit 1
fi

step "Build"
cmake --preset release
cmake --build --preset release --target glebe --parallel "$(nproc)"

step "Run on $ranks ranks"
started="$(mktemp)"
trap 'rm -f "$started"' EXIT
runs/paper_synthetic/run.sh "$ranks"

step "Done"
mapfile -t figures < <(find "$PWD/runs/paper_synthetic" -name '*.png' -newer "$started" | sort)
if [ ${#figures[@]} -eq 0 ]; then
  echo "demo.sh: the run has written no figure" >&2
  exit 1
fi
printf 'Figure: %s\n' "${figures[@]}"
