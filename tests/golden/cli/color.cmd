printf 'x = (1 2)\n' | kmodel check --color=always -
