#!/usr/bin/env bash
# What `kmodel build` makes, used as a user would: the MNIST example as binary, libraries and object, its weights inside
# and beside; and every way in which building goes wrong.
#
#     built.sh KMODEL
set -u
here=$(cd "$(dirname "$0")" && pwd)
examples=$here/../../examples
kmodel=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$here/expect.sh"
cd "$folder" || exit 1
model=$examples/mnist/mnist.kmodel
digits=$examples/mnist/digits
cc=${CC:-cc}

# fails TEXT COMMAND...: exit 1 and a diagnostic with TEXT.
fails() {
    text=$1
    shift
    run "$@"
    [ "$code" = 1 ] || fail "$*: exit $code, expected 1"
    grep -qF -- "$text" err || fail "$*: expected '$text', said: $(cat err)"
}

# --- an executable: twenty digits, all of them right
prints '' $kmodel build -q "$model" -o mnist
run ./mnist "$digits"
[ "$code" = 0 ] && [ "$(wc -l <out)" = 20 ] || fail "mnist: exit $code: $(cat err)"
awk '{ n = split($1, path, "/"); if (substr(path[n], 1, 1) != $2 || $3 < 0.5) exit 1 }' out || fail "digits: $(cat out)"
for threads in 2 3; do
    cp out one-thread
    run ./mnist --threads $threads "$digits"
    cmp -s out one-thread || fail "$threads threads give other digits: $(cat out)"
done
says 1 'this CPU lacks sse4.2' env KM_CPU_WITHOUT='sse4.2' "$(
    $kmodel build -q "$model" --cpu x86-64-v2 -o v2 && echo ./v2)" "$digits"
run ./mnist --summary
grep -q 'Model: "' out || fail "--summary printed: $(cat out)"
mkdir elsewhere && (cd elsewhere && ../mnist "$digits/7a.png" >../out) && grep -q '7a.png	7' out || fail 'from elsewhere'

# --- the weights are a read-only segment of their own, last in the file, and tools can rewrite it
for linker in bfd lld gold; do
    $cc -fuse-ld=$linker -x c -o linked - <<<'int main(void) { return 0; }' 2>err || continue
    for pie in -pie -no-pie; do
        prints '' env CC="$cc -fuse-ld=$linker $pie" $kmodel build -q "$model" -o linked
        run ./linked "$digits"
        cmp -s out one-thread || fail "$linker $pie: $(cat out err)"
        [ $linker = gold ] || readelf -lW linked | grep -qE '^ +[0-9]+ +\.km_weights $' ||
            fail "$linker $pie: $(readelf -lW linked)"
        strip linked
        run ./linked "$digits"
        cmp -s out one-thread || fail "$linker $pie, stripped: $(cat out err)"
    done
done
(umask 027 && $kmodel build -q "$model" -o private)
[ "$(stat -c %a private)" = 750 ] || fail "the mode is $(stat -c %a private)"
mkdir 'a, b'
prints '' $kmodel build -q "$model" -o 'a, b/net'
prints '' $kmodel build -q "$model" --emit shared -o 'a, b/net'
run 'a, b/net' "$digits"
cmp -s out one-thread || fail "in a folder with a comma: $(cat out err)"

# --- kmodel run: the same
run $kmodel run -q "$model" "$digits"
cmp -s out one-thread || fail "kmodel run: $(cat out err)"
prints '' $kmodel run -q "$model" --input "$digits" --output run.npy
prints '' ./mnist "$digits" --output built.npy
cmp -s run.npy built.npy || fail 'kmodel run and the binary differ'
run $kmodel verify -q "$model"
[ "$code" = 0 ] || fail "verify: $(cat err)"

# --- weights in a file beside the binary
prints '' $kmodel build -q "$model" --weights-file mnist.weights -o side
case $cc in # sanitizers make a binary large
*-fsanitize*) ;;
*) [ "$(stat -c %s side)" -lt 200000 ] || fail "the binary without weights has $(stat -c %s side) bytes" ;;
esac
prints '' ./side "$digits" --output side.npy
cmp -s side.npy built.npy || fail 'weights beside the binary: other results'
mkdir moved && mv side mnist.weights moved
prints '' moved/side "$digits" --output side.npy
cp moved/mnist.weights good
truncate -s -4 moved/mnist.weights
says 1 'expected' moved/side "$digits"
printf 'KMWEIGHT' | dd of=good bs=1 seek=16 conv=notrunc 2>/dev/null
cp good moved/mnist.weights
says 1 'these are the weights of another build' moved/side "$digits"
head -c 5000 /dev/zero >moved/mnist.weights
says 1 'expected weights made by kmodel' moved/side "$digits"
rm moved/mnist.weights
says 1 'cannot open: No such file' moved/side "$digits"

