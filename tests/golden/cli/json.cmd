printf 'x = (1\ny = f(a=1, 2)\n' | kmodel check --message-format json -
