kmodel --help > /dev/full
