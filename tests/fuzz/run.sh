#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Builds the fuzz targets with clang and runs them side by side for so many seconds, each from its corpus; prints how
# many inputs were tried, how much of the code they reached, and crashes. What is found besides is
# kept in the build folder, so that the next run goes on from there.
#     tests/fuzz/run.sh [seconds [target ...]]
# Needs clang++ and its runtime (Debian: clang libclang-rt-14-dev); the converters run with GLEBE_PYTHON,
# as tools/environment.sh sets it. Ends with 1 after a crash.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- namelist overrides time units converters
build=${GLEBE_FUZZ_BUILD:-$here/../../build/fuzz}
cmake -S "$here/../.." -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DGLEBE_FUZZ=ON -DGLEBE_TESTS=OFF \
  -DGLEBE_TOOLS=OFF >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
targets=$(for name; do [ "$name" = converters ] || echo "fuzz_$name"; done)
# Unquoted: a word for each target.
[ -z "$targets" ] || cmake --build "$build" --parallel "$(nproc)" --target $targets >"$build.log" 2>&1 \
  || { tail -40 "$build.log"; exit 1; }

# fuzz NAME: its line of results; 1 after a crash.
fuzz() {
  if [ "$1" = converters ]; then
    "${GLEBE_PYTHON:-python3}" "$here/fuzz_converters.py" "$seconds"
    return
  fi
  mkdir -p "$build/found_$1" "$build/work_$1"
  log=$build/$1.log
  code=0
  # An empty folder: patterns of file names match nothing.
  (cd "$build/work_$1" && UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS="suppressions=$here/known_leaks.txt" "$build/tests/fuzz/fuzz_$1" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=4096 \
    -print_final_stats=1 -artifact_prefix="$build/$1-" \
    "$build/found_$1" "$here/corpus_$1") >"$log" 2>&1 || code=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -1)
  echo "$1: $executions executions, $coverage edges, $([ $code = 0 ] && echo no crash || echo crash)"
  [ $code = 0 ] && return
  grep -m3 -E 'ERROR|runtime error|SUMMARY' "$log"
  ls "$build/$1-"*
  return 1
}

# All at once: so many seconds in all.
running=
for name; do
  fuzz "$name" &
  running="$running $!"
done
status=0
for process in $running; do wait "$process" || status=1; done
exit $status
