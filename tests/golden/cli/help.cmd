kmodel --help
