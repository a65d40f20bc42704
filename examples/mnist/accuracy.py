"""Runs all 10,000 test images through the compiled binary and through real Keras: `make accuracy`.

    accuracy.py BINARY DATA_DIR

Fails unless every predicted digit is Keras's and no probability differs by more than 1e-5.
"""
import os
import subprocess
import sys
import tempfile
import time

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''

import keras
import numpy as np

import mnist

binary, data = sys.argv[1], sys.argv[2]
here = os.path.dirname(os.path.abspath(__file__))
images = mnist.images(f'{data}/t10k-images-idx3-ubyte')
labels = mnist.labels(f'{data}/t10k-labels-idx1-ubyte')

with tempfile.TemporaryDirectory() as folder:
    np.save(f'{folder}/images.npy', images)
    start = time.perf_counter()
    subprocess.run([binary, '--input', f'{folder}/images.npy', '--output', f'{folder}/probs.npy'], check=True)
    seconds = time.perf_counter() - start
    ours = np.load(f'{folder}/probs.npy')

model = keras.models.load_model(f'{here}/mnist.keras', compile=False)
theirs = model.predict(images.astype('float32'), batch_size=500, verbose=0)
same = int((ours.argmax(1) == theirs.argmax(1)).sum())
right = int((ours.argmax(1) == labels).sum())
error = float(np.abs(ours - theirs).max())
print(f'{len(images)} images in {seconds:.2f} s: {same} predicted as by Keras {keras.__version__}, {right} rightly; '
      f'largest difference of a probability {error:.1e}')
sys.exit(same != len(images) or not error <= 1e-5)
