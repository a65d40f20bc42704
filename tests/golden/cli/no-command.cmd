kmodel
