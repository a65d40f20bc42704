kmodel summary ../../formats/keras2.h5
