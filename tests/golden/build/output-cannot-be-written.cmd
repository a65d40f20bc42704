cd "$WORK"; printf 'model = Sequential([Input((2,)), Dense(3)])\n' > net.kmodel; kmodel build net.kmodel --init seed=1 -o no/such/folder/net
