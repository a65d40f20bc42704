kmodel --version
