#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds Glebe with the PETSc that is installed in a folder (its --prefix), in build/petsc-<version>, and
# runs all tests with it. Further words are for ctest.
#
# A PETSc that serves, from its own sources:
#   ./configure --prefix=FOLDER --with-cc=mpicc --with-cxx=mpicxx --with-fc=0 --with-debugging=0
#   make all install
#
# Usage: with_petsc.sh FOLDER [-L unit ...]
set -euo pipefail
if [ $# -lt 1 ] || [ ! -f "$1/lib/pkgconfig/petsc.pc" ] && [ ! -f "$1/lib/pkgconfig/PETSc.pc" ]; then
  echo "usage: with_petsc.sh FOLDER [-L unit ...]; FOLDER/lib/pkgconfig has PETSc.pc" >&2
  exit 2
fi
PETSC_DIR="$(cd "$1" && pwd)"
export PETSC_DIR PETSC_ARCH=""
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/environment.sh

version="$(PKG_CONFIG_PATH="$PETSC_DIR/lib/pkgconfig" pkg-config --modversion PETSc)"
build="build/petsc-$version"
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGLEBE_WERROR=ON
cmake --build "$build" --parallel "$(nproc)"
ctest --test-dir "$build" --output-on-failure --parallel "$(nproc)" "${@:2}"
