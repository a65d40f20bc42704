kmodel chek x.kmodel