# --- half a million numbers: abbreviated for a terminal, whole for a pipe
echo "model = Sequential([Input((20, 3, 25)), Activation('linear')])" >large.kmodel
prints '' $kmodel build -q large.kmodel -o large
seq -s, 1500 >1500.csv
prints "$(cat 1500.csv)\n" ./large 1500.csv
TERM=dumb script -qec './large 1500.csv' /dev/null </dev/null | tr -d '\r' | tr -s ' ' >out
cat >expected <<'end'
[[[ 1 2 3 ... 23 24 25]
 [ 26 27 28 ... 48 49 50]
 [ 51 52 53 ... 73 74 75]]
 [[ 76 77 78 ... 98 99 100]
 [ 101 102 103 ... 123 124 125]
 [ 126 127 128 ... 148 149 150]]
 [[ 151 152 153 ... 173 174 175]
 [ 176 177 178 ... 198 199 200]
 [ 201 202 203 ... 223 224 225]]
 ...
 [[ 1276 1277 1278 ... 1298 1299 1300]
 [ 1301 1302 1303 ... 1323 1324 1325]
 [ 1326 1327 1328 ... 1348 1349 1350]]
 [[ 1351 1352 1353 ... 1373 1374 1375]
 [ 1376 1377 1378 ... 1398 1399 1400]
 [ 1401 1402 1403 ... 1423 1424 1425]]
 [[ 1426 1427 1428 ... 1448 1449 1450]
 [ 1451 1452 1453 ... 1473 1474 1475]
 [ 1476 1477 1478 ... 1498 1499 1500]]]
abbreviated: the output is (None, 20, 3, 25), 1500 numbers a sample; all of them: --output FILE.npy, or a pipe
end
cmp -s expected out || fail "1500 numbers on a terminal: $(cat out)"

# --- libraries, and an object that needs the runtime
mkdir lib
prints '' $kmodel build -q "$model" --emit lib -o lib/mnist
prints '' $cc -Wall -Wextra -Werror -Ilib "$examples/embed/main.c" lib/libmnist.a -pthread -o embed
prints '7, probability 1.000\n' ./embed
prints '' $cc -fopenmp -Wall -Wextra -Werror -Ilib "$examples/embed/threads.c" lib/libmnist.a -pthread -o threads
prints 'all threads agree\n' ./threads
prints '' $kmodel build -q "$model" --emit shared -o lib/libmnist.so
prints '' $cc -Ilib "$examples/embed/main.c" -Llib -lmnist -Wl,-rpath,"$PWD/lib" -o embed-shared
prints '7, probability 1.000\n' ./embed-shared
strip lib/libmnist.so
prints '7, probability 1.000\n' ./embed-shared
nm -D --defined-only lib/libmnist.so | awk '$3 !~ /^mnist_/ { bad = 1 } END { exit bad }' || fail 'a shared library shows more'

# Two models in one program, C and C++, each pedantic, beside the header of the runtime.
echo "model = Sequential([Input((4,)), Dense(3)], name='other')" >other.kmodel
prints '' $kmodel build -q other.kmodel --init seed=1 --emit lib -o lib/other
cat >two.c <<'end'
#include "other.h"
#include "mnist.h"
#include "km.h"

#include <stdio.h>

int main(void) {
    km_pool *pool = other_pool_new(1);
    printf("%d %d\n", OTHER_OUTPUT, mnist_cpu_missing() || other_cpu_missing() || !pool);
    mnist_pool_free(pool);
    return 0;
}
end
pedantic="-Wall -Wextra -Werror -pedantic -Ilib -I$here/../../runtime"
prints '' $cc -std=c99 $pedantic two.c lib/libmnist.a lib/libother.a -pthread -o two
prints '3 0\n' ./two
prints '' $cc -x c++ -std=c++11 $pedantic -fsyntax-only two.c

