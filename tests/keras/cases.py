"""What conformance.py tries: layers with arguments, and the shapes of one sample that go in.

CASES: name of the layer -> list of (input shape, arguments) or (input shape, arguments, input dtype).
REJECTED: (input shape, layer, argument that is at fault or None), each of which Keras rejects.
UNSUPPORTED: the same for what Keras takes and kmodel rejects with a reason."""

PICTURE = (6, 7, 3)
FIRST = (3, 6, 7)  # channels_first. Keras on TensorFlow adds the bias along the width if that equals the filters: avoid it
VECTOR = (6,)

ACTIVATIONS = '''celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid
mish relu relu6 selu sigmoid silu soft_shrink softplus softsign sparse_plus sparse_sigmoid squareplus swish tanh
tanh_shrink'''.split()
ALONG_AXIS = 'softmax log_softmax sparsemax glu'.split()


def on(shape, *arguments):
    return [(shape, a) for a in arguments]


WINDOWS = ['', "padding='same'", 'strides=2', "strides=2, padding='same'", 'strides=(1, 2)', "strides=(3, 2), padding='same'"]
DILATED = ['dilation_rate=2', "dilation_rate=(1, 2), padding='same'"]


def windows(leading, options):
    return [', '.join(filter(None, [leading, o])) for o in options]


