cd "$WORK"; printf 'model = Sequential([Input((2,)), Dense(3)])\n' > net.kmodel; echo 0,0 > x.csv; echo 0,1,0 > y.csv; kmodel verify net.kmodel --init seed=1 --input x.csv --expected y.csv
