/* MaxPooling, AveragePooling: the largest or the mean of the cells under a window. Cells of 'same'
 * padding are no cells: they are not in the mean. */
#include "../layer.h"

enum { POOL_SIZE, STRIDES, PADDING, DATA_FORMAT, NAME, NARGS };

static const WindowArgs window = {POOL_SIZE, STRIDES, PADDING, -1, DATA_FORMAT};

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    return window_shape(l, &window, *in, in->dim[layer_channel_axis(l, DATA_FORMAT)], out, d);
}

static Op *lower_pool(const Layer *l, Lower *lw, Op *x, PoolKind kind) {
    bool first = layer_channels_first(l, DATA_FORMAT);
    x = lower_to_channels_last(lw, x, first);
    Op *y = op_pool(lw->ops, x, kind, window_spatial(l, &window, x->shape));
    return lower_from_channels_last(lw, y, first);
}

static Op *lower_max(const Layer *l, Lower *lw, Op *const *in) {
    return lower_pool(l, lw, in[0], POOL_MAX);
}

static Op *lower_average(const Layer *l, Lower *lw, Op *const *in) {
    return lower_pool(l, lw, in[0], POOL_AVERAGE);
}

/* pool_size has a default in MaxPooling only. */
#define ARGS(n, ...)                                                                               \
    {                                                                                              \
        [POOL_SIZE] = {"pool_size", ARG_INTS, .count = (n), AT_LEAST(1), __VA_ARGS__,              \
                       .doc = "the window"},                                                       \
        [STRIDES] = {"strides", ARG_INTS, .count = (n), AT_LEAST(1), DEFAULT_NONE,                 \
                     .doc = "steps of the window; None: pool_size"},                               \
        [PADDING] = {"padding", ARG_CHOICE, .fallback = VALUE_AS_STR("valid"),                     \
                     CHOICES("valid", "same"), .doc = "cells around the input"},                   \
        [DATA_FORMAT] = ROW_DATA_FORMAT,                                                           \
        [NAME] = {"name", ARG_STR, DEFAULT_NONE, .doc = "unique in the model"},                    \
    }

#define KERAS2_DEFAULT "Keras 2 took pool_size=2 for it, Keras 3 wants it written"

static const ArgDef max2d_args[NARGS] = ARGS(2, .fallback = VALUE_AS_INT(2));
static const ArgDef average2d_args[NARGS] = ARGS(2, .required = true, .missing = KERAS2_DEFAULT);

const LayerDef layer_max_pooling2d = {
    .class = {"MaxPooling2D", "keras.layers", ALIASES("MaxPool2D"), .args = max2d_args,
              .nargs = NARGS},
    .built_at_once = true,
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .integers = INTEGERS_KEPT,
    .downsamples = "pooling layer",
    .shape = shape,
    .lower = lower_max,
};

const LayerDef layer_average_pooling2d = {
    .class = {"AveragePooling2D", "keras.layers", ALIASES("AvgPool2D"), .args = average2d_args,
              .nargs = NARGS},
    .built_at_once = true,
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .downsamples = "pooling layer",
    .shape = shape,
    .lower = lower_average,
};
