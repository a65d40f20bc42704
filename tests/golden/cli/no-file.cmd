kmodel check
