cd "$WORK"; : > empty.h5; kmodel import empty.h5
