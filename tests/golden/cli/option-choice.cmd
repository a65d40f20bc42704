kmodel summary --style keras4 x.kmodel
