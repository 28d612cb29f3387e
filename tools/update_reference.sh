#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Regenerates what follows from the tables of settings and results: docs/namelist_reference.md,
# docs/result_reference.md and namelists/.
# The program is $GLEBE, by default that of the preset release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/environment.sh
glebe="${GLEBE:-build/release/glebe}"
if [ ! -x "$glebe" ]; then
  echo "update_reference.sh: no program $glebe: build it, or name another in GLEBE" >&2
  exit 1
fi

"$glebe" --describe --markdown > docs/namelist_reference.md.partial
mv docs/namelist_reference.md.partial docs/namelist_reference.md
"$glebe" --describe --results > docs/result_reference.md.partial
mv docs/result_reference.md.partial docs/result_reference.md
"$glebe" --describe | "${GLEBE_PYTHON:-python3}" tools/make_templates.py namelists
echo "written: docs/namelist_reference.md docs/result_reference.md $(echo namelists/*.nml)"
