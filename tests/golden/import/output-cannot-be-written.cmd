kmodel import ../../formats/keras3.keras -o /no/such/folder/m.kmodel
