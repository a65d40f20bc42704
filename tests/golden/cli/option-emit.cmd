kmodel build --emit boat x.kmodel
