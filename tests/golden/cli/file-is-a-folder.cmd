mkdir -p "$WORK/folder.kmodel"; cd "$WORK"; kmodel check folder.kmodel
