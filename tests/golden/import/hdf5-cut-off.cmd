head -c 9000 ../../formats/keras3.h5 > "$WORK/cut.h5"; cd "$WORK"; kmodel summary cut.h5
