kmodel summary --show-trainable=yes x.kmodel
