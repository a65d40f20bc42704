kmodel explain KM9999
