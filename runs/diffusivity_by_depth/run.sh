#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Designs for a string of thermistors; prints the table of README.md.
# Usage: run.sh [ranks=1]
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/run_setup.sh" "${1:-1}"

"$GLEBE_PYTHON" design.py output "${glebe[@]}"
