awk 'BEGIN { for (i = 0; i < 100000; i++) printf "long_"; print "" }' | kmodel check - 2>&1 | awk '{ print substr($0, 1, 60) (length($0) > 4100 ? " LONG" : "") }'
