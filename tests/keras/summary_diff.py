"""Random Sequential models: `kmodel summary` against Keras's own, byte for byte.

usage: summary_diff.py KMODEL [COUNT [SEED]]     prints the models that differ; exit 1 if any does
"""

import os
import random
import subprocess
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ["COLUMNS"] = "80"

import keras  # noqa: E402

IMAGE = [
    "layers.Conv2D({n}, {k}, padding='same')",
    "layers.Conv2D({n}, ({k}, 1), strides=2, use_bias=False)",
    "layers.Conv2D({n}, {k}, dilation_rate=2, padding='same', activation='relu')",
    "layers.DepthwiseConv2D({k}, depth_multiplier={m}, padding='same')",
    "layers.SeparableConv2D({n}, {k}, padding='same', trainable=False)",
    "layers.MaxPooling2D({m}, padding='same')",
    "layers.AveragePooling2D(pool_size=(2, 2), strides=1)",
    "layers.ZeroPadding2D((({m}, 0), (1, {k})))",
    "layers.Cropping2D(1)",
    "layers.UpSampling2D({m})",
    "layers.BatchNormalization(center={b}, scale={b})",
    "layers.PReLU(shared_axes=[1, 2])",
    "layers.SpatialDropout2D(0.25)",
    "layers.GaussianNoise(0.1)",
    "layers.Rescaling(1 / 255)",
]
ANY = [
    "layers.Dense({n})",
    "layers.Dense({n}, activation='softmax', use_bias={b})",
    "layers.Dense({n}, name='{name}')",
    "layers.Activation('gelu')",
    "layers.ReLU(max_value=6.0)",
    "layers.LeakyReLU(0.2)",
    "layers.ELU()",
    "layers.PReLU()",
    "layers.Softmax()",
    "layers.Dropout(0.5)",
    "layers.AlphaDropout(0.5)",
    "layers.GaussianDropout(0.5)",
    "layers.ActivityRegularization(l2=0.1)",
    "layers.BatchNormalization(trainable={b})",
]
TO_VECTOR = ["layers.Flatten()", "layers.GlobalAveragePooling2D()", "layers.GlobalMaxPooling2D(keepdims=False)"]


def random_name(rng):
    return "".join(rng.choice("abcdefgh_") for _ in range(rng.choice([1, 7, 25, 40, 70]))).strip("_") or "a"


def fill(text, rng):
    return text.format(n=rng.choice([1, 3, 8, 40, 1000]), k=rng.choice([1, 2, 3]), m=rng.choice([1, 2]),
                       b=rng.choice([True, False]), name=random_name(rng) + str(rng.randrange(10**6)))


def random_model(rng):
    """The source of a model, without imports."""
    image = rng.random() < 0.7
    shape = (rng.choice([12, 28, 224]), rng.choice([12, 30]), rng.choice([1, 3])) if image else (rng.choice([5, 784]),)
    lines = [f"Input({shape})"] if rng.random() < 0.9 else []
    for _ in range(rng.randrange(6)):
        lines.append(fill(rng.choice(IMAGE + ANY if image else ANY), rng))
    if image and rng.random() < 0.7:
        lines.append(rng.choice(TO_VECTOR))
        lines += [fill(rng.choice(ANY), rng) for _ in range(rng.randrange(3))]
    name = f", name='{random_name(rng)}'" if rng.random() < 0.3 else ""
    return "model = Sequential([\n    " + ",\n    ".join(lines) + f"]{name})\n" if lines else f"model = Sequential([]{name})\n"


def random_options(rng):
    """Options of `kmodel summary`, and the same for model.summary()."""
    flags, arguments = [], {}
    if rng.random() < 0.3:
        flags.append("--show-trainable")
        arguments["show_trainable"] = True
    if rng.random() < 0.3:
        length = rng.choice([30, 50, 64, 77, 90, 120])
        flags += ["--line-length", str(length)]
        arguments["line_length"] = length
    return flags, arguments


def keras_summary(source, arguments):
    """What Keras prints; None if it refuses the model or the options."""
    keras.backend.clear_session()
    scope = {"layers": keras.layers, "Input": keras.Input, "Sequential": keras.Sequential}
    printed = []
    try:
        exec(source, scope)
        scope["model"].summary(print_fn=lambda text: printed.append(text), **arguments)
    except Exception as error:
        return None, str(error).strip().split("\n")[0]
    return "".join(printed), None


def main():
    kmodel, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    differ = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "m.kmodel")
        for i in range(count):
            rng = random.Random(f"{seed}:{i}")
            source, (flags, arguments) = random_model(rng), random_options(rng)
            expected, error = keras_summary(source, arguments)
            with open(path, "w") as file:
                file.write("from keras import Input, Sequential, layers\n\n" + source)
            ran = subprocess.run([kmodel, "summary", *flags, path], capture_output=True, text=True)
            refused += expected is None
            if (expected is None and ran.returncode == 1) or ran.stdout == expected:
                continue
            differ += 1
            print(f"--- {seed}:{i} {flags}\n{source}Keras: {error or ''}\n{expected or ''}kmodel:\n{ran.stdout}{ran.stderr}")
    print(f"summary: {count} models, {refused} of them refused by Keras, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
