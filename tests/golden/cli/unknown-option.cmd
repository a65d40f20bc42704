kmodel check --colour always x.kmodel
