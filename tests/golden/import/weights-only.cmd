kmodel import ../../formats/keras3.weights.h5
