printf 'x = \033[31m + $ \n' | kmodel check -
