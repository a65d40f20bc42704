/* BatchNormalization: y = gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta along
 * one axis. Lowered as TensorFlow computes it, y = x * scale + shift, where scale and shift are
 * constants: they fold into the layer before. */
#include "../layer.h"

enum {
    AXIS,
    MOMENTUM,
    EPSILON,
    CENTER,
    SCALE,
    BETA_INITIALIZER,
    GAMMA_INITIALIZER,
    MOVING_MEAN_INITIALIZER,
    MOVING_VARIANCE_INITIALIZER,
    BETA_REGULARIZER,
    GAMMA_REGULARIZER,
    BETA_CONSTRAINT,
    GAMMA_CONSTRAINT,
    RENORM,
    RENORM_CLIPPING,
    RENORM_MOMENTUM,
    SYNCHRONIZED,
    NARGS
};

#define TRAINING_FLOAT(name_, value, text)                                                         \
    {name_, ARG_FLOAT, ARG_TRAINING, .fallback = VALUE_AS_FLOAT(value), .doc = text}

static const ArgDef args[NARGS] = {
    [AXIS] = {"axis", ARG_INT, .fallback = VALUE_AS_INT(-1), .doc = "the channels"},
    [MOMENTUM] = TRAINING_FLOAT("momentum", 0.99, "of the moving averages"),
    [EPSILON] = {"epsilon", ARG_FLOAT, .fallback = VALUE_AS_FLOAT(1e-3),
                 .doc = "added to the variance"},
    [CENTER] = {"center", ARG_BOOL, .fallback = VALUE_AS_BOOL(true),
                .doc = "whether beta is added"},
    [SCALE] = {"scale", ARG_BOOL, .fallback = VALUE_AS_BOOL(true),
               .doc = "whether gamma multiplies"},
    [BETA_INITIALIZER] = ROW_INITIALIZER("beta", "zeros"),
    [GAMMA_INITIALIZER] = ROW_INITIALIZER("gamma", "ones"),
    [MOVING_MEAN_INITIALIZER] = ROW_INITIALIZER("moving_mean", "zeros"),
    [MOVING_VARIANCE_INITIALIZER] = ROW_INITIALIZER("moving_variance", "ones"),
    [BETA_REGULARIZER] = ROW_REGULARIZER("beta"),
    [GAMMA_REGULARIZER] = ROW_REGULARIZER("gamma"),
    [BETA_CONSTRAINT] = ROW_CONSTRAINT("beta"),
    [GAMMA_CONSTRAINT] = ROW_CONSTRAINT("gamma"),
    [RENORM] = {"renorm", ARG_BOOL, .fallback = VALUE_AS_BOOL(false),
                .doc = "three more weights, used while training only"},
    [RENORM_CLIPPING] = {"renorm_clipping", ARG_ANY, ARG_TRAINING, DEFAULT_NONE,
                         .doc = "limits of the renorm corrections"},
    [RENORM_MOMENTUM] = TRAINING_FLOAT("renorm_momentum", 0.99, "of the renorm averages"),
    [SYNCHRONIZED] = {"synchronized", ARG_BOOL, ARG_TRAINING, .fallback = VALUE_AS_BOOL(false),
                      .doc = "averages over all devices"},
};

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int axis;
    *out = *in;
    return layer_axis(l, AXIS, arg_int(&l->object, AXIS), *in, &axis, d) &&
           layer_needs_axis(l, *in, axis, "normalized axis", d);
}

static int normalized_axis(const Layer *l, Shape in) {
    int axis;
    if (!shape_axis(in, arg_int(&l->object, AXIS), &axis))
        BUG("an axis that shape() accepted is out of range");
    return axis;
}

static void weights(const Layer *l, const Shape *in, Weights *w) {
    const Object *o = &l->object;
    Shape channels = shape_of(in->dim[normalized_axis(l, *in)]);
    if (arg_bool(o, SCALE))
        weights_add(w, "gamma", channels, true, GAMMA_INITIALIZER);
    if (arg_bool(o, CENTER))
        weights_add(w, "beta", channels, true, BETA_INITIALIZER);
    weights_add(w, "moving_mean", channels, false, MOVING_MEAN_INITIALIZER);
    weights_add(w, "moving_variance", channels, false, MOVING_VARIANCE_INITIALIZER);
    if (!arg_bool(o, RENORM))
        return;
    weights_add(w, "moving_stddev", channels, false, MOVING_VARIANCE_INITIALIZER);
    weights_add(w, "renorm_mean", channels, false, MOVING_MEAN_INITIALIZER);
    weights_add(w, "renorm_stddev", channels, false, MOVING_VARIANCE_INITIALIZER);
}

/* gamma / sqrt(variance + epsilon) */
static Op *scale_of(const Layer *l, Lower *lw) {
    Arena *a = lw->arena;
    Op *in[] = {lower_weight(lw, l, "moving_variance"), lower_weight(lw, l, "gamma")};
    const Elt *variance =
        elt_2(a, ELT_ADD, elt_input(a, 0), elt_number(a, arg_float(&l->object, EPSILON)));
    const Elt *gamma = in[1] ? elt_input(a, 1) : elt_number(a, 1);
    return op_map(lw->ops, elt_2(a, ELT_DIV, gamma, elt_1(a, ELT_SQRT, variance)), in,
                  in[1] ? 2 : 1);
}

/* beta - mean * scale */
static Op *shift_of(const Layer *l, Lower *lw, Op *scale) {
    Arena *a = lw->arena;
    Op *in[] = {lower_weight(lw, l, "moving_mean"), scale, lower_weight(lw, l, "beta")};
    const Elt *beta = in[2] ? elt_input(a, 2) : elt_number(a, 0);
    const Elt *mean = elt_2(a, ELT_MUL, elt_input(a, 0), elt_input(a, 1));
    return op_map(lw->ops, elt_2(a, ELT_SUB, beta, mean), in, in[2] ? 3 : 2);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    Arena *a = lw->arena;
    int axis = normalized_axis(l, in[0]->shape), rank = in[0]->shape.rank;
    Op *scale = scale_of(l, lw), *shift = shift_of(l, lw, scale);
    Op *operands[] = {in[0], lower_along(lw, scale, axis, rank),
                      lower_along(lw, shift, axis, rank)};
    const Elt *product = elt_2(a, ELT_MUL, elt_input(a, 0), elt_input(a, 1));
    return op_map(lw->ops, elt_2(a, ELT_ADD, product, elt_input(a, 2)), operands, 3);
}

const LayerDef layer_batch_normalization = {
    .class = {"BatchNormalization", "keras.layers", .args = args, .nargs = NARGS},
    .min_rank = 1,
    .max_rank = SHAPE_MAX,
    .expects = "(..., channels)",
    .integers = INTEGERS_CONVERTED,
    .shape = shape,
    .weights = weights,
    .lower = to_ops,
};
