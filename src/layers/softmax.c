/* Softmax: exp(x) over its sum along one axis or several. */
#include "../layer.h"

enum { AXIS, NARGS };

static const ArgDef args[NARGS] = {
    [AXIS] = {"axis", ARG_AXIS, .fallback = VALUE_AS_INT(-1), .doc = "one, or a list"},
};

static bool add_axis(const Layer *l, Shape in, int64_t axis, unsigned *axes, Diag *d) {
    int index;
    if (!layer_axis(l, AXIS, axis, in, &index, d))
        return false;
    if (*axes & 1u << index)
        return layer_arg_error(l, AXIS, DIAG_axis_range, d, "axis %lld is named twice",
                               (long long)axis);
    *axes |= 1u << index;
    return true;
}

/* The axes as a set of bits. */
static bool find_axes(const Layer *l, Shape in, unsigned *axes, Diag *d) {
    Value axis = l->object.args[AXIS];
    *axes = 0;
    if (axis.kind == VALUE_INT)
        return add_axis(l, in, axis.u.integer, axes, d);
    if (axis.u.list->items.count == 0)
        return layer_arg_error(l, AXIS, DIAG_axis_range, d, "Softmax needs an axis");
    for (size_t i = 0; i < axis.u.list->items.count; i++)
        if (!add_axis(l, in, axis.u.list->items.at[i].u.integer, axes, d))
            return false;
    return true;
}

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    unsigned axes;
    *out = *in;
    return find_axes(l, *in, &axes, d);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    unsigned axes;
    if (!find_axes(l, in[0]->shape, &axes, NULL))
        BUG("axes that shape() accepted are out of range");
    return op_softmax(lw->ops, in[0], axes, false);
}

const LayerDef layer_softmax = {
    .class = {"Softmax", "keras.layers", .args = args, .nargs = NARGS},
    .built_at_once = true,
    .shape = shape,
    .lower = to_ops,
};
