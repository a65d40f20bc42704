#!/usr/bin/env bash
# The runtime around a model written by hand (hand.c): every input, every output, every way to go wrong, under
# AddressSanitizer and UBSan; then the threads under ThreadSanitizer.
#
#     hand.sh PYTHON          a Python with NumPy, which writes the inputs
set -u
here=$(cd "$(dirname "$0")" && pwd)
runtime=$here/../../runtime
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$here/expect.sh"

build() {
    ${CC:-cc} -D_GNU_SOURCE -std=c17 -g -O1 "$@" "$here/hand.c" "$runtime"/*.c -pthread
}
build -fsanitize=address,undefined -fno-sanitize-recover=all -o "$folder/hand" || exit 1
build -fsanitize=thread -o "$folder/tsan" || exit 1
"$1" "$here/make_inputs.py" "$folder" || exit 1
cd "$folder" || exit 1
hand=./hand

# --- inputs: sum, greatest, least of 0..15, 16..31, 32..47
three='120,15,0\n376,31,16\n632,47,32\n'
for file in f4 f2 f8 u1 i2 i4 i8 u8 big-f4 big-f8 big-i4 fortran fortran-u1 no-channel version2 version3; do
    prints "$three" $hand $file.npy
done
prints '120,15,0\n' $hand no-batch.npy
prints '120,15,0\n' $hand neither.npy
prints '' $hand none.npy
for file in raw.f32 rows.csv headed.csv; do
    prints "$three" $hand --input $file
done
prints "$three" $hand --input - <f4.npy
prints "$three" $hand --input-format csv - <rows.csv
prints "$three" $hand --input-format raw - <raw.f32
prints "$three$three" $hand f4.npy rows.csv
prints '240,30,0\n752,62,32\n1264,94,64\n' $hand --scale 2 f4.npy
prints '136,16,1\n392,32,17\n648,48,33\n' $hand --offset=1 f4.npy
prints '60,7.5,0\n188,15.5,8\n316,23.5,16\n' $hand --scale 1/2 f4.npy
for threads in 2 3 8; do
    prints "$three" $hand --threads $threads f4.npy
done

# --- pictures: sorted by name, of any kind and size
prints 'pictures/a.png\t0\t1600\npictures/b.png\t0\t120\npictures/c.PNG\t0\t3200\n' $hand pictures
prints 'pictures/b.png\tsum\t120\tgreatest\t15\n' $hand --top 2 --labels labels.txt pictures/b.png
prints 'f4.npy[0]\t0\t120\nf4.npy[1]\t0\t376\nf4.npy[2]\t0\t632\n' $hand --top 1 f4.npy
prints 'pictures/b.png\t0\t120\t1\t15\t2\t0\n' $hand --top 9 pictures/b.png

# --- outputs
for format in npy csv raw; do
    prints '' $hand f4.npy --output "result.$format"
    run $hand f4.npy --output - --output-format $format
    cmp -s out "result.$format" || fail "--output - --output-format $format differs from the file"
done
prints '12,4,2\n' "$1" -c 'import numpy as np
a = np.load("result.npy"); b = np.fromfile("result.raw", "f4"); c = np.loadtxt("result.csv", delimiter=",")
assert a.dtype == "float32" and a.shape == (3, 3) and (a.ravel() == b).all() and (a == c).all()
print("12,4,2")'
prints '' $hand none.npy --output none-out.npy
prints '(0, 3)\n' "$1" -c 'import numpy as np; print(np.load("none-out.npy").shape)'
says 1 '/dev/full: cannot write: No space left on device' $hand f4.npy --output /dev/full
says 1 '/none/x.npy: cannot write: No such file' $hand f4.npy --output /none/x.npy
says 1 'pictures: cannot write: Is a directory' $hand f4.npy --output pictures
$hand f4.npy >/dev/full 2>err && fail 'a full standard output went unnoticed'
grep -q 'standard output: cannot write: No space left' err || fail "full standard output: $(cat err)"
echo old >kept.npy
says 1 'expected shape' $hand f4.npy large.npy --output kept.npy
[ "$(cat kept.npy)" = old ] || fail 'a failed run touched the output that was there'
[ -z "$(find . -name '*.npy.*')" ] || fail 'temporary files were left behind'

# --- bad inputs
says 1 'flat.npy: expected shape (None, 4, 4, 1), found (3, 16)' $hand flat.npy
says 1 'found (2, 5, 5, 1)' $hand large.npy
says 1 "found '<c8'" $hand complex.npy
says 1 "found '<U1'" $hand text.npy
says 1 "found '|O'" $hand objects.npy
says 1 "found '<?f'" $hand newline.npy
says 1 'found one of records' $hand records.npy
says 1 'truncated: expected 192 bytes of elements, found 187' $hand cut.npy
says 1 'truncated in the .npy header' $hand cut-header.npy
says 1 'truncated' $hand huge.npy
says 1 'expected .npy version 1, 2 or 3, found 9' $hand version9.npy
says 1 'expected a multiple of 64 bytes (float32 of shape (None, 4, 4, 1)), found 191 bytes' $hand cut.f32
says 1 'expected lines of 16 numbers, found none' $hand empty.csv
says 1 'short.csv:1: expected 16 numbers, found 3' $hand short.csv
says 1 "word.csv:2: expected a number, found 'three'" $hand word.csv
says 1 'cannot tell what this is' $hand garbage.dat
says 1 'the picture is damaged' $hand cut.png
says 1 'expected a PNG or JPEG picture' $hand fake.png
says 1 'expected a PNG or JPEG picture' $hand bomb.png
says 1 'found none' $hand no-pictures
says 1 'cannot open: No such file' $hand nothing.npy
says 1 'two-labels.txt: expected 3 labels, one on a line, found 2' $hand --top 1 --labels two-labels.txt f4.npy
says 1 'nothing.txt: cannot open' $hand --top 1 --labels nothing.txt f4.npy

# --- the command line
says 2 'unknown option --bogus' $hand --bogus
says 2 'nothing to run on' $hand
says 2 '--threads: expected N after it' $hand --threads
says 2 "--threads: expected a count, found '-3'" $hand --threads -3 f4.npy
says 2 '--threads: expected at most 1024' $hand --threads 5000 f4.npy
says 2 "--scale: expected a number, found '1/0'" $hand --scale 1/0 f4.npy
says 2 '--help takes no value' $hand --help=yes
says 2 '--batch: expected at least 1' $hand --bench --batch 0
says 2 "found 'jpeg'" $hand --input-format jpeg f4.npy
says 2 '--top prints to standard output' $hand --top 1 --output x.npy f4.npy
prints 'Model: "hand"\n' $hand --summary
prints "hand: model 'hand', input (None, 4, 4, 1), output (None, 3)\ncompiled by kmodel for any CPU\n" $hand --version
run $hand --help
[ "$(grep -c '^  --' out)" = 17 ] || fail '--help does not list every option'
run $hand --bench --runs 3 --batch 2 --profile
grep -q '^median  *[0-9.]* us$' out || fail "--bench printed: $(cat out)"
grep -q '^copy  *move  *[0-9.]*  *[0-9.]*%' out || fail "--profile printed: $(cat out)"
run $hand --time f4.npy
grep -q '^3 samples in [0-9.]* ms, [0-9.]* us each$' err || fail "--time said: $(cat err)"
run $hand --time no-batch.npy
grep -q '^1 sample in ' err || fail "--time said: $(cat err)"

# --- threads: no data race, however many there are and however many samples
for threads in 1 2 3 7; do
    prints "$three" ./tsan --threads $threads f4.npy
    prints "120,15,0\n" ./tsan --threads $threads no-batch.npy
    run ./tsan --bench --runs 300 --batch 40 --threads $threads
    [ "$code" = 0 ] || fail "ThreadSanitizer, $threads threads: $(head -20 err)"
    run ./tsan --bench --runs 300 --threads $threads
    [ "$code" = 0 ] || fail "ThreadSanitizer, $threads threads, one sample: $(head -20 err)"
done
finish 'the runtime by itself'
