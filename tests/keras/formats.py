"""Saved models: real Keras 3 and Keras 2 (tf_keras) write them, kmodel reads them, and both must mean the same.

    formats.py KMODEL              writes models into a temporary folder and compares
    formats.py KMODEL --fixtures   writes the small files of tests/formats/ again

For each file: `kmodel summary FILE` is what Keras 3 prints for the loaded model; `kmodel import` writes source that
runs under real Keras 3, loads its weights there, prints the same summary and predicts what the saved model predicted;
and so does `kmodel run FILE`.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

from run_kmodel import run, summary

import keras
import numpy as np
import tf_keras

warnings.simplefilter('ignore')
FIXTURES = pathlib.Path(__file__).parent.parent / 'formats'


def input_layer(k, shape, **options):
    return k.layers.Input(shape, **options) if k is keras else k.layers.InputLayer(input_shape=shape, **options)


def convolutions(k):
    L = k.layers
    return k.Sequential([
        input_layer(k, (17, 15, 3)),
        L.Rescaling(1 / 127.5, offset=-1),
        L.Conv2D(8, 3, strides=2, padding='same', activation='relu', kernel_initializer='he_normal'),
        L.BatchNormalization(epsilon=1e-5),
        L.DepthwiseConv2D(3, depth_multiplier=2, padding='same', use_bias=False),
        L.BatchNormalization(center=False),
        L.SeparableConv2D(6, (3, 2), activation='tanh', dilation_rate=2, padding='same'),
        L.Conv2D(8, (1, 3), groups=2, kernel_regularizer=k.regularizers.l2(1e-4)),
        L.Conv2D(8, 1, kernel_regularizer=k.regularizers.l2(1e-4), kernel_constraint=k.constraints.MaxNorm(2.5)),
        L.GlobalAveragePooling2D(),
        L.Dropout(0.3),
        L.Dense(5, activation='softmax', name='classes'),
    ], name='convolutions')


def shapes(k):
    L = k.layers
    return k.Sequential([
        input_layer(k, (12, 10, 2)),
        L.ZeroPadding2D(((1, 2), (3, 4))),
        L.Cropping2D((1, 2)),
        L.UpSampling2D((2, 3), interpolation='bilinear'),
        L.MaxPooling2D(3, strides=2),
        L.AveragePooling2D((2, 3), padding='same'),
        L.Reshape((-1, 4)),
        L.Dense(3),
        L.Flatten(),
        L.Reshape((7, 3, -1)),
        L.GlobalMaxPooling2D(keepdims=True),
        L.Flatten(),
        L.Dense(2, use_bias=False),
    ])


def activations(k):
    L = k.layers
    layers = [input_layer(k, (6, 6, 4)), L.PReLU(), L.PReLU(shared_axes=[1, 2]), L.ELU(0.7), L.LeakyReLU(0.2),
              L.ReLU(6.0, 0.1, 0.5), L.Softmax(), L.Conv2D(3, 1, activation='swish')]
    layers += [L.Activation(name) for name in ('gelu', 'selu', 'softsign', 'softplus', 'exponential', 'elu', 'relu6')]
    return k.Sequential(layers + [L.Flatten(), L.Dense(3, activation='linear')])


def noise(k):
    L = k.layers
    return k.Sequential([
        input_layer(k, (8, 8, 3)), L.GaussianNoise(0.1), L.Conv2D(2, 3), L.SpatialDropout2D(0.2), L.AlphaDropout(0.1),
        L.GaussianDropout(0.3), L.ActivityRegularization(l2=0.1), L.Dropout(0.5, seed=3), L.Flatten(),
        L.Dense(2, trainable=False, activity_regularizer='l2')])


def lazily_built(k):
    """Gets its shape from the first call: legacy weight names then begin with the model's name."""
    model = k.Sequential([k.layers.Conv2D(2, 3), k.layers.Flatten(), k.layers.Dense(3)], name='lazy')
    model(np.zeros((2, 7, 7, 1), 'float32'))
    return model


