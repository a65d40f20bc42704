/* Dense: y[..., u] = act(b[u] + sum over c of x[..., c] * w[c][u]), on the last axis of any rank.
 */
#include "../layer.h"

enum {
    UNITS,
    ACTIVATION,
    USE_BIAS,
    KERNEL_INITIALIZER,
    BIAS_INITIALIZER,
    KERNEL_REGULARIZER,
    BIAS_REGULARIZER,
    ACTIVITY_REGULARIZER,
    KERNEL_CONSTRAINT,
    BIAS_CONSTRAINT,
    LORA_RANK,
    LORA_ALPHA,
    QUANTIZATION_CONFIG,
    NARGS
};

static const ArgDef args[NARGS] = {
    [UNITS] = {"units", ARG_INT, .required = true, AT_LEAST(1), .doc = "length of the last axis"},
    [ACTIVATION] = ROW_ACTIVATION,
    [USE_BIAS] = ROW_USE_BIAS,
    [KERNEL_INITIALIZER] = ROW_INITIALIZER("kernel", "glorot_uniform"),
    [BIAS_INITIALIZER] = ROW_INITIALIZER("bias", "zeros"),
    [KERNEL_REGULARIZER] = ROW_REGULARIZER("kernel"),
    [BIAS_REGULARIZER] = ROW_REGULARIZER("bias"),
    [ACTIVITY_REGULARIZER] = ROW_REGULARIZER("activity"),
    [KERNEL_CONSTRAINT] = ROW_CONSTRAINT("kernel"),
    [BIAS_CONSTRAINT] = ROW_CONSTRAINT("bias"),
    [LORA_RANK] = ROW_LORA_RANK,
    [LORA_ALPHA] = ROW_LORA_ALPHA,
    [QUANTIZATION_CONFIG] = ROW_QUANTIZATION_CONFIG,
};

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    if (!layer_needs_axis(l, *in, in->rank - 1, "last axis", d))
        return false;
    *out = *in;
    out->dim[in->rank - 1] = arg_int(&l->object, UNITS);
    return true;
}

static void weights(const Layer *l, const Shape *in, Weights *w) {
    int64_t units = arg_int(&l->object, UNITS);
    weights_add(w, "kernel", shape_of(in->dim[in->rank - 1], units), true, KERNEL_INITIALIZER);
    if (arg_bool(&l->object, USE_BIAS))
        weights_add(w, "bias", shape_of(units), true, BIAS_INITIALIZER);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    Op *kernel = lower_weight(lw, l, "kernel"), *bias = lower_weight(lw, l, "bias");
    Op *y = op_matmul(lw->ops, in[0], kernel, bias);
    return lower_activation(lw, &l->object, ACTIVATION, y);
}

const LayerDef layer_dense = {
    .class = {"Dense", "keras.layers", .args = args, .nargs = NARGS},
    .min_rank = 1,
    .max_rank = SHAPE_MAX,
    .expects = "(..., features)",
    .integers = INTEGERS_CONVERTED,
    .shape = shape,
    .weights = weights,
    .lower = to_ops,
};
