#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Coverage of intervals near bounds, and with considered parameters; prints the tables of
# docs/theory.md. Takes about a minute.
# Usage: run_bounds.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}"

"$GLEBE_PYTHON" bounds.py "${glebe[@]}"
"$GLEBE_PYTHON" considered.py "${glebe[@]}"
