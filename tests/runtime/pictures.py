"""PNG of every kind through a binary that returns its input, held against keras.utils.load_img, to the last bit:

    pictures.py KMODEL

The pictures are wide, as Pillow 13 resizes tall ones in another order than those before (docs/binaries.md).
"""
import os
import struct
import subprocess
import sys
import tempfile
import zlib

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''

import keras
import numpy as np

KINDS = {1: 0, 2: 4, 3: 2, 4: 6}  # PNG's number for so many channels
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
kmodel = os.path.abspath(sys.argv[1])


def rows(pixels):
    return b''.join(b'\0' + row.tobytes() for row in pixels) if pixels.size else b''


def write_png(path, pixels, interlaced):
    """Pillow reads interlaced pictures, but writes none."""
    height, width, channels = pixels.shape
    data = b''.join(rows(pixels[y::dy, x::dx]) for x, y, dx, dy in ADAM7) if interlaced else rows(pixels)
    bits = 8 * pixels.itemsize
    header = struct.pack('>IIBBBBB', width, height, bits, KINDS[channels], 0, 0, interlaced)
    with open(path, 'wb') as f:
        f.write(b'\x89PNG\r\n\x1a\n')
        for tag, content in ((b'IHDR', header), (b'IDAT', zlib.compress(data)), (b'IEND', b'')):
            f.write(struct.pack('>I', len(content)) + tag + content + struct.pack('>I', zlib.crc32(tag + content)))


def sources(shape):
    """Arrays of pixels, of the model's size and of others."""
    random = np.random.default_rng(1)
    for channels in KINDS:
        for size in (shape[:2], (15, 33), (40, 90)):
            yield random.integers(0, 256, (*size, channels)).astype('u1')
        if channels > 1:  # of 16-bit grey Keras keeps all the bits
            yield random.integers(0, 65536, (*shape[:2], channels)).astype('>u2')


def check(folder, shape, mode):
    """The number of pictures that differ."""
    with open(f'{folder}/identity.kmodel', 'w', encoding='utf-8') as f:
        f.write(f"model = Sequential([Input({shape}), Activation('linear')])\n")
    subprocess.run([kmodel, 'build', '-q', 'identity.kmodel', '-o', 'identity'], cwd=folder, check=True)
    wrong = 0
    for pixels in sources(shape):
        for interlaced in (0, 1):
            path = f'{folder}/picture.png'
            write_png(path, pixels, interlaced)
            subprocess.run(['./identity', 'picture.png', '--output', 'out.npy'], cwd=folder, check=True)
            found = np.load(f'{folder}/out.npy')[0]
            expected = keras.utils.img_to_array(keras.utils.load_img(
                path, color_mode=mode, target_size=shape[:2], interpolation='bilinear'))
            if not np.array_equal(found, expected):
                wrong += 1
                print(f'{pixels.shape} {pixels.dtype}, interlaced {interlaced}, as {mode}: off by '
                      f'{np.abs(found - expected).max()}', file=sys.stderr)
    return wrong


with tempfile.TemporaryDirectory() as scratch:
    failures = sum(check(scratch, *case) for case in (
        ((20, 24, 1), 'grayscale'), ((20, 24, 3), 'rgb'), ((20, 24, 4), 'rgba')))
print(f'{failures} pictures differ' if failures else 'pictures: as Keras loads them')
sys.exit(failures > 0)
