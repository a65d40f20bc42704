mkdir -p "$WORK/m"; cd "$WORK"; echo '{"keras_version": "3.15.1"}' > m/metadata.json; echo '{"class_name": "Sequential", oops}' > m/config.json; kmodel import m
