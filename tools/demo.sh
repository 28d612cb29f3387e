#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds Glebe, estimates from the record of a real tower, and repeats the synthetic experiment of the
# source paper: demo.sh [ranks=2].
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

started="$(mktemp)"
trap 'rm -f "$started"' EXIT
step "A real tower: West Phoenix, thirty days"
runs/first_estimate/run.sh
step "The source paper's experiment, on $ranks ranks"
runs/paper_synthetic/run.sh "$ranks"

step "Done"
mapfile -t written < <(find "$PWD"/runs/{first_estimate,paper_synthetic}/output \
  \( -name '*.png' -o -name '*.html' \) -newer "$started" | sort)
if [ ${#written[@]} -lt 3 ]; then
  echo "demo.sh: the runs have not written their figures and report" >&2
  exit 1
fi
printf 'Written: %s\n' "${written[@]}"
