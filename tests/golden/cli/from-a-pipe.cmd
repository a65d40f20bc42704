printf 'x = (1\n' | kmodel check -