CASES = {
    'Conv2D':
        on(PICTURE, *windows('4, 3', WINDOWS + DILATED), '4, (1, 3)', '5, (2, 4), padding="same"', '4, 1, strides=3',
           "4, 3, activation='relu', use_bias=False", "4, 3, activation='softmax'", "4, 3, padding='SAME'", '1, 6',
           "2, (6, 7), activation='tanh'", "70, 3, padding='same'", "3, 5, padding='same', activation=layers.LeakyReLU(0.1)") +
        on((6, 7, 4), '6, 3, groups=2', "8, 3, groups=4, padding='same', strides=2", '4, 2, groups=4, dilation_rate=2') +
        on(FIRST, *windows("5, 3, data_format='channels_first'", ['', "padding='same', strides=2", "activation='softmax'"])) +
        on((4, 6, 7), "4, 3, groups=2, data_format='channels_first'") +
        on((14, 14, 32), "32, 3, padding='same', activation='relu'") + on((1, 1, 3), '4, 1', "4, 3, padding='same'"),
    'DepthwiseConv2D':
        on(PICTURE, *windows('3', WINDOWS + DILATED), '(2, 3), depth_multiplier=2', "3, activation='relu6', use_bias=False",
           '3, strides=2, dilation_rate=2', "3, depth_multiplier=3, padding='same', strides=2") +
        on(FIRST, *windows("3, data_format='channels_first'", ['', "strides=2, padding='same'", 'depth_multiplier=2'])) +
        on((9, 9, 20), "3, padding='same', activation='relu'", "5, padding='same'"),
    'SeparableConv2D':
        on(PICTURE, *windows('4, 3', WINDOWS + DILATED), '5, (2, 3), depth_multiplier=2', "4, 3, activation='silu', use_bias=False") +
        on(FIRST, *windows("6, 3, data_format='channels_first'", ['', "strides=2, padding='same', depth_multiplier=2"])),
    'Dense':
        on(VECTOR, '4', "4, activation='softmax'", '3, use_bias=False', '1', "65, activation='gelu'", "8, activation='glu'",
           "4, kernel_initializer='he_normal', kernel_regularizer=regularizers.L2(1e-4), bias_constraint='non_neg'",
           "4, activation=activations.elu", "4, activation=layers.ReLU(max_value=1.5)") +
        on((3, 4), '5') + on((2, 3, 4), "5, activation='sigmoid'") + on((2, 2, 2, 3), '4') + [((5,), '3', 'int32')],
    'MaxPooling2D':
        on(PICTURE, '', '3', '(2, 3)', "2, strides=1", "3, strides=2, padding='same'", "2, padding='same'", '(6, 7)',
           "(1, 2), strides=(2, 1)", '2, strides=3') +
        on(FIRST, "2, data_format='channels_first'", "3, padding='same', data_format='channels_first'") +
        [(PICTURE, '2', 'uint8')],
    'AveragePooling2D':
        on(PICTURE, '2', '3', '(2, 3)', "2, strides=1", "3, strides=2, padding='same'", "2, padding='same'", '(6, 7)',
           "3, strides=1, padding='same'") +
        on(FIRST, "2, data_format='channels_first'", "3, padding='same', data_format='channels_first'"),
    'GlobalAveragePooling2D': on(PICTURE, '', 'keepdims=True') + on(FIRST, "data_format='channels_first'", "'channels_first', True") +
        [(PICTURE, '', 'uint8')],
    'GlobalMaxPooling2D': on(PICTURE, '', 'keepdims=True') + on(FIRST, "data_format='channels_first'"),
    'BatchNormalization':
        on(PICTURE, '', 'axis=1', 'axis=2', 'axis=3', 'axis=-2', 'center=False', 'scale=False', 'center=False, scale=False',
           'epsilon=0.1, momentum=0.5', 'renorm=True', 'trainable=False') + on(VECTOR, '') + on((3, 4), ''),
    'Activation':
        [((3, 20), repr(name)) for name in ACTIVATIONS + ALONG_AXIS] + on((4, 2, 6), *map(repr, ALONG_AXIS)) +
        on((20,), 'None', 'activations.gelu', "layers.ELU(0.5)"),
    'ReLU': on((3, 20), '', 'max_value=6', 'max_value=1', 'negative_slope=0.1', '6, 0.1, 1.0', 'threshold=0.5', '0.5, 0.2',
               'threshold=0.5, negative_slope=0.3', 'max_value=2, threshold=1'),
    'LeakyReLU': on((3, 20), '', '0.1', 'negative_slope=1.5', '0'),
    'ELU': on((3, 20), '', 'alpha=0.5', '2'),
    'PReLU': on(PICTURE, '', 'shared_axes=[1, 2]', 'shared_axes=[1]', 'shared_axes=3', 'shared_axes=[-1]',
                'shared_axes=[1, 2, 3]') + on(VECTOR, "alpha_initializer='ones'"),
    'Softmax': on((4, 5, 6), '', 'axis=1', 'axis=2', 'axis=-2', 'axis=[1, 2]', 'axis=(1, 3)', 'axis=[-1]', 'axis=[1, 2, 3]'),
    'Flatten': on(PICTURE, '', "data_format='channels_first'") + on(VECTOR, '') + on((3, 4), "data_format='channels_first'") +
        [(PICTURE, '', 'int32')],
    'Reshape': on((4, 6), '(24,)', '(-1,)', '(2, -1, 3)', '(6, 4)', '[8, 3]', 'target_shape=(1, 24, 1)') + on((1,), '()'),
    'ZeroPadding2D': on(PICTURE, '', '2', '(1, 2)', '((1, 2), (0, 3))', '((0, 0), (0, 0))') +
        on(FIRST, "((1, 2), (0, 3)), data_format='channels_first'"),
    'Cropping2D': on(PICTURE, '', '1', '(1, 2)', '((1, 2), (0, 3))') + on(FIRST, "((1, 2), (0, 3)), data_format='channels_first'"),
    'UpSampling2D':
        on((3, 4, 2), '', '3', '(1, 3)', *[f'(2, 3), interpolation={i!r}' for i in
                                           ('bilinear', 'bicubic', 'lanczos3', 'lanczos5', 'area')], 'interpolation="BILINEAR"') +
        on((2, 3, 4), "data_format='channels_first'", "(2, 3), 'channels_first', 'bilinear'"),
    'Rescaling': on(PICTURE, '1 / 255', '2.0, offset=-1', '[1, 2, 3]', '2, [0.5, 1, 1.5]', '[[[2.0, 3.0, 4.0]]], [[1]]') +
        [(PICTURE, '1 / 255', 'uint8')],
    'Normalization': on(PICTURE, '', 'axis=None', 'axis=(1, 3)', 'axis=2', 'mean=1.5, variance=2.0', 'mean=[1, 2, 3], variance=[1, 4, 9]',
                        'invert=True', 'mean=[0, 1, 2], variance=[4, 5, 0.5], invert=True', 'axis=(3, 1), mean=[1, 2, 3], variance=[1, 2, 4]') +
        on(VECTOR, '') + [(PICTURE, '', 'uint8')],
    'Identity': on(VECTOR, ''),
    'Dropout': on(VECTOR, '0.5', '0', 'rate=0.3, noise_shape=(None, 1), seed=3'),
    'AlphaDropout': on(VECTOR, '0.5'),
    'GaussianDropout': on(VECTOR, '0.5, seed=1'),
    'GaussianNoise': on(VECTOR, 'stddev=0.5'),
    'SpatialDropout1D': on((4, 3), '0.5'),
    'SpatialDropout2D': on(PICTURE, '0.5', "0.5, 'channels_first'"),
    'SpatialDropout3D': on((2, 3, 4, 2), '0.5'),
    'ActivityRegularization': on(VECTOR, '0.1, l2=0.2'),
    'AugMix': on(PICTURE, ''), 'CutMix': on(PICTURE, '0.5'), 'MixUp': on(PICTURE, ''), 'RandAugment': on(PICTURE, 'num_ops=1'),
    'RandomBrightness': on(PICTURE, '0.2, value_range=(0, 1)'), 'RandomColorDegeneration': on(PICTURE, '0.5'),
    'RandomColorJitter': on(PICTURE, 'hue_factor=0.1'), 'RandomContrast': on(PICTURE, '0.2'),
    'RandomElasticTransform': on(PICTURE, ''), 'RandomErasing': on(PICTURE, ''),
    'RandomFlip': on(PICTURE, '', "'horizontal', seed=2"), 'RandomGaussianBlur': on(PICTURE, 'kernel_size=(3, 5)'),
    'RandomGrayscale': on(PICTURE, ''), 'RandomHue': on(PICTURE, '0.5'), 'RandomInvert': on(PICTURE, ''),
    'RandomPerspective': on(PICTURE, ''), 'RandomPosterization': on(PICTURE, '4'),
    'RandomRotation': on(PICTURE, '0.2', "(-0.2, 0.3), fill_mode='nearest'"), 'RandomSaturation': on(PICTURE, '0.5'),
    'RandomSharpness': on(PICTURE, '0.5'), 'RandomShear': on(PICTURE, '0.1'),
    'RandomTranslation': on(PICTURE, '0.1, 0.2'), 'RandomZoom': on(PICTURE, '(-0.2, 0.1)'), 'Solarization': on(PICTURE, '0.5'),
}

