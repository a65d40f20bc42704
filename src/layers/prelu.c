/* PReLU: y = max(x, 0) - alpha * max(-x, 0), with a learned alpha for each cell of a sample; along
 * shared axes there is one. */
#include "../layer.h"

enum { ALPHA_INITIALIZER, ALPHA_REGULARIZER, ALPHA_CONSTRAINT, SHARED_AXES, NARGS };

static const ArgDef args[NARGS] = {
    [ALPHA_INITIALIZER] = ROW_INITIALIZER("alpha", "zeros"),
    [ALPHA_REGULARIZER] = ROW_REGULARIZER("alpha"),
    [ALPHA_CONSTRAINT] = ROW_CONSTRAINT("alpha"),
    [SHARED_AXES] = {"shared_axes", ARG_AXIS, DEFAULT_NONE, .doc = "counted from 1"},
};

/* As in Keras, axis 1 is the first after the batch and 0 and below count from the end. */
static bool share(const Layer *l, Shape in, int64_t axis, Shape *alpha, Diag *d) {
    int64_t index = axis - 1 < 0 ? axis - 1 + in.rank : axis - 1;
    if (index < 0 || index >= in.rank)
        return layer_arg_error(l, SHARED_AXES, DIAG_axis_range, d, "the input has no axis %lld",
                               (long long)axis);
    alpha->dim[index] = 1;
    return true;
}

static bool alpha_shape(const Layer *l, Shape in, Shape *alpha, Diag *d) {
    Value axes = l->object.args[SHARED_AXES];
    *alpha = in;
    if (axes.kind == VALUE_INT)
        return share(l, in, axes.u.integer, alpha, d);
    for (size_t i = 0; axes.kind != VALUE_NONE && i < axes.u.list->items.count; i++)
        if (!share(l, in, axes.u.list->items.at[i].u.integer, alpha, d))
            return false;
    return true;
}

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    Shape alpha;
    *out = *in;
    if (!alpha_shape(l, *in, &alpha, d))
        return false;
    for (int i = 0; i < alpha.rank; i++)
        if (!layer_needs_axis(l, alpha, i, "axes that are not shared", d))
            return false;
    return true;
}

static void weights(const Layer *l, const Shape *in, Weights *w) {
    Shape alpha;
    if (alpha_shape(l, *in, &alpha, NULL))
        weights_add(w, "alpha", alpha, true, ALPHA_INITIALIZER);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    Arena *a = lw->arena;
    Op *operands[] = {in[0], lower_weight(lw, l, "alpha")};
    const Elt *x = elt_input(a, 0), *zero = elt_number(a, 0);
    const Elt *below = elt_2(a, ELT_MAX, elt_1(a, ELT_NEG, x), zero);
    const Elt *y =
        elt_2(a, ELT_SUB, elt_2(a, ELT_MAX, x, zero), elt_2(a, ELT_MUL, elt_input(a, 1), below));
    return op_map(lw->ops, y, operands, 2);
}

const LayerDef layer_prelu = {
    .class = {"PReLU", "keras.layers", .args = args, .nargs = NARGS},
    .min_rank = 1,
    .max_rank = SHAPE_MAX,
    .expects = "(...)",
    .shape = shape,
    .weights = weights,
    .lower = to_ops,
};
