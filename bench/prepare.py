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

sys.path.append(os.path.join(os.path.dirname(__file__), '../tests/keras'))
from run_kmodel import run

source, folder = sys.argv[1], sys.argv[2]
os.makedirs(folder, exist_ok=True)
keras.utils.set_random_seed(1)

_, model = run(source)

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
