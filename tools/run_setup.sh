# SPDX-License-Identifier: BSD-3-Clause
# Sourced by runs/*/run*.sh: goes to the run's folder, makes its output folder, and sets `glebe`, the
# command that takes a namelist.
# Usage: source run_setup.sh RANKS [FOLDER of GLEBE_DATA that the run needs]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$(dirname "${BASH_SOURCE[1]}")"
if [ $# -gt 1 ]; then
  : "${GLEBE_DATA:?is not set: the folder that holds $2/, see README.md}"
fi
glebe=(mpirun -n "$1" "${GLEBE:-../../build/release/glebe}")
mkdir -p output
