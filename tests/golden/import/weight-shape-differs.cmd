cd "$WORK"; cat > m.kmodel <<'E'
model = Sequential([Input((6, 6, 1)), Conv2D(2, 3), BatchNormalization(), Flatten(), Dense(4)])
E
cp "$OLDPWD"/../../formats/keras3* .; kmodel check --emit ops --weights keras3.weights.h5 m.kmodel; kmodel check --emit ops --weights keras3.h5 m.kmodel
