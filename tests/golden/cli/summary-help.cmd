kmodel summary -h
