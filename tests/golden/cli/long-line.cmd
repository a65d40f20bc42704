awk 'BEGIN { printf "x = ["; for (i = 0; i < 100; i++) printf "%d, ", i; print "= ]" }' | kmodel check -
