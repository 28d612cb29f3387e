#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Builds the fuzz targets with clang and runs each for so many seconds, from its corpus; prints how
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
[ -z "$targets" ] || cmake --build "$build" --target $targets >"$build.log" 2>&1 \
  || { tail -40 "$build.log"; exit 1; }

status=0
for name; do
  if [ "$name" = converters ]; then
    "${GLEBE_PYTHON:-python3}" "$here/fuzz_converters.py" "$seconds" || status=1
    continue
  fi
  mkdir -p "$build/found_$name" "$build/work"
  log=$build/$name.log
  code=0
  # An empty folder: patterns of file names match nothing.
  (cd "$build/work" && UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS="suppressions=$here/known_leaks.txt" "$build/tests/fuzz/fuzz_$name" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=4096 \
    -print_final_stats=1 -artifact_prefix="$build/$name-" \
    "$build/found_$name" "$here/corpus_$name") >"$log" 2>&1 || code=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -1)
  echo "$name: $executions executions, $coverage edges, $([ $code = 0 ] && echo no crash || echo crash)"
  [ $code = 0 ] || { status=1; grep -m3 -E 'ERROR|runtime error|SUMMARY' "$log"; ls "$build/$name-"*; }
done
exit $status
