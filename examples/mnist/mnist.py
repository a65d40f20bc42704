"""Reads the files of the MNIST set (IDX format: a big-endian header, then one byte a pixel or label)."""
import numpy as np


def images(path):
    with open(path, 'rb') as f:
        _, count, height, width = np.frombuffer(f.read(16), '>i4')
        return np.frombuffer(f.read(), np.uint8).reshape(count, height, width, 1)


def labels(path):
    with open(path, 'rb') as f:
        f.read(8)
        return np.frombuffer(f.read(), np.uint8)