def first_layer_shape(k):
    return k.Sequential([k.layers.Dense(6, activation='tanh', input_shape=(4,)), k.layers.Dense(2, name='out')])


def frozen(k):
    model = convolutions(k)
    model.trainable = False
    return model


def adapted(k):
    layer = k.layers.Normalization(axis=-1)
    layer.adapt(np.random.default_rng(1).normal(3, 2, (50, 5)).astype('float32'))
    return k.Sequential([input_layer(k, (5,)), layer, k.layers.Dense(2)])


def normalized(k):
    return k.Sequential([input_layer(k, (4, 4, 3)),
                         k.layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0]),
                         k.layers.Normalization(axis=None, mean=0.5, variance=4.0), k.layers.Flatten()])


def many_layers(k):
    """Groups of HDF5 with several B-tree nodes, and dense_10 before dense_2."""
    return k.Sequential([input_layer(k, (3,))] + [k.layers.Dense(3, activation='tanh') for _ in range(45)])


def initialized(k):
    i = k.initializers
    makers = [i.Constant(0.2), i.RandomUniform(-0.1, 0.1), i.TruncatedNormal(stddev=0.2), i.Orthogonal(gain=0.5),
              i.VarianceScaling(2.0, 'fan_out', 'uniform'), i.Identity(), i.HeUniform(seed=4), 'lecun_normal']
    return k.Sequential([input_layer(k, (5,))] + [k.layers.Dense(5, kernel_initializer=m) for m in makers])


def fixed_batch(k):
    if k is keras:
        return k.Sequential([k.layers.Input((3,), batch_size=4, name='measurements'), k.layers.Dense(2)])
    return k.Sequential([k.layers.InputLayer(input_shape=(3,), batch_size=4, name='measurements'), k.layers.Dense(2)])


def compiled(k, optimizer='adam', fit=True):
    """The summary of a compiled model counts its optimizer's variables, trained or not."""
    model = first_layer_shape(k)
    model.compile(optimizer, 'categorical_crossentropy')
    if fit:
        model.fit(np.ones((8, 4)), np.ones((8, 2)), verbose=0)
    return model


def compiled_sgd(k):
    return compiled(k, 'sgd')


def compiled_momentum(k):
    return compiled(k, k.optimizers.SGD(momentum=0.9, nesterov=True), fit=False)


def compiled_rmsprop(k):
    return compiled(k, k.optimizers.RMSprop(momentum=0.9, centered=True))


def compiled_schedule(k):
    return compiled(k, k.optimizers.Adam(k.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9), amsgrad=True), fit=False)


def compiled_nadam(k):
    return compiled(k, k.optimizers.Nadam(use_ema=True))


def compiled_frozen(k):
    model = first_layer_shape(k)
    model.layers[0].trainable = False
    model.compile('adamw', 'categorical_crossentropy')
    return model


MODELS = [convolutions, shapes, activations, noise, lazily_built, first_layer_shape, frozen, adapted, normalized, many_layers,
          initialized, fixed_batch, compiled, compiled_sgd, compiled_momentum, compiled_rmsprop, compiled_schedule,
          compiled_nadam, compiled_frozen]


def randomize(model):
    """Weights that tell every layer and element apart; variances stay positive."""
    rng = np.random.default_rng(7)
    model.set_weights([rng.uniform(0.2, 1.0, w.shape).astype(w.dtype) * (0.3 if w.ndim > 1 else 1)
                       if w.dtype.kind == 'f' else w for w in model.get_weights()])


def save(k, make, folder):
    """The model in every format that holds an architecture: [(path, model)]."""
    keras.backend.clear_session()
    tf_keras.backend.clear_session()
    model = make(k)
    if make is not adapted:
        randomize(model)
    stem = folder / f'{make.__name__}-{k.__name__}'
    paths = [f'{stem}.keras', f'{stem}.h5']
    for path in paths:
        model.save(path)
    return paths, model


