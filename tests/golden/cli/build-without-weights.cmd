printf 'model = Sequential([Input((2,)), Dense(1)])\n' > "$WORK/net.kmodel"; cd "$WORK"; kmodel build net.kmodel
