"""Writes tests/unit/interp_cases.h: what real Keras computes of small inputs that the unit test of the
interpreter makes up by the same formula.

    .setup/venv/bin/python tests/keras/interp_cases.py > tests/unit/interp_cases.h
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
from keras import ops


def values(*shape, salt=0):
    i = np.arange(np.prod(shape, dtype=int))
    return ((i * 37 + salt * 11) % 23 / 8 - 1.25).astype("float32").reshape(shape)


def conv(x, kernel, **kwargs):
    return ops.conv(x[None], kernel, **kwargs)[0]


x = values(5, 6, 4)
cases = {
    "conv_same_stride": conv(x, values(3, 3, 4, 3, salt=1), strides=(2, 1), padding="same"),
    "conv_dilated": conv(x, values(2, 3, 4, 2, salt=1), dilation_rate=(2, 2), padding="valid"),
    "conv_grouped": keras.layers.Conv2D(6, 2, groups=2, use_bias=False),
    "conv_depthwise": ops.depthwise_conv(x[None], values(3, 2, 4, 2, salt=1), padding="valid")[0],
    "matmul": x @ values(4, 3, salt=1) + values(3, salt=2),
    "pool_max": ops.max_pool(x[None], 3, 2, "same")[0],
    "pool_average": ops.average_pool(x[None], 3, 2, "same")[0],
    "reduce_mean": ops.mean(x, axis=(0, 1)),
    "reduce_max": ops.max(x, axis=1),
    "softmax_last": ops.softmax(x, axis=-1),
    "softmax_pixels": keras.layers.Softmax(axis=(1, 2))(x[None])[0],
    "log_softmax": ops.log_softmax(x, axis=-1),
    "sparsemax": keras.activations.sparsemax(ops.convert_to_tensor(x)),
    "transpose": ops.transpose(x, (2, 0, 1)),
    "pad": ops.pad(x, ((1, 0), (0, 2), (0, 0)), constant_values=0.5),
}
layer = cases["conv_grouped"]
layer.build((None, 5, 6, 4))
layer.set_weights([values(2, 2, 2, 6, salt=1)])
cases["conv_grouped"] = layer(x[None])[0]
for kind in ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]:
    up = keras.layers.UpSampling2D((2, 3), interpolation=kind)
    cases["resize_" + kind] = up(x[None, :, :, :1])[0]

print("/* Made by tests/keras/interp_cases.py with Keras %s. */" % keras.__version__)
for name, y in cases.items():
    numbers = ", ".join("%.9g" % v for v in np.asarray(y).ravel())
    print("static const float %s[] = {%s};" % (name, numbers))
