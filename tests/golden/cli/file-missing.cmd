kmodel check nowhere.kmodel
