#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Everything that must hold before a change is kept: format, a build without warnings, all tests,
# the tests of the kernel built for lesser processors, the tests of the parts under the sanitizers, and where
# there is clang a minute of fuzzing. Stops at the first failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs="$(nproc)"

step() { printf '\n==== %s\n' "$*"; }

step "Packages"
tools/install_packages.sh
source tools/environment.sh
if [ -n "${GLEBE_DATA:-}" ]; then
  echo "GLEBE_DATA=$GLEBE_DATA"
else
  echo "GLEBE_DATA is not set and ../shared/data is not there: tests with real data are skipped"
fi
if [ -z "${GLEBE_PYTHON:-}" ]; then
  echo "test.sh: neither python3 nor /usr/bin/python3 has xarray, netCDF4 and matplotlib" >&2
  exit 1
fi
echo "GLEBE_PYTHON=$GLEBE_PYTHON"

step "Format"
mapfile -t sources < <(git ls-files --cached '*.cpp' '*.hpp')
if [ ${#sources[@]} -eq 0 ]; then
  echo "test.sh: git tracks no C++ files here" >&2
  exit 1
fi
clang-format --dry-run -Werror "${sources[@]}"
echo "${#sources[@]} files are formatted"

step "Build (release, warnings are errors)"
cmake --preset release -DGLEBE_WERROR=ON
cmake --build --preset release --parallel "$jobs"

step "Tests (release)"
ctest --preset release --parallel "$jobs"

# The release build is for this very processor; what it can, the levels below it can do as well. The
# kernel is tested for the next lower one; with GLEBE_ALL_LEVELS, all that depends on the processor
# for all lower ones.
mapfile -t levels < <(/lib64/ld-linux-x86-64.so.2 --help 2> /dev/null \
  | sed -nE 's/^ +(x86-64-v[234]) \(supported.*/\1/p' | sort -r)
for level in x86-64-v4 x86-64-v3 x86-64-v2; do
  step "Kernel on $level"
  part=kernel
  if [[ " ${levels[*]} " != *" $level "* ]]; then
    echo "SKIPPED: this processor does not have what $level asks for"
    continue
  elif [ "$level" = "${levels[0]}" ]; then
    echo "the release build is for $level or better"
    continue
  elif [ -n "${GLEBE_ALL_LEVELS:-}" ]; then
    part=processor
  elif [ "$level" != "${levels[1]}" ]; then
    echo "left out for its time: GLEBE_ALL_LEVELS=1 tests it too"
    continue
  fi
  cmake --preset "$level" -DGLEBE_WERROR=ON
  cmake --build --preset "$level" --target "${part}_tests" --parallel "$jobs"
  ctest --preset "$level" --label-regex "$part" --parallel "$jobs"
done

step "Build (sanitize)"
cmake --preset sanitize -DGLEBE_WERROR=ON
cmake --build --preset sanitize --target sanitized_tests --parallel "$jobs"

step "Tests (sanitize)"
ctest --preset sanitize --label-regex 'unit|sanitized' --parallel "$jobs"

step "Fuzzing"
fuzzed='extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }'
if clang++ -fsanitize=fuzzer -x c++ - -o /dev/null <<< "$fuzzed" 2> /dev/null; then
  tests/fuzz/run.sh "${GLEBE_FUZZ_SECONDS:-60}"
else
  echo "SKIPPED: no clang++ with libFuzzer (Debian: clang libclang-rt-14-dev)"
fi

step "All passed"
