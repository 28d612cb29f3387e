#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Twins by the thousand; prints the table of README.md.
# Usage: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}"

"$GLEBE_PYTHON" coverage.py output -- "${glebe[@]}"
