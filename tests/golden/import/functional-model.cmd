mkdir -p "$WORK/m"; cd "$WORK"; echo '{"keras_version": "3.15.1"}' > m/metadata.json; echo '{"class_name": "Functional", "config": {"name": "resnet50"}}' > m/config.json; kmodel import m
