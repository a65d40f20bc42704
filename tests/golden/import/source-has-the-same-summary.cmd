kmodel summary ../../formats/keras3.keras > "$WORK/a"; kmodel import ../../formats/keras3.keras -o "$WORK/tiny.kmodel"; kmodel summary "$WORK/tiny.kmodel" | cmp - "$WORK/a" && echo same
