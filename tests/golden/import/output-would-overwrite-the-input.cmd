cp ../../formats/keras3.h5 "$WORK/m.weights.h5"; cd "$WORK"; kmodel import m.weights.h5 -o m.kmodel
