"""Runs a .kmodel file under real Keras: what it prints and the model it makes.

A file need not import what keras, keras.layers and keras.models export: kmodel has those names ready, and so do we."""
import contextlib
import io
import os

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ['CUDA_VISIBLE_DEVICES'] = ''
os.environ.pop('COLUMNS', None)

import keras


def find_model(names):
    """As kmodel chooses: `model`, else the last one made."""
    if isinstance(names.get('model'), keras.Model):
        return names['model']
    models = [v for v in names.values() if isinstance(v, keras.Model)]
    return models[-1] if models else None


def run(path):
    """(stdout, model) of the file run as Python, in its folder, with fresh automatic names."""
    keras.backend.clear_session()
    names = {'__name__': '__main__', '__file__': path}
    for module in (keras.models, keras.layers, keras):
        names.update({n: getattr(module, n) for n in dir(module) if not n.startswith('_')})
    exported = dict(names)
    out = io.StringIO()
    here = os.getcwd()
    with open(path, encoding='utf-8-sig') as f:
        code = compile(f.read(), path, 'exec')
    os.chdir(os.path.dirname(os.path.abspath(path)))
    try:
        with contextlib.redirect_stdout(out):
            exec(code, names)
    finally:
        os.chdir(here)
    made = {n: v for n, v in names.items() if exported.get(n) is not v}
    return out.getvalue(), find_model(made)


def summary(model):
    lines = []
    model.summary(print_fn=lines.append)
    return ''.join(lines)
