kmodel check x.kmodel --color
