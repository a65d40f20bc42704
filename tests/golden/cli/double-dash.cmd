cd "$WORK"; echo "x = (1" > --color; kmodel check -- --color
