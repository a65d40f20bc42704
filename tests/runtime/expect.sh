# For tests of a binary from the outside; sourced. Each check is one line; failures are counted.
failures=0

fail() {
    echo "FAIL: $*" >&2
    failures=$((failures + 1))
}

# run COMMAND...: leaves $code, and the text in out and err.
run() {
    code=0
    "$@" >out 2>err || code=$?
}

# prints TEXT COMMAND...: exit 0, exactly this on standard output (printf's escapes), nothing else.
prints() {
    printf "$1" >expected
    shift
    run "$@"
    [ "$code" = 0 ] || fail "$*: exit $code: $(cat err)"
    cmp -s expected out || fail "$*: printed: $(head -c 300 out)"
    [ ! -s err ] || fail "$*: said: $(cat err)"
}

# says CODE TEXT COMMAND...: this exit code, nothing on standard output, one line with TEXT on stderr.
says() {
    wanted=$1 text=$2
    shift 2
    run "$@"
    [ "$code" = "$wanted" ] || fail "$*: exit $code, expected $wanted"
    [ ! -s out ] || fail "$*: printed: $(head -c 300 out)"
    [ "$(wc -l <err)" = 1 ] || fail "$*: expected one line, said: $(cat err)"
    grep -qF -- "$text" err || fail "$*: expected '$text', said: $(cat err)"
}

finish() {
    [ "$failures" = 0 ] || { echo "$failures failures"; exit 1; }
    echo "$1: all fine"
}
