"""Fixtures for tests/conformance.c out of real Keras: for every case of cases.py a folder with the model, seeded weights and
input, and what Keras computes. README.md describes the files.

    conformance.py FOLDER [--only WORD]
"""
import argparse
import pathlib
import re
import shutil
import warnings

import numpy as np

from cases import CASES, EDGES, MODELS, REJECTED, UNSUPPORTED, ACTIVATIONS
from run_kmodel import keras, run

warnings.simplefilter('ignore')
BATCH = 5


def source(shape, layer, dtype='float32'):
    extra = '' if dtype == 'float32' else f', dtype={dtype!r}'
    return f'model = Sequential([\n    layers.Input({shape}{extra}),\n    layers.{layer},\n])\n'


def seed_weights(model, rng):
    """Variances are positive, counts stay; all else is small, so that no activation only saturates."""
    for w in model.weights:
        if w.dtype != 'float32':
            continue
        low = 0.2 if w.name in ('moving_variance', 'variance') else -1
        w.assign(rng.uniform(low, 1, w.shape).astype('float32'))
    for layer in model.layers:
        if hasattr(layer, 'finalize_state'):
            layer.finalize_state()


def make_input(model, rng):
    shape = (BATCH, *model.input_shape[1:])
    if model.inputs[0].dtype == 'float32':
        return rng.uniform(-3, 3, shape).astype('float32')
    return rng.integers(0, 200, shape).astype(model.inputs[0].dtype)


def write(folder, text, values=None):
    folder.mkdir(parents=True)
    path = folder / 'model.kmodel'
    path.write_text(text)
    model = run(str(path))[1]
    rng = np.random.default_rng(1)
    seed_weights(model, rng)
    x = make_input(model, rng) if values is None else values
    y = model.predict(x, verbose=0)
    alone = model.predict(x[:1], verbose=0)
    assert np.allclose(alone, y[:1], rtol=1e-4, atol=1e-5, equal_nan=True), 'the batch matters'
    np.save(folder / 'input.npy', x.astype('float32'))
    np.save(folder / 'expected.npy', y.astype('float32'))
    if model.weights:
        model.save_weights(folder / 'model.weights.h5')
    (folder / 'meta').write_text(f'output_shape {model.output_shape}\nparams {model.count_params()}\n')


def slug(text):
    return re.sub(r'[^A-Za-z0-9.]+', '-', text).strip('-').lower()[:70]


def all_cases():
    for layer, cases in CASES.items():
        for i, (shape, arguments, *dtype) in enumerate(cases):
            yield slug(f'{layer}-{i:02}-{arguments}'), source(shape, f'{layer}({arguments})', *dtype), None
    edges = np.tile(np.array(EDGES, 'float32'), (BATCH, 1))
    for name in ACTIVATIONS:
        yield f'edges-{name}', source((len(EDGES),), f'Activation({name!r})'), edges
    for name, body in MODELS.items():
        yield f'model-{name}', f'model = Sequential([\n    {body}\n])\n', None


def keras_rejects(path):
    try:
        model = run(str(path))[1]
        model.predict(make_input(model, np.random.default_rng(1)), verbose=0)
    except Exception:
        return True
    return False


def write_rejections(folder, cases, by_keras):
    folder.mkdir(parents=True)
    for i, (shape, layer, word) in enumerate(cases):
        path = folder / f'{slug(f"{i:02}-{layer}")}.kmodel'
        path.write_text(f'# names: {word}\n' + source(shape, layer))
        if keras_rejects(path) != by_keras:
            print(f'{path.name}: Keras {"takes" if by_keras else "rejects"} it')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('--only', default='', help='cases whose name holds this')
    options = parser.parse_args()
    for name, text, values in all_cases():
        if options.only in name:
            shutil.rmtree(options.folder / name, ignore_errors=True)
            write(options.folder / name, text, values)
    if not options.only:
        for name, cases, by_keras in (('rejected', REJECTED, True), ('unsupported', UNSUPPORTED, False)):
            shutil.rmtree(options.folder / name, ignore_errors=True)
            write_rejections(options.folder / name, cases, by_keras)


if __name__ == '__main__':
    main()
