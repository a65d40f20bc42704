/* Flatten: one axis out of all; channels_first is brought to channels-last first, as in Keras. */
#include "../layer.h"

enum { DATA_FORMAT, NARGS };

static const ArgDef args[NARGS] = {[DATA_FORMAT] = ROW_DATA_FORMAT};

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int64_t numel = DIM_NONE;
    if (shape_is_static(*in) && !shape_numel(*in, &numel))
        return layer_error(l, DIAG_too_large, d, "the input is too large to count");
    *out = shape_of(numel);
    out->batch = in->batch;
    return true;
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    Op *x = lower_to_channels_last(lw, in[0], layer_channels_first(l, DATA_FORMAT));
    return op_reshape(lw->ops, x, shape_of(op_numel(x)));
}

const LayerDef layer_flatten = {
    .class = {"Flatten", "keras.layers", .args = args, .nargs = NARGS},
    .integers = INTEGERS_KEPT,
    .shape = shape,
    .lower = to_ops,
};