# Values at which a formula's choice shows: the same 20 for every activation that works on single elements.
EDGES = ['nan', 'inf', '-inf', 0.0, -0.0, 1e-30, -1e-30, 1e-5, -1e-5, 0.5, -0.5, 1.0, -1.0, 6.0, -3.0, 20.0, -20.0, 88.0, -100.0, 1e4]

# From a real file or two: whole models.
MODELS = {
    'cnn': """layers.Input((12, 12, 1)), layers.Conv2D(8, 3, activation='relu'), layers.MaxPooling2D(), layers.Conv2D(12, 3),
    layers.BatchNormalization(), layers.ReLU(), layers.Dropout(0.5), layers.Flatten(), layers.Dense(10, activation='softmax')""",
    'mobile': """layers.Input((16, 16, 3)), layers.Rescaling(1 / 127.5, offset=-1), layers.Conv2D(8, 3, strides=2, padding='same',
    use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0), layers.DepthwiseConv2D(3, padding='same', use_bias=False),
    layers.BatchNormalization(), layers.Activation('hard_silu'), layers.Conv2D(16, 1), layers.BatchNormalization(scale=False),
    layers.ZeroPadding2D(((0, 1), (0, 1))), layers.DepthwiseConv2D(3, strides=2), layers.PReLU(shared_axes=[1, 2]),
    layers.GlobalAveragePooling2D(), layers.Dense(5)""",
    'first': """layers.Input((3, 12, 12)), layers.Conv2D(8, 3, data_format='channels_first', activation='elu'),
    layers.BatchNormalization(axis=1), layers.MaxPooling2D(data_format='channels_first'),
    layers.SeparableConv2D(6, 3, data_format='channels_first'), layers.Flatten(data_format='channels_first'), layers.Dense(4)""",
    'up': """layers.Input((4, 4, 2)), layers.UpSampling2D(), layers.Conv2D(3, 3, padding='same'),
    layers.UpSampling2D(interpolation='bilinear'), layers.Cropping2D(1), layers.Reshape((-1, 3)), layers.Dense(2)""",
}

