# Every command answers every input at once, with one error.
cd "$WORK" && mkdir inputs && cd inputs || exit
: >empty
printf '\1\2\3\0\5\6\7\10' >binary
mkdir folder
mkfifo fifo
ln -s nowhere dangling
ln -s loop loop
awk 'BEGIN { for (i = 0; i < 4000000; i++) print "x = 1 # a line like all others" }' | head -c 100000000 >long
awk 'BEGIN { printf "x = "; for (i = 0; i < 100000; i++) printf "("; print "" }' >deep
awk 'BEGIN { printf "x = 1"; for (i = 0; i < 100000; i++) printf " + 1"; print "" }' >sum
awk 'BEGIN { printf "x = ["; for (i = 0; i < 100000; i++) printf "1, "; print "]" }' >list
ln -s /dev/zero zero
ln -s /dev/null null
for input in empty binary folder fifo zero null dangling loop long deep sum list nowhere; do
    for command in check summary 'build --init seed=1' 'run --init seed=1' import; do
        timeout 60 kmodel $command $input </dev/null >out 2>err
        code=$?
        echo "${command%% *} $input: exit $code, $(grep -c '^error' err) error, $(head -n 1 err)"
    done
done
cd .. && rm -r inputs
