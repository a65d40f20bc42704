/* Reshape: the same elements in the same order under another shape. */
#include "../layer.h"

enum { TARGET_SHAPE, NARGS };

static const ArgDef args[NARGS] = {
    [TARGET_SHAPE] = {"target_shape", ARG_SHAPE, .required = true, AT_LEAST(-1),
                      .doc = "without the batch; -1 for one axis that follows from the others"},
};

static const ValueList *target(const Layer *l) {
    return l->object.args[TARGET_SHAPE].u.list;
}

static bool is_free(Value dim) {
    return dim.kind == VALUE_INT && dim.u.integer == -1;
}

static bool check(const Layer *l, Diag *d) {
    int nfree = 0;
    for (size_t i = 0; i < target(l)->items.count; i++)
        nfree += is_free(target(l)->items.at[i]);
    if (target(l)->items.count > SHAPE_MAX)
        return layer_arg_error(l, TARGET_SHAPE, DIAG_too_many_axes, d,
                               "target_shape has more than %d axes", SHAPE_MAX);
    return nfree <= 1 || layer_arg_error(l, TARGET_SHAPE, DIAG_reshape_elements, d,
                                         "target_shape has more than one -1");
}

static bool wrong_size(const Layer *l, Shape in, int64_t have, int64_t want, Diag *d) {
    Arena *a = arena_new();
    const char *text = value_repr(a, l->object.args[TARGET_SHAPE]);
    layer_arg_error(l, TARGET_SHAPE, DIAG_reshape_elements, d, "input %s cannot be reshaped to %s",
                    shape_str(a, in), text);
    diag_label(d, "%lld elements do not %s %lld", (long long)have, want == have ? "fit" : "make",
               (long long)want);
    arena_free(a);
    return false;
}

/* Fills the free axis in. Without it the products must agree. */
static bool fit(const Layer *l, Shape in, Shape *out, int free_axis, Diag *d) {
    int64_t have, want;
    if (!shape_numel(in, &have))
        return layer_error(l, DIAG_too_large, d, "the input is too large to count");
    if (free_axis >= 0)
        out->dim[free_axis] = 1;
    if (!shape_numel(*out, &want))
        return layer_arg_error(l, TARGET_SHAPE, DIAG_too_large, d, "target_shape is too large");
    if (free_axis < 0)
        return have == want || wrong_size(l, in, have, want, d);
    if (want == 0 || have % want != 0)
        return wrong_size(l, in, have, want, d);
    out->dim[free_axis] = have / want;
    return true;
}

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int free_axis = -1;
    *out = shape_from_value(l->object.args[TARGET_SHAPE]);
    out->batch = in->batch;
    bool known = shape_is_static(*in);
    for (int i = 0; i < out->rank; i++) {
        Value dim = target(l)->items.at[i];
        if (is_free(dim))
            free_axis =
                i; /* -1 is DIM_NONE too: what Keras makes of it while the input is unknown */
        known &= dim.kind == VALUE_INT;
    }
    return !known || fit(l, *in, out, free_axis, d);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    Shape out;
    if (!shape(l, &in[0]->shape, &out, NULL))
        BUG("a shape that was accepted does not fit");
    return op_reshape(lw->ops, in[0], out);
}

const LayerDef layer_reshape = {
    .class = {"Reshape", "keras.layers", .args = args, .nargs = NARGS},
    .built_at_once = true,
    .integers = INTEGERS_KEPT,
    .check = check,
    .shape = shape,
    .lower = to_ops,
};
