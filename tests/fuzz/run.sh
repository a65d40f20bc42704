#!/bin/sh
# One fuzz target for some seconds, from its seeds, in one line; what libFuzzer says goes into a log,
# which is shown if it finds something.
#
#     run.sh TARGET BUILD SECONDS        BUILD/TARGET_fuzz; log, inputs and findings stay in BUILD
#
# An input may take a minute: the longest that the checker allows takes one with sanitizers.
set -u
target=$1 build=$2 seconds=$3
log=$build/$target.log
seeds=$(dirname "$0")/corpus/$target
mkdir -p "$build/found/$target"
"$build/${target}_fuzz" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=3000 -max_len=40000 -verbosity=1 \
    -print_final_stats=1 -artifact_prefix="$build/$target-" "$build/found/$target" "$seeds" >"$log" 2>&1
code=$?
inputs=$(awk '$1 == "stat::number_of_executed_units:" { print $2 }' "$log")
if [ $code -ne 0 ] || [ -z "$inputs" ]; then
    tail -n 200 "$log"
    echo "fuzz: $target: FAILED: exit $code; $log"
    exit 1
fi
echo "fuzz: $target: $inputs inputs in $seconds s, nothing found"