REJECTED = [
    (VECTOR, 'Dense(0)', 'units'), (VECTOR, 'Dense()', 'units'), (VECTOR, "Dense('x')", 'units'), (VECTOR, 'Dense(2.5)', 'units'),
    (VECTOR, 'Dense(4, unit=3)', 'unit'), (VECTOR, "Dense(4, activation='rely')", 'rely'),
    (VECTOR, "Dense(4, activation='threshold')", 'threshold'), (VECTOR, "Dense(4, kernel_initializer='glorot')", 'glorot'),
    (VECTOR, "Dense(4, trainable=2.0)", 'trainable'), (VECTOR, "Dense(4, name='a/b')", 'a/b'), ((), 'Dense(4)', 'axes'),
    (VECTOR, 'Conv2D(4, 3)', 'axes'), ((None, None, None), 'Conv2D(4, 3)', 'channels'), (PICTURE, 'Conv2D(0, 3)', 'filters'),
    (PICTURE, 'Conv2D(4, 0)', 'kernel_size'), (PICTURE, 'Conv2D(4, (3, 3, 3))', 'kernel_size'), (PICTURE, 'Conv2D(4, (3,))', 'kernel_size'),
    (PICTURE, 'Conv2D(4, -1)', 'kernel_size'), (PICTURE, 'Conv2D(4, 3, strides=0)', 'strides'),
    (PICTURE, "Conv2D(4, 3, padding='full')", 'padding'), (PICTURE, "Conv2D(4, 3, padding='causal')", 'padding'),
    (PICTURE, "Conv2D(4, 3, data_format='last')", 'data_format'), (PICTURE, 'Conv2D(4, 3, strides=2, dilation_rate=2)', 'dilation_rate'),
    (PICTURE, 'Conv2D(4, 3, groups=0)', 'groups'), (PICTURE, 'Conv2D(4, 3, groups=3)', 'groups'),
    (PICTURE, 'Conv2D(4, 3, groups=2)', 'groups'), (PICTURE, 'Conv2D(4, 7)', 'window'), (PICTURE, 'Conv2D(4, 3, dilation_rate=3)', 'window'),
    (PICTURE, 'DepthwiseConv2D(3, depth_multiplier=0)', 'depth_multiplier'), (PICTURE, 'DepthwiseConv2D(8)', 'window'),
    (PICTURE, 'DepthwiseConv2D(3, filters=4)', 'filters'), (PICTURE, 'SeparableConv2D(4)', 'kernel_size'),
    (PICTURE, 'MaxPooling2D(8)', 'window'), (PICTURE, 'MaxPooling2D(0)', 'pool_size'), (PICTURE, "MaxPooling2D(2, padding='SAME')", 'padding'),
    (PICTURE, 'AveragePooling2D()', 'pool_size'), (VECTOR, 'MaxPooling2D()', 'axes'), (PICTURE, 'MaxPooling2D(2, strides=(1, 2, 3))', 'strides'),
    (PICTURE, 'GlobalAveragePooling2D(pool_size=2)', 'pool_size'), ((3, 4), 'GlobalMaxPooling2D()', 'axes'),
    (PICTURE, 'BatchNormalization(axis=4)', 'axis'), (PICTURE, 'BatchNormalization(axis=0)', 'axis'),
    (PICTURE, 'BatchNormalization(axis=[3])', 'axis'), (PICTURE, "BatchNormalization(epsilon='x')", 'epsilon'),
    (PICTURE, 'Activation()', 'activation'), (PICTURE, "Activation('Relu')", 'Relu'), (PICTURE, 'ReLU(max_value=-1)', 'max_value'),
    (PICTURE, 'ReLU(negative_slope=-0.5)', 'negative_slope'), (PICTURE, 'ReLU(threshold=None)', 'threshold'),
    (PICTURE, 'LeakyReLU(-1)', 'negative_slope'), (PICTURE, 'LeakyReLU(None)', 'negative_slope'), (PICTURE, 'PReLU(shared_axes=[4])', 'axis'),
    (PICTURE, 'Softmax(axis=5)', 'axis'), (PICTURE, 'Softmax(axis=[])', 'axis'), (PICTURE, 'Softmax(axis=[1, 1])', 'axis'),
    ((4, 6), 'Reshape((5, 5))', 'reshaped'), ((4, 6), 'Reshape((-1, 5))', 'reshaped'), ((4, 6), 'Reshape((-1, -1))', 'target_shape'),
    ((4, 6), 'Reshape((-2, 3))', 'target_shape'), ((4, 6), 'Reshape(24)', 'target_shape'), ((4, 6), 'Reshape()', 'target_shape'),
    (PICTURE, 'ZeroPadding2D(-1)', 'padding'), (PICTURE, 'ZeroPadding2D((1, 2, 3))', 'padding'), (PICTURE, 'Cropping2D(3)', 'cropping'),
    (PICTURE, 'Cropping2D(-1)', 'cropping'), (PICTURE, "Cropping2D('x')", 'cropping'), (PICTURE, 'UpSampling2D(0)', 'size'),
    (PICTURE, "UpSampling2D(2, interpolation='cubic')", 'interpolation'), (VECTOR, 'UpSampling2D(2)', 'axes'),
    (PICTURE, 'Rescaling()', 'scale'), (PICTURE, 'Rescaling([1, 2])', 'scale'), (PICTURE, 'Normalization(mean=1.0)', 'variance'),
    (PICTURE, 'Normalization(mean=[1.0, 2.0], variance=[1.0, 2.0])', 'mean'), (PICTURE, 'Normalization(axis=4)', 'axis'),
    (PICTURE, 'Normalization(axis=0)', 'axis'), (PICTURE, 'Normalization(mean=[[1.0]], variance=[[1.0]])', 'mean'),
    (VECTOR, 'Dropout(1.5)', 'rate'), (VECTOR, 'Dropout(-0.1)', 'rate'), (VECTOR, 'Dropout()', 'rate'),
    (VECTOR, 'Dropout(0.5, noise_shape=(0, 1))', 'noise_shape'), (VECTOR, 'GaussianNoise(2.0)', 'stddev'),
    (VECTOR, 'SpatialDropout2D(0.5)', 'axes'), (PICTURE, 'SpatialDropout2D(0.5, trainable=False)', 'trainable'),
    (VECTOR, 'RandomFlip()', 'axes'), (PICTURE, 'Identity(3)', 'Identity'),
]

UNSUPPORTED = [
    (VECTOR, "Dense(4, dtype='float16')", 'dtype'), (VECTOR, "Dense(4, dtype='mixed_float16')", 'dtype'),
    (VECTOR, 'Dense(4, lora_rank=2)', 'lora_rank'), (VECTOR, 'Softmax(axis=0)', 'batch'),
    (PICTURE, "RandomFlip('diagonal')", 'mode'), ((4, 5, 1), 'Rescaling([1.0, 2.0, 3.0])', 'scale'), (VECTOR, 'Dense(4, activation=layers.PReLU())', 'PReLU'),
]
