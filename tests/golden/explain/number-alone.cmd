kmodel explain 9
