head -c 9000 ../../formats/keras3.keras > "$WORK/cut.keras"; cd "$WORK"; kmodel summary cut.keras
