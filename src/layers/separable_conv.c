/* SeparableConv2D: a depthwise convolution without bias, then a 1x1 convolution with it. */
#include "../layer.h"

enum {
    FILTERS,
    KERNEL_SIZE,
    STRIDES,
    PADDING,
    DATA_FORMAT,
    DILATION_RATE,
    DEPTH_MULTIPLIER,
    ACTIVATION,
    USE_BIAS,
    DEPTHWISE_INITIALIZER,
    POINTWISE_INITIALIZER,
    BIAS_INITIALIZER,
    DEPTHWISE_REGULARIZER,
    POINTWISE_REGULARIZER,
    BIAS_REGULARIZER,
    ACTIVITY_REGULARIZER,
    DEPTHWISE_CONSTRAINT,
    POINTWISE_CONSTRAINT,
    BIAS_CONSTRAINT,
    NARGS
};

static const WindowArgs window = {KERNEL_SIZE, STRIDES, PADDING, DILATION_RATE, DATA_FORMAT};

static int64_t multiplier(const Layer *l) {
    return arg_int(&l->object, DEPTH_MULTIPLIER);
}

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int64_t between;
    return window_channels(l, &window, *in, multiplier(l), &between, d) &&
           window_shape(l, &window, *in, arg_int(&l->object, FILTERS), out, d);
}

static Shape pointwise_shape(const Layer *l, int64_t in) {
    Shape kernel = {.batch = DIM_NONE, .rank = l->def->min_rank + 1};
    for (int i = 0; i < kernel.rank - 2; i++)
        kernel.dim[i] = 1;
    kernel.dim[kernel.rank - 2] = in;
    kernel.dim[kernel.rank - 1] = arg_int(&l->object, FILTERS);
    return kernel;
}

static void weights(const Layer *l, const Shape *in, Weights *w) {
    int64_t channels = in->dim[layer_channel_axis(l, DATA_FORMAT)];
    weights_add(w, "depthwise_kernel", window_kernel(l, &window, channels, multiplier(l)), true,
                DEPTHWISE_INITIALIZER);
    weights_add(w, "pointwise_kernel", pointwise_shape(l, channels * multiplier(l)), true,
                POINTWISE_INITIALIZER);
    if (arg_bool(&l->object, USE_BIAS))
        weights_add(w, "bias", shape_of(arg_int(&l->object, FILTERS)), true, BIAS_INITIALIZER);
}

static Spatial single_cell(int n) {
    Spatial s = {.n = n};
    for (int i = 0; i < n; i++)
        s.kernel[i] = s.stride[i] = s.dilation[i] = 1;
    return s;
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    bool first = layer_channels_first(l, DATA_FORMAT);
    Op *x = lower_to_channels_last(lw, in[0], first);
    Op *depthwise = lower_weight(lw, l, "depthwise_kernel");
    Op *pointwise = lower_weight(lw, l, "pointwise_kernel");
    Op *bias = lower_weight(lw, l, "bias");
    Spatial spatial = window_spatial(l, &window, x->shape);
    Op *y = lower_depthwise(lw, x, depthwise, NULL, spatial);
    y = op_conv(lw->ops, y, pointwise, bias, single_cell(spatial.n), 1);
    y = lower_from_channels_last(lw, y, first);
    return lower_activation(lw, &l->object, ACTIVATION, y);
}

#define ARGS(n)                                                                                    \
    {                                                                                              \
        [FILTERS] = ROW_FILTERS,                                                                   \
        [KERNEL_SIZE] = ROW_KERNEL_SIZE(n),                                                        \
        [STRIDES] = ROW_STRIDES(n),                                                                \
        [PADDING] = ROW_PADDING("valid", "same"),                                                  \
        [DATA_FORMAT] = ROW_DATA_FORMAT,                                                           \
        [DILATION_RATE] = ROW_DILATION_RATE(n),                                                    \
        [DEPTH_MULTIPLIER] = ROW_DEPTH_MULTIPLIER,                                                 \
        [ACTIVATION] = ROW_ACTIVATION,                                                             \
        [USE_BIAS] = ROW_USE_BIAS,                                                                 \
        [DEPTHWISE_INITIALIZER] = ROW_INITIALIZER("depthwise", "glorot_uniform"),                  \
        [POINTWISE_INITIALIZER] = ROW_INITIALIZER("pointwise", "glorot_uniform"),                  \
        [BIAS_INITIALIZER] = ROW_INITIALIZER("bias", "zeros"),                                     \
        [DEPTHWISE_REGULARIZER] = ROW_REGULARIZER("depthwise"),                                    \
        [POINTWISE_REGULARIZER] = ROW_REGULARIZER("pointwise"),                                    \
        [BIAS_REGULARIZER] = ROW_REGULARIZER("bias"),                                              \
        [ACTIVITY_REGULARIZER] = ROW_REGULARIZER("activity"),                                      \
        [DEPTHWISE_CONSTRAINT] = ROW_CONSTRAINT("depthwise"),                                      \
        [POINTWISE_CONSTRAINT] = ROW_CONSTRAINT("pointwise"),                                      \
        [BIAS_CONSTRAINT] = ROW_CONSTRAINT("bias"),                                                \
    }

static const ArgDef args2d[NARGS] = ARGS(2);

const LayerDef layer_separable_conv2d = {
    .class = {"SeparableConv2D", "keras.layers", ALIASES("SeparableConvolution2D"), .args = args2d,
              .nargs = NARGS},
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .shape = shape,
    .weights = weights,
    .lower = to_ops,
};
