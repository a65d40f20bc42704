/* DepthwiseConv2D: each channel is convolved by itself with depth_multiplier windows; channel c's
 * j-th result becomes channel c * depth_multiplier + j. */
#include "../layer.h"

enum {
    KERNEL_SIZE,
    STRIDES,
    PADDING,
    DEPTH_MULTIPLIER,
    DATA_FORMAT,
    DILATION_RATE,
    ACTIVATION,
    USE_BIAS,
    DEPTHWISE_INITIALIZER,
    BIAS_INITIALIZER,
    DEPTHWISE_REGULARIZER,
    BIAS_REGULARIZER,
    ACTIVITY_REGULARIZER,
    DEPTHWISE_CONSTRAINT,
    BIAS_CONSTRAINT,
    NARGS
};

static const WindowArgs window = {KERNEL_SIZE, STRIDES, PADDING, DILATION_RATE, DATA_FORMAT};

static int64_t multiplier(const Layer *l) {
    return arg_int(&l->object, DEPTH_MULTIPLIER);
}

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int64_t channels;
    return window_channels(l, &window, *in, multiplier(l), &channels, d) &&
           window_shape(l, &window, *in, channels, out, d);
}

static void weights(const Layer *l, const Shape *in, Weights *w) {
    int64_t channels = in->dim[layer_channel_axis(l, DATA_FORMAT)];
    weights_add(w, "kernel", window_kernel(l, &window, channels, multiplier(l)), true,
                DEPTHWISE_INITIALIZER);
    if (arg_bool(&l->object, USE_BIAS))
        weights_add(w, "bias", shape_of(channels * multiplier(l)), true, BIAS_INITIALIZER);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    bool first = layer_channels_first(l, DATA_FORMAT);
    Op *x = lower_to_channels_last(lw, in[0], first);
    Op *kernel = lower_weight(lw, l, "kernel"), *bias = lower_weight(lw, l, "bias");
    Op *y = lower_depthwise(lw, x, kernel, bias, window_spatial(l, &window, x->shape));
    y = lower_from_channels_last(lw, y, first);
    return lower_activation(lw, &l->object, ACTIVATION, y);
}

#define ARGS(n)                                                                                    \
    {                                                                                              \
        [KERNEL_SIZE] = ROW_KERNEL_SIZE(n),                                                        \
        [STRIDES] = ROW_STRIDES(n),                                                                \
        [PADDING] = ROW_PADDING("valid", "same"),                                                  \
        [DEPTH_MULTIPLIER] = ROW_DEPTH_MULTIPLIER,                                                 \
        [DATA_FORMAT] = ROW_DATA_FORMAT,                                                           \
        [DILATION_RATE] = ROW_DILATION_RATE(n),                                                    \
        [ACTIVATION] = ROW_ACTIVATION,                                                             \
        [USE_BIAS] = ROW_USE_BIAS,                                                                 \
        [DEPTHWISE_INITIALIZER] = ROW_INITIALIZER("depthwise", "glorot_uniform"),                  \
        [BIAS_INITIALIZER] = ROW_INITIALIZER("bias", "zeros"),                                     \
        [DEPTHWISE_REGULARIZER] = ROW_REGULARIZER("depthwise"),                                    \
        [BIAS_REGULARIZER] = ROW_REGULARIZER("bias"),                                              \
        [ACTIVITY_REGULARIZER] = ROW_REGULARIZER("activity"),                                      \
        [DEPTHWISE_CONSTRAINT] = ROW_CONSTRAINT("depthwise"),                                      \
        [BIAS_CONSTRAINT] = ROW_CONSTRAINT("bias"),                                                \
    }

static const ArgDef args2d[NARGS] = ARGS(2);

const LayerDef layer_depthwise_conv2d = {
    .class = {"DepthwiseConv2D", "keras.layers", .args = args2d, .nargs = NARGS},
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .shape = shape,
    .weights = weights,
    .lower = to_ops,
};
