#!/bin/sh
# Golden tests: a .kmodel, or a command in a .cmd, beside what it prints. Adding a test is adding a file.
#
#   tests/golden/run.sh [--update] [FOLDER or FILE ...]
#
# NAME.out holds standard output, then standard error, then [exit N] unless it is 0. The folder says
# what is run; options stand in a first line '# kmodel: --style keras2'. --update rewrites the .out
# files: read the difference before committing it. KMODEL=... tests another binary.
set -u
here=$(cd "$(dirname "$0")" && pwd)
KMODEL=$(realpath "${KMODEL:-$here/../../build/kmodel}")
export KMODEL COLUMNS=80 LC_ALL=C.UTF-8
unset NO_COLOR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
update=
if [ "${1:-}" = --update ]; then update=yes; shift; fi

# The commands of the folders: one table.
command_of() {
    case $1 in
    parse) echo check --emit ast ;;
    model) echo check --emit model ;;
    ops) echo check --emit ops ;;
    plan) echo check --emit plan ;;
    bad | check) echo check ;;
    summary) echo summary ;;
    *) echo "run.sh: no such stage: $1" >&2; exit 2 ;;
    esac
}

# Runs $1 and prints what it prints, in the .out's form. It runs in its own folder, so that places
# are shown as file:line.
run() (
    stage=$(basename "$(dirname "$1")")
    cd "$(dirname "$1")" || exit 2
    case $1 in
    *.cmd)
        PATH="$(dirname "$KMODEL"):$PATH" WORK="$work" sh "$1" >"$work/out" 2>"$work/err"
        ;;
    *)
        options=$(awk 'NR == 1 && sub(/^# kmodel: /, "")' "$1")
        # shellcheck disable=SC2046,SC2086  # words are wanted
        "$KMODEL" $(command_of "$stage") $options "$(basename "$1")" >"$work/out" 2>"$work/err"
        ;;
    esac
    code=$?
    cat "$work/out" "$work/err"
    [ $code -eq 0 ] || echo "[exit $code]"
)

# A file in bad/ that is accepted is a failure whatever its .out says.
check() {
    expected=${1%.*}.out
    run "$1" >"$work/got"
    case $1 in
    */bad/*) grep -q '^\[exit 1\]$' "$work/got" || { echo "FAILED: $1 must end with exit 1"; return 1; } ;;
    esac
    if [ "$update" ]; then
        cmp -s "$work/got" "$expected" || { cp "$work/got" "$expected"; echo "updated: $expected"; }
    elif ! diff -u "$expected" "$work/got" >"$work/diff" 2>&1; then
        echo "FAILED: $1"
        cat "$work/diff"
        return 1
    fi
}

[ $# -gt 0 ] || set -- "$here"
realpath "$@" | xargs -d '\n' -I{} find {} -name '*.kmodel' -o -name '*.cmd' | sort >"$work/list"
total=0 failed=0
while read -r file; do
    total=$((total + 1))
    check "$file" || failed=$((failed + 1))
done <"$work/list"
echo "golden: $total tests, $failed failed"
[ $failed -eq 0 ]
