kmodel import ../../formats/keras3.h5 -o "$WORK/tiny.kmodel" && cd "$WORK" && cat tiny.kmodel && ls tiny.weights.h5
