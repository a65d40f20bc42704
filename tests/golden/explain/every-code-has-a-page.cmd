# Prints the codes that have none.
for code in $(kmodel explain | awk '{ print $1 }'); do
    kmodel explain "$code" >/dev/null || echo "$code has no page"
done
