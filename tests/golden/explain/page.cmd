kmodel explain KM0002
