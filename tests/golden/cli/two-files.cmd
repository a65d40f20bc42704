kmodel check a b
