cd "$WORK"; printf 'model = Sequential([Input((2,)), Dense(3)])\n' > net.kmodel; echo 0,1,2 > x.csv; kmodel verify net.kmodel --init seed=1 --input x.csv
