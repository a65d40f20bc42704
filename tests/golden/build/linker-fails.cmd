cd "$WORK"; printf 'model = Sequential([Input((2,)), Dense(3)])\n' > net.kmodel; CC=false kmodel build net.kmodel --init seed=1
