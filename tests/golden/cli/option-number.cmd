kmodel summary --line-length wide x.kmodel