prints '' $kmodel build -q "$model" --emit obj -o lib/mnist.o
prints '' $cc -Ilib "$examples/embed/main.c" lib/mnist.o "$(dirname "$kmodel")/libkmruntime.a" -pthread -o embed-object
prints '7, probability 1.000\n' ./embed-object
prints '' $kmodel build -q "$model" --emit lib -o '2-nets in.one'
grep -q 'int m2_nets_in_predict(' '2-nets in.one.h' || fail "symbols: $(ls)"
prints '' $kmodel build -q "$model" --emit asm -o mnist.s
prints '' $kmodel build -q "$model" --emit llvm -o mnist.ll
grep -q 'define' mnist.ll && [ -s mnist.s ] || fail '--emit asm, llvm'
for stage in ast model ops plan; do
    run $kmodel build "$model" --emit $stage
    [ "$code" = 0 ] && [ -s out ] || fail "--emit $stage: $(cat err)"
done

# --- what can go wrong
fails 'KM0501' env CC=no-such-compiler $kmodel build -q "$model" -o x
fails 'no-such-option' env CC='cc --no-such-option' $kmodel build -q "$model" -o x
fails "'false' could not link" env CC=false $kmodel build -q "$model" -o x
fails "'$model' cannot be run" env CC="$model" $kmodel build -q "$model" -o x
fails "'cc' is not there" env -u CC PATH=/no $kmodel build -q "$model" -o x
for emit in exe shared asm; do
    fails "the folder '/no/such' does not exist" $kmodel build -q "$model" --emit $emit -o /no/such/x
    fails 'is not a folder' $kmodel build -q "$model" --emit $emit -o "$model/x"
    fails "cannot write in the folder '/proc'" $kmodel build -q "$model" --emit $emit -o /proc/x
done
fails 'KM0500' $kmodel build -q "$model" -o /no/such/x
fails "the folder '/no/such' does not exist" $kmodel build -q "$model" --weights-file /no/such/w -o x
fails 'name the same file' $kmodel build -q "$model" --weights-file ./x -o x
for emit in exe lib shared obj 'exe --weights-file w'; do # as on a full disk
    fails 'File too large' bash -c "ulimit -f 900; exec $kmodel build -q '$model' --emit $emit -o x"
done
fails 'no regular file' $kmodel build -q "$model" -o "$folder/lib"
fails 'no regular file' $kmodel build -q "$model" -o /dev/null
[ -c /dev/null ] || fail '/dev/null was replaced'
cp "$model" copy.kmodel
fails 'this is the model itself' $kmodel build -q copy.kmodel -o copy.kmodel
cmp -s copy.kmodel "$model" || fail 'the model was overwritten'
fails 'KM0506' $kmodel build -q "$model" --emit lib --weights-file w -o x
fails 'KM0550' $kmodel build -q "$model" --cpu pentium -o x
fails 'KM0507' $kmodel verify -q "$model" --input "$model"
cp "$kmodel" lonely
fails 'KM0503' ./lonely build -q "$model" -o x
cat >slow-cc <<EOF
#!/bin/sh
echo >started
sleep 60
EOF
chmod +x slow-cc
for signal in INT TERM HUP; do
    rm -f started
    set -m # a background job that takes SIGINT, in a process group of its own
    CC=./slow-cc env --default-signal=INT,TERM,HUP $kmodel build -q "$model" -o x >out 2>&1 &
    until [ -e started ]; do sleep 0.05; done
    kill -$signal -- -$!
    wait $! 2>/dev/null && fail "SIG$signal did not end a build"
    set +m
    [ ! -s out ] || fail "SIG$signal: $(cat out)"
done
[ ! -e x ] && [ ! -e libx.a ] && [ ! -e libx.so ] && [ ! -e x.o ] && [ ! -e w ] || fail 'a failed build left an output'
[ -z "$(find . -name '.kmodel-*')" ] || fail 'a private folder was left behind'
for misuse in '--emit boat' '--threads 5000' '--init seed=x' '--init 7' '-O 4' '--math quick' '--emit lib -o -'; do
    run $kmodel build "$model" $misuse
    [ "$code" = 2 ] || fail "$misuse: exit $code"
done
finish 'what kmodel builds'
