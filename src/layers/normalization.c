/* Normalization: y = (x - mean) / max(sqrt(variance), 1e-7), with a mean and a variance for each
 * place along the kept axes: arguments, or weights that were learned by adapt(). */
#include "../layer.h"

enum { AXIS, MEAN, VARIANCE, INVERT, NARGS };

static const double smallest_deviation = 1e-7; /* keras.backend.epsilon() */

static const ArgDef args[NARGS] = {
    [AXIS] = {"axis", ARG_AXIS, .nullable = true, .fallback = VALUE_AS_INT(-1),
              .doc = "kept axes; None: one mean for all"},
    [MEAN] = {"mean", ARG_NUMBERS, DEFAULT_NONE, .doc = "with variance: instead of weights"},
    [VARIANCE] = {"variance", ARG_NUMBERS, DEFAULT_NONE, .doc = "of the shape of mean"},
    [INVERT] = {"invert", ARG_BOOL, .fallback = VALUE_AS_BOOL(false),
                .doc = "mean + x * deviation"},
};

static bool has_numbers(const Layer *l) {
    return !arg_is_none(&l->object, MEAN);
}

static int count_axes(const Layer *l) {
    Value axis = l->object.args[AXIS];
    return axis.kind == VALUE_NONE ? 0 : axis.kind == VALUE_INT ? 1 : (int)axis.u.list->items.count;
}

static bool check(const Layer *l, Diag *d) {
    Shape mean, variance;
    if (arg_is_none(&l->object, MEAN) != arg_is_none(&l->object, VARIANCE))
        return layer_error(l, DIAG_arguments_conflict, d, "mean and variance go together");
    if (!has_numbers(l))
        return true;
    if (!numbers_shape(l, MEAN, &mean, d) || !numbers_shape(l, VARIANCE, &variance, d))
        return false;
    if (!shape_equal(mean, variance))
        return layer_arg_error(l, VARIANCE, DIAG_broadcast, d,
                               "mean and variance are of different shapes");
    return mean.rank <= count_axes(l) ||
           layer_arg_error(l, MEAN, DIAG_broadcast, d, "mean has %d axes, but axis names %d",
                           mean.rank, count_axes(l));
}

/* The input's shape with 1 along every axis that is not kept; kept axes as a set of bits. */
static bool find_kept(const Layer *l, Shape in, Shape *kept, unsigned *axes, Diag *d) {
    Value axis = l->object.args[AXIS];
    *kept = in;
    *axes = 0;
    for (int i = 0; i < count_axes(l); i++) {
        int index;
        Value item = axis.kind == VALUE_INT ? axis : axis.u.list->items.at[i];
        if (!layer_axis(l, AXIS, item.u.integer, in, &index, d) ||
            !layer_needs_axis(l, in, index, "kept axes", d))
            return false;
        *axes |= 1u << index;
    }
    for (int i = 0; i < in.rank; i++)
        if (!(*axes >> i & 1))
            kept->dim[i] = 1;
    return true;
}

/* mean's axes, from the last, belong to the kept axes, from the last. */
static Shape spread(Shape numbers, unsigned axes, int rank) {
    Shape s = {.batch = DIM_NONE, .rank = rank};
    int next = numbers.rank;
    for (int i = rank - 1; i >= 0; i--)
        s.dim[i] = (axes >> i & 1) && next > 0 ? numbers.dim[--next] : 1;
    return s;
}

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    Shape kept, mean;
    unsigned axes;
    *out = *in;
    if (!find_kept(l, *in, &kept, &axes, d))
        return false;
    if (!has_numbers(l))
        return true;
    if (!numbers_shape(l, MEAN, &mean, d))
        return false;
    Shape wide = spread(mean, axes, in->rank);
    for (int i = 0; i < in->rank; i++)
        if (wide.dim[i] != 1 && wide.dim[i] != kept.dim[i])
            return layer_arg_error(l, MEAN, DIAG_broadcast, d,
                                   "mean holds %lld numbers for the %lld places of axis %d",
                                   (long long)wide.dim[i], (long long)kept.dim[i], i + 1);
    return true;
}

static void weights(const Layer *l, const Shape *in, Weights *w) {
    Shape kept, own = {.batch = DIM_NONE};
    unsigned axes;
    if (has_numbers(l) || !find_kept(l, *in, &kept, &axes, NULL))
        return;
    for (int i = 0; i < kept.rank; i++)
        if (axes >> i & 1)
            own.dim[own.rank++] = kept.dim[i];
    weights_add_init(w, "mean", own, false, "zeros");
    weights_add_init(w, "variance", own, false, "ones");
    weights_add_init(w, "count", shape_from(NULL, 0), false, "zeros");
    weights_set_dtype(w, DTYPE_INT64); /* Keras's "int", on TensorFlow */
}

static Op *statistic(const Layer *l, Lower *lw, const char *weight, int arg, Shape in) {
    Shape kept;
    unsigned axes;
    if (!find_kept(l, in, &kept, &axes, NULL))
        BUG("axes that shape() accepted are out of range");
    Op *op = has_numbers(l) ? lower_numbers(lw, l, arg) : lower_weight(lw, l, weight);
    return op_reshape(lw->ops, op, has_numbers(l) ? spread(op->shape, axes, in.rank) : kept);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    Arena *a = lw->arena;
    bool invert = arg_bool(&l->object, INVERT);
    Op *mean = statistic(l, lw, "mean", MEAN, in[0]->shape);
    Op *variance = statistic(l, lw, "variance", VARIANCE, in[0]->shape);
    const Elt *x = elt_input(a, 0), *y = elt_input(a, 1), *z = elt_input(a, 2);
    const Elt *deviation =
        elt_2(a, ELT_MAX, elt_1(a, ELT_SQRT, x), elt_number(a, smallest_deviation));
    Op *factor = op_map1(
        lw->ops, invert ? deviation : elt_2(a, ELT_DIV, elt_number(a, 1), deviation), variance);
    const Elt *tree = invert ? elt_2(a, ELT_ADD, y, elt_2(a, ELT_MUL, x, z))
                             : elt_2(a, ELT_MUL, elt_2(a, ELT_SUB, x, y), z);
    return op_map(lw->ops, tree, (Op *[]){in[0], mean, factor}, 3);
}

const LayerDef layer_normalization = {
    .class = {"Normalization", "keras.layers", .args = args, .nargs = NARGS},
    .min_rank = 1,
    .max_rank = SHAPE_MAX,
    .expects = "(..., features)",
    .integers = INTEGERS_CONVERTED,
    .check = check,
    .shape = shape,
    .weights = weights,
    .lower = to_ops,
};
