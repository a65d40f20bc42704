#!/bin/sh
# Every row of src/diagnostics.def has its page, titled alike, and a test that shows it: a golden file
# whose expected text has the code. What no command line brings about on this machine is listed
# below, with the unit test that does.
set -u
cd "$(dirname "$0")/../.." || exit 2

elsewhere() {
    cat <<'TABLE'
KM0505 tests/unit/back_end_test.c
KM0551 tests/unit/back_end_test.c
KM0552 tests/unit/back_end_test.c
TABLE
}

failed=0
fail() {
    echo "FAILED: $*"
    failed=$((failed + 1))
}

rows=$(sed -n 's/^DIAG(\([0-9]*\), [a-z0-9_]*, "\(.*\)")$/\1 \2/p' src/diagnostics.def)
shown=$(cat tests/golden/*/*.out | grep -o '\(error\|warning\|note\)\[KM[0-9]*\]' | sort -u)
total=0
while read -r number title; do
    total=$((total + 1))
    code=$(printf 'KM%04d' "$number")
    page=docs/diagnostics/$code.md
    [ "$(head -n 1 "$page")" = "# $code: $title" ] || fail "$page does not begin with '# $code: $title'"
    case $shown in *"[$code]"*) continue ;; esac
    file=$(elsewhere | awk -v code="$code" '$1 == code { print $2 }')
    if [ -z "$file" ]; then
        fail "no .out below tests/golden/ shows $code ($title)"
    elif ! grep -q "\"$code\"" "$file"; then
        fail "$file does not test $code ($title)"
    fi
done <<ROWS
$rows
ROWS
[ "$total" -eq "$(grep -c '^DIAG(' src/diagnostics.def)" ] || fail "a row of src/diagnostics.def is not understood"
for page in docs/diagnostics/KM*.md; do
    number=$(basename "$page" .md | sed 's/KM0*//')
    grep -q "^DIAG($number, " src/diagnostics.def || fail "$page is about no row of src/diagnostics.def"
done
for code in $(elsewhere | cut -d' ' -f1); do
    case $shown in *"[$code]"*) fail "$code is shown below tests/golden/ and listed here, too" ;; esac
done
echo "golden: $total diagnostics, $failed without a page or a test"
[ "$failed" -eq 0 ]