def inputs_of(model):
    shape = tuple(model.input_shape)
    return np.random.default_rng(3).uniform(-1, 1, (shape[0] or 4,) + shape[1:]).astype('float32')


def kmodel(*arguments):
    done = subprocess.run([KMODEL, *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def reference_summary(path):
    """What Keras 3 prints for the file; None where it cannot load what Keras 2 wrote."""
    try:
        keras.backend.clear_session()
        return summary(keras.models.load_model(path))
    except Exception:
        return None


def without_optimizer(text):
    """Source has no optimizer."""
    return ''.join(line for line in text.splitlines(True) if 'Optimizer params' not in line and 'Total params' not in line)


def differences(path, model):
    code, printed, errors = kmodel('summary', path)
    if code:
        yield f'summary: {errors}'
        return
    expected = reference_summary(path)
    if expected and printed != expected:
        yield f'summary\n{printed}but Keras\n{expected}'
    source = str(pathlib.Path(path).with_suffix('.imported.kmodel'))
    code, _, errors = kmodel('import', path, '-o', source)
    if code:
        yield f'import: {errors}'
        return
    try:
        _, again = run(source)
    except Exception as error:
        yield f'under Keras: {type(error).__name__}: {error}\n{open(source).read()}'
        return
    if without_optimizer(summary(again)) != without_optimizer(printed):
        yield f'the imported source has the summary\n{summary(again)}but the file\n{printed}'
    x = inputs_of(model)
    want = np.asarray(model(x))
    for who, got in (('Keras, from the imported source', np.asarray(again(x))), ('kmodel run', ours(path, x))):
        scale = np.abs(want).max() + 1e-30
        if isinstance(got, str):
            yield f'{who}: {got}'
        elif got.shape != want.shape or not np.abs(got - want).max() <= 1e-5 * scale:
            yield f'{who} predicts otherwise: {got.shape}, off by {np.abs(got - want).max() / scale:.2g}\n{open(source).read()}'


def ours(path, x):
    """What `kmodel run` makes of the saved file itself; its error as a string."""
    folder = pathlib.Path(path).parent
    np.save(folder / 'x.npy', x)
    code, _, errors = kmodel('run', path, '--input', folder / 'x.npy', '--output', folder / 'y.npy')
    return errors if code else np.load(folder / 'y.npy')


def write_fixtures():
    FIXTURES.mkdir(exist_ok=True)
    for k in (keras, tf_keras):
        keras.backend.clear_session()
        tf_keras.backend.clear_session()
        L = k.layers
        model = k.Sequential([input_layer(k, (6, 6, 1)), L.Conv2D(2, 3, activation='relu'), L.BatchNormalization(),
                              L.Flatten(), L.Dense(3, activation='softmax')], name='tiny')
        for n, w in enumerate(model.weights):
            w.assign(np.arange(np.prod(w.shape), dtype='float32').reshape(w.shape) / 8 + n)
        major = 3 if k is keras else 2
        model.save(FIXTURES / f'keras{major}.keras')
        model.save(str(FIXTURES / f'keras{major}.h5'))
        model.save_weights(str(FIXTURES / f'keras{major}.weights.h5'))
    model.save_weights(str(FIXTURES / 'keras2-legacy-weights.h5'), save_format='h5')


def main():
    failed = passed = 0
    with tempfile.TemporaryDirectory() as folder:
        for k in (keras, tf_keras):
            for make in MODELS:
                paths, model = save(k, make, pathlib.Path(folder))
                for path in paths:
                    found = list(differences(path, model))
                    for difference in found:
                        print(f'{os.path.basename(path)}: {difference}')
                    failed += bool(found)
                    passed += not found
    print(f'formats: {passed} passed, {failed} failed')
    sys.exit(failed > 0)


KMODEL = os.path.abspath(sys.argv[1])
if '--fixtures' in sys.argv:
    write_fixtures()
else:
    main()
