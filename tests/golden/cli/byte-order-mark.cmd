printf '\357\273\277x = (1 2)\n' | kmodel check -
