"""Makes what the peers run: a .kmodel under real Keras with seeded weights, in every peer's format.

    prepare.py FILE.kmodel FOLDER

writes FOLDER/{weights.weights.h5, input.npy, keras.npy, saved/, model.onnx, model.tflite}.
"""
import os
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''

import numpy as np
import keras
import tensorflow as tf

import to_onnx

source, folder = sys.argv[1], sys.argv[2]
os.makedirs(folder, exist_ok=True)
keras.utils.set_random_seed(1)

# As `kmodel` does: what keras, keras.layers and keras.models export needs no import.
names = {}
for module in (keras.models, keras.layers, keras):
    names.update({n: getattr(module, n) for n in dir(module) if not n.startswith('_')})
names['__file__'] = source
here = os.getcwd()
os.chdir(os.path.dirname(os.path.abspath(source)))
exec(compile(open(os.path.basename(source)).read(), source, 'exec'), names)
os.chdir(here)
model = names['model']

shape = (1, *model.input_shape[1:])
x = np.random.default_rng(1).uniform(0, 1, shape).astype('float32')
np.save(f'{folder}/input.npy', x)
np.save(f'{folder}/keras.npy', model.predict(x, verbose=0))
model.save_weights(f'{folder}/weights.weights.h5')
fixed = [tf.TensorSpec(shape, tf.float32, name='x')]
model.export(f'{folder}/saved', input_signature=fixed, verbose=False)

open(f'{folder}/model.tflite', 'wb').write(
    tf.lite.TFLiteConverter.from_saved_model(f'{folder}/saved').convert())

to_onnx.write(model, f'{folder}/model.onnx')
