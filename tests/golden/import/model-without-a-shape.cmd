cp ../../formats/keras3.h5 "$WORK"; cd "$WORK"; echo 'model = Sequential([Dense(2)])' > m.kmodel; kmodel check --emit ops --weights keras3.h5 m.kmodel
