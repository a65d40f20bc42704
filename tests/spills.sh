#!/bin/sh
# usage: tests/spills.sh build/bench-kernels
#
# No microkernel's inner loop may touch the stack: a spilled accumulator costs more than half of the speed. Looks, for every CPU,
# at the assembly of the kernels that the bench times: innermost loops that multiply-add, in all functions but Winograd's
# transforms (which have more values than there are registers).
set -eu
failed=0
for cpu in x86-64-v2 x86-64-v3 x86-64-v4; do
    "$1" --asm $cpu | awk -v cpu=$cpu '
        function judge(   i) {      # lines[start..n] is a loop
            for (i = start; i <= n; i++) {
                if (lines[i] ~ /v?fn?m(add|sub)[0-9]+ps|mulps/) products = 1
                if (lines[i] ~ /\(%rsp/) touches++
            }
            if (products) loops++
            if (products && touches) {
                printf "%s: %s: an inner loop touches the stack %d times\n  %s\n", cpu, function_name, touches, kernel
                bad++
            }
            products = touches = 0
        }
        /^# / { kernel = $0 }
        /^[A-Za-z_][A-Za-z0-9_.]*:/ { function_name = $1; label = "" }
        /^\.LBB[0-9_]+:/ { label = $1; sub(/:.*/, "", label); start = n + 1 }
        { lines[++n] = $0 }
        /^\tj[a-z]+\t\.LBB/ && label != "" {
            if ($2 == label && function_name !~ /\.(input|output)/) judge()
        }
        END {
            printf "%s: %d inner loops, %d touch the stack\n", cpu, loops, bad
            if (!loops) print cpu ": no inner loop found: does this script still read the assembly?"
            exit bad > 0 || !loops
        }' || failed=1
done
exit $failed
