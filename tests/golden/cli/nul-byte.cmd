printf 'x = 1\ny = "a\0b"\n' | kmodel check -
