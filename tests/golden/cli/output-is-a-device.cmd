cd "$WORK"; formats=$OLDPWD/../../formats; mkfifo pipe; kmodel import "$formats/keras3.keras" -o pipe; test -p pipe && echo "still a pipe"; rm pipe*
