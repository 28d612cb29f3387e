#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Whole runs under a tool that sees wrong uses of memory and memory that is lost: a site, a grid and
# stations on several ranks, coupled columns, designs, bootstrap, profiles, knots, stages, errors of
# inputs, and what ends in an error. Each test fails if the tool finds anything that known_*.txt does
# not name.
#
#   valgrind     PROGRAM is optimised for at most x86-64-v3 (valgrind knows no AVX-512)
#   sanitizers   PROGRAM is of the preset `sanitize`; leaks are looked for as well
#
# Usage: under_tools.sh valgrind|sanitizers PROGRAM [test ...], a test as in "posterior_test.py ChiSquare"
set -euo pipefail
if [ $# -lt 2 ] || [ ! -x "$2" ]; then
  sed -n 's/^# //p' "${BASH_SOURCE[0]}" | tail -n +2 >&2
  exit 2
fi
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
program="$(realpath "$2")"
source "$here/../../tools/environment.sh"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
case "$1" in
  valgrind)
    export HWLOC_COMPONENTS=-x86 # which asks the processor what valgrind cannot answer
    tool="valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,possible \
--errors-for-leak-kinds=definite,possible --num-callers=40 --suppressions=$here/known_reports.txt \
--log-file=$work/%p.log"
    ;;
  sanitizers)
    # Libraries stay loaded to the end, otherwise their memory could not be told by their names.
    echo 'int dlclose(void* library) { (void)library; return 0; }' |
      cc -shared -fPIC -x c - -o "$work/libstay.so"
    export ASAN_OPTIONS="detect_leaks=1:exitcode=99:verify_asan_link_order=0:fast_unwind_on_malloc=0"
    ASAN_OPTIONS+=":log_path=$work/log"
    export UBSAN_OPTIONS="print_stacktrace=1"
    export LSAN_OPTIONS="suppressions=$here/known_leaks.txt:print_suppressions=0"
    tool="env LD_PRELOAD=$work/libstay.so"
    ;;
  *) echo "under_tools.sh: '$1' is not a tool: valgrind or sanitizers" >&2; exit 2 ;;
esac
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$tool" "$program" > "$work/glebe"
chmod +x "$work/glebe"
export GLEBE="$work/glebe"

tests=("${@:3}")
if [ ${#tests[@]} -eq 0 ] && [ "$1" = valgrind ]; then # which takes twenty times as long
  tests=("modes_test.py Estimate.test_recovers_the_truth_of_a_twin OtherModes.test_gradient_test"
    "posterior_test.py ChiSquare HeldByABound" "ranks_test.py Grid.test_estimates_agree OneSite"
    "coupled_posterior_test.py ChiSquare Designs.test_of_what_columns_share")
elif [ ${#tests[@]} -eq 0 ]; then
  tests=("ranks_test.py Grid Masked OneSite Stations" "modes_test.py Estimate OtherModes.test_gradient_test"
    "posterior_test.py ChiSquare HeldByABound VaryingParameters"
    "coupled_posterior_test.py Profile ChiSquare Rows Designs" "stages_test.py" "considered_test.py"
    "input_errors_test.py" "checkpoint_test.py Refusals.test_the_same_problem")
fi
failed=0
for words in "${tests[@]}"; do
  read -ra of_test <<< "$words"
  echo "$1: $words"
  "${GLEBE_PYTHON:-python3}" "$here/../cli/${of_test[0]}" "${of_test[@]:1}" || failed=1
done
find "$work" -name '*log*' -size +0 -exec sed -n '1,60p' {} +
exit $failed
