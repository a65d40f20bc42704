printf 'x = 1\r\ny = = 2\r\n' | kmodel check -
