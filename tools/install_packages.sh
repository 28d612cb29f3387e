#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs the Debian 12 packages that building, testing and the tools need. Does nothing when all
# are there. As root or through sudo.
# Usage: install_packages.sh [build | run | cluster | docs]: with a word only what building or running needs;
# with cluster all, a Slurm for the tests of the job scripts, and clang for fuzzing; with docs what tools/docs.sh needs.
set -euo pipefail

building=(
  g++ git cmake ninja-build pkg-config
  libopenmpi-dev openmpi-bin petsc-dev libnetcdf-mpi-dev libhdf5-openmpi-dev
  libudunits2-dev libdeflate-dev libfmt-dev libeigen3-dev
)
python=(
  python3-numpy python3-pandas python3-xarray python3-netcdf4 python3-cftime python3-matplotlib
)
testing=(gfortran make clang-format libgtest-dev netcdf-bin groff-base chromium fonts-dejavu-core)
case "${1:-}" in
  "") packages=("${building[@]}" "${python[@]}" "${testing[@]}") ;;
  build) packages=("${building[@]}" "${python[@]}") ;;
  run)
    packages=(openmpi-bin libpetsc-real3.18 libnetcdf-mpi-19 libhdf5-openmpi-103-1 libudunits2-0 libdeflate0 libfmt9
              "${python[@]}" fonts-dejavu-core) ;;
  cluster)
    packages=("${building[@]}" "${python[@]}" "${testing[@]}" slurmctld slurmd slurm-client munge
              clang libclang-rt-14-dev) ;;
  docs) packages=(mkdocs mkdocs-material python3-pymdownx libjs-katex doxygen) ;;
  *)
    echo "usage: install_packages.sh [build | run | cluster | docs]" >&2
    exit 2 ;;
esac

fail() {
  echo "install_packages.sh: $*" >&2
  exit 1
}

# Elsewhere only say what is missing: the names of the packages are not ours to know.
if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
  missing=()
  for tool in c++ cmake make ninja pkg-config mpicxx mpirun clang-format; do
    command -v "$tool" > /dev/null || missing+=("$tool")
  done
  if command -v pkg-config > /dev/null; then
    pkg-config --exists PETSc || pkg-config --exists petsc || missing+=("PETSc (pkg-config)")
    pkg-config --exists netcdf-mpi || pkg-config --exists netcdf || missing+=("netCDF (pkg-config)")
  fi
  [ ${#missing[@]} -eq 0 ] && exit 0
  printf -v list '%s, ' "${missing[@]}"
  fail "this is not Debian (no apt-get), and missing are: ${list%, }. Install what corresponds to
  the Debian packages ${packages[*]}
  or use Spack with the recipe in spack/."
fi

format='${db:Status-Status} ${Package}\n'
installed="$(dpkg-query -W -f="$format" "${packages[@]}" 2> /dev/null || true)"
missing=()
for package in "${packages[@]}"; do
  grep -qxF "installed $package" <<< "$installed" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || fail "not root and no sudo: ask for the packages ${missing[*]}"
  as_root=(sudo)
fi
as_root+=(env DEBIAN_FRONTEND=noninteractive)
"${as_root[@]}" apt-get update --quiet || fail "apt-get update failed"
"${as_root[@]}" apt-get install --yes --quiet --no-install-recommends "${missing[@]}" \
  || fail "apt-get could not install ${missing[*]}"
