# SPDX-License-Identifier: BSD-3-Clause
# Sourced by tools/*.sh: what a run on a workstation or in a container needs.
# A value that is already set is kept.

# Open MPI refuses to run as root and to start more ranks than there are cores unless told.
# The PRTE variable says the same to Open MPI 5.
if [ "$(id -u)" -eq 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
export OMPI_MCA_rmaps_base_oversubscribe="${OMPI_MCA_rmaps_base_oversubscribe:-1}"
: "${PRTE_MCA_rmaps_default_mapping_policy:=:oversubscribe}"
export PRTE_MCA_rmaps_default_mapping_policy

glebe_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Observations for tests and runs: see GLEBE_DATA in CONTRIBUTING.md.
if [ -z "${GLEBE_DATA:-}" ] && [ -d "$glebe_root/../shared/data" ]; then
  GLEBE_DATA="$(cd "$glebe_root/../shared/data" && pwd)"
fi
if [ -n "${GLEBE_DATA:-}" ]; then export GLEBE_DATA; fi

# The Python that has what the tools import; an own choice in GLEBE_PYTHON is not questioned.
if [ -z "${GLEBE_PYTHON:-}" ]; then
  for glebe_candidate in python3 /usr/bin/python3; do
    if "$glebe_candidate" -c 'import xarray, netCDF4, matplotlib' 2>/dev/null; then
      GLEBE_PYTHON="$(command -v "$glebe_candidate")"
      break
    fi
  done
  unset glebe_candidate
fi
if [ -n "${GLEBE_PYTHON:-}" ]; then export GLEBE_PYTHON; fi
unset glebe_root
