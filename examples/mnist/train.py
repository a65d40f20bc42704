"""Trains the digit classifier of this folder with real Keras and saves it in Keras's formats.

    examples/mnist/fetch.sh build/mnist
    .setup/venv/bin/python examples/mnist/train.py build/mnist

writes mnist.keras, mnist.h5 and digits/ (20 test images as PNG) beside this file.
"""
import os
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import keras
import numpy as np
from keras import layers

import mnist

here = os.path.dirname(os.path.abspath(__file__))
data = sys.argv[1]
keras.utils.set_random_seed(7)

x = mnist.images(f'{data}/train-images-idx3-ubyte')
y = mnist.labels(f'{data}/train-labels-idx1-ubyte')
test_x = mnist.images(f'{data}/t10k-images-idx3-ubyte')
test_y = mnist.labels(f'{data}/t10k-labels-idx1-ubyte')

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Rescaling(1 / 255),
    layers.Conv2D(32, (3, 3), use_bias=False),
    layers.BatchNormalization(),
    layers.Activation('relu'),
    layers.MaxPooling2D((2, 2)),
    layers.Conv2D(64, (3, 3), activation='relu'),
    layers.MaxPooling2D((2, 2)),
    layers.Flatten(),
    layers.Dropout(0.4),
    layers.Dense(128, activation='relu'),
    layers.Dropout(0.4),
    layers.Dense(10, activation='softmax'),
], name='mnist')
model.summary()
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 1e-3 * 0.7 ** epoch)
model.fit(x, y, batch_size=128, epochs=8, validation_data=(test_x, test_y), callbacks=[schedule], verbose=2)

# An uncompiled copy: the files then hold what a forward pass needs and no optimizer state.
trained = keras.models.clone_model(model)
trained.set_weights(model.get_weights())
trained.save(f'{here}/mnist.keras')
trained.save(f'{here}/mnist.h5')
os.makedirs(f'{here}/digits', exist_ok=True)
for digit in range(10):
    for copy, index in enumerate(np.flatnonzero(test_y == digit)[:2]):
        keras.utils.save_img(f'{here}/digits/{digit}{"ab"[copy]}.png', test_x[index], scale=False)
