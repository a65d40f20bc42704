kmodel check --help
