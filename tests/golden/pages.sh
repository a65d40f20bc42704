#!/bin/sh
# The pages of `kmodel explain`: the first example of each page causes the page's diagnostic, and no other.
#
#   tests/golden/pages.sh [PAGE ...]
#
# The example is the first indented block. Some mistakes come to light only when code is to be made, so what
# `kmodel check` takes goes on as far as the plan. <tab> stands for a tab, which nobody would see.
set -u
here=$(cd "$(dirname "$0")" && pwd)
KMODEL=$(realpath "${KMODEL:-$here/../../build/kmodel}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Pages whose example is a command, or cannot be written out: the test that causes the code, and why.
# "-": it cannot be caused at will.
elsewhere() {
    cat <<'END'
KM0018 golden/bad/nested-expression.out the example leaves out most of its six hundred terms
KM0021 golden/cli/build-without-weights.out weights are looked for when building
KM0401 golden/cli/file-missing.out about a file
KM0402 golden/import/git-lfs-pointer.out about a file
KM0403 golden/import/hdf5-cut-off.out about a file
KM0404 golden/import/keras-1.out about a file
KM0405 golden/import/functional-model.out about a file
KM0406 golden/import/layers-unknown.out about a file
KM0407 golden/import/config-not-json.out about a file
KM0408 golden/import/weights-only.out about a file
KM0410 golden/import/weight-shape-differs.out about a file
KM0411 golden/import/weight-missing.out about a file
KM0412 golden/import/layer-left-over.out about a file
KM0413 golden/import/layer-left-over.out about a file
KM0414 golden/import/model-without-a-shape.out weights are loaded when building
KM0420 golden/import/output-cannot-be-written.out about a file
KM0430 golden/import/hard-sigmoid-of-keras-2.out about a file
KM0500 runtime/built.sh about an output
KM0501 runtime/built.sh about the linker
KM0502 golden/cli/linker-fails.out about the linker
KM0503 runtime/built.sh about the installation
KM0504 - it takes 1.5 GB of weights
KM0505 - every target so far is of this machine's kind
KM0506 runtime/built.sh about an option
KM0507 runtime/built.sh about a file
KM0508 golden/cli/verify-other-outputs.out about a file
KM0550 runtime/built.sh about an option
KM0551 - LLVM's packages have all back ends
KM0552 - it takes a system that forbids new code
END
}

# A value of a foreign module needs the import, which is a warning of its own.
also_given() {
    case $1 in
    KM0104) echo '[KM0103]' ;;
    esac
}

example_of() {
    awk '/^    / { seen = 1; print substr($0, 5); next } seen && !/^$/ { exit } seen' "$1" | sed 's/<tab>/\t/'
}

codes_in() {
    grep -o '^[a-z]*\[KM[0-9]*\]' "$1" | sed 's/.*\[/[/' | sort -u | tr '\n' ' '
}

# The codes that the example gives, each once.
codes_given() {
    example_of "$1" >"$work/example.kmodel"
    "$KMODEL" check "$work/example.kmodel" >/dev/null 2>"$work/err" &&
        [ -z "$(codes_in "$work/err")" ] &&
        "$KMODEL" check --emit plan "$work/example.kmodel" >/dev/null 2>"$work/err"
    codes_in "$work/err"
}

check() {
    code=$(basename "$1" .md)
    test_of_code=$(elsewhere | awk -v code="$code" '$1 == code { print $2 }')
    case $test_of_code in
    "") ;;
    -) return 0 ;;
    *)
        grep -q "$code" "$here/../$test_of_code" && return 0
        echo "FAILED: $code is not in tests/$test_of_code"
        return 1
        ;;
    esac
    expected=$(printf '%s\n' $(also_given "$code") "[$code]" | tr '\n' ' ')
    given=$(codes_given "$1")
    [ "$given" = "$expected" ] && return 0
    echo "FAILED: the example of docs/diagnostics/$code.md gives: ${given:-nothing}"
    return 1
}

[ $# -gt 0 ] || set -- "$here"/../../docs/diagnostics/*.md
failed=0
for page in "$@"; do
    check "$page" || failed=$((failed + 1))
done
echo "pages: $# pages, $failed failed"
[ $failed -eq 0 ]
