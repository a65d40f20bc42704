cd "$WORK"; echo 'model = Sequential([])' > a.kmodel; kmodel import a.kmodel
