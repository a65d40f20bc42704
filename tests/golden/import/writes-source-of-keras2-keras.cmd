kmodel import ../../formats/keras2.keras -o "$WORK/tiny.kmodel" && cd "$WORK" && cat tiny.kmodel && ls tiny.weights.h5
