/* Conv2D, and what its 1-D and 3-D kin share: y[p][o] = act(b[o] + sum over the window's taps t and
 * channels c of x[p * stride + t * dilation][c] * w[t][c][o]); with groups, each slice of the
 * channels by itself.
 */
#include "../layer.h"

enum {
    FILTERS,
    KERNEL_SIZE,
    STRIDES,
    PADDING,
    DATA_FORMAT,
    DILATION_RATE,
    GROUPS,
    ACTIVATION,
    USE_BIAS,
    KERNEL_INITIALIZER,
    BIAS_INITIALIZER,
    KERNEL_REGULARIZER,
    BIAS_REGULARIZER,
    ACTIVITY_REGULARIZER,
    KERNEL_CONSTRAINT,
    BIAS_CONSTRAINT,
    NARGS
};

static const WindowArgs window = {KERNEL_SIZE, STRIDES, PADDING, DILATION_RATE, DATA_FORMAT};

static bool check(const Layer *l, Diag *d) {
    const Object *o = &l->object;
    int64_t filters = arg_int(o, FILTERS), groups = arg_int(o, GROUPS);
    if (filters % groups != 0) {
        layer_arg_error(l, GROUPS, DIAG_groups, d, "%lld filters do not divide into groups=%lld",
                        (long long)filters, (long long)groups);
        diag_help(d, "the next multiple is filters=%lld",
                  (long long)((filters / groups + 1) * groups));
        return false;
    }
    return window_strides_or_dilation(l, &window, d);
}

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int axis = layer_channel_axis(l, DATA_FORMAT);
    int64_t groups = arg_int(&l->object, GROUPS);
    if (!layer_needs_axis(l, *in, axis, "channels", d))
        return false;
    if (in->dim[axis] % groups != 0)
        return layer_arg_error(l, GROUPS, DIAG_groups, d,
                               "%lld input channels do not divide into groups=%lld",
                               (long long)in->dim[axis], (long long)groups);
    return window_shape(l, &window, *in, arg_int(&l->object, FILTERS), out, d);
}

static void weights(const Layer *l, const Shape *in, Weights *w) {
    const Object *o = &l->object;
    int64_t channels = in->dim[layer_channel_axis(l, DATA_FORMAT)], filters = arg_int(o, FILTERS);
    weights_add(w, "kernel", window_kernel(l, &window, channels / arg_int(o, GROUPS), filters),
                true, KERNEL_INITIALIZER);
    if (arg_bool(o, USE_BIAS))
        weights_add(w, "bias", shape_of(filters), true, BIAS_INITIALIZER);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    bool first = layer_channels_first(l, DATA_FORMAT);
    Op *x = lower_to_channels_last(lw, in[0], first);
    Op *kernel = lower_weight(lw, l, "kernel"), *bias = lower_weight(lw, l, "bias");
    Op *y = op_conv(lw->ops, x, kernel, bias, window_spatial(l, &window, x->shape),
                    arg_int(&l->object, GROUPS));
    y = lower_from_channels_last(lw, y, first);
    return lower_activation(lw, &l->object, ACTIVATION, y);
}

/* The arguments with n spatial axes. */
#define ARGS(n, ...)                                                                               \
    {                                                                                              \
        [FILTERS] = ROW_FILTERS,                                                                   \
        [KERNEL_SIZE] = ROW_KERNEL_SIZE(n),                                                        \
        [STRIDES] = ROW_STRIDES(n),                                                                \
        [PADDING] = ROW_PADDING(__VA_ARGS__),                                                      \
        [DATA_FORMAT] = ROW_DATA_FORMAT,                                                           \
        [DILATION_RATE] = ROW_DILATION_RATE(n),                                                    \
        [GROUPS] = {"groups", ARG_INT, AT_LEAST(1), .fallback = VALUE_AS_INT(1),                   \
                    .doc = "slices of the channels that are convolved apart"},                     \
        [ACTIVATION] = ROW_ACTIVATION,                                                             \
        [USE_BIAS] = ROW_USE_BIAS,                                                                 \
        [KERNEL_INITIALIZER] = ROW_INITIALIZER("kernel", "glorot_uniform"),                        \
        [BIAS_INITIALIZER] = ROW_INITIALIZER("bias", "zeros"),                                     \
        [KERNEL_REGULARIZER] = ROW_REGULARIZER("kernel"),                                          \
        [BIAS_REGULARIZER] = ROW_REGULARIZER("bias"),                                              \
        [ACTIVITY_REGULARIZER] = ROW_REGULARIZER("activity"),                                      \
        [KERNEL_CONSTRAINT] = ROW_CONSTRAINT("kernel"),                                            \
        [BIAS_CONSTRAINT] = ROW_CONSTRAINT("bias"),                                                \
    }

static const ArgDef conv2d_args[NARGS] = ARGS(2, "valid", "same");

const LayerDef layer_conv2d = {
    .class = {"Conv2D", "keras.layers", ALIASES("Convolution2D"), .args = conv2d_args,
              .nargs = NARGS},
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .check = check,
    .shape = shape,
    .weights = weights,
    .lower = to_ops,
};
