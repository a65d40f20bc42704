/* GlobalAveragePooling, GlobalMaxPooling: one number for each channel, out of all cells. */
#include "../layer.h"

enum { DATA_FORMAT, KEEPDIMS, NARGS };

static const ArgDef args[NARGS] = {
    [DATA_FORMAT] = ROW_DATA_FORMAT,
    [KEEPDIMS] = {"keepdims", ARG_BOOL, .fallback = VALUE_AS_BOOL(false),
                  .doc = "whether the pooled axes stay, with length 1"},
};

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    (void)d;
    int channel_axis = layer_channel_axis(l, DATA_FORMAT);
    bool keep = arg_bool(&l->object, KEEPDIMS);
    *out = (Shape){.batch = in->batch};
    for (int i = 0; i < in->rank; i++)
        if (i == channel_axis || keep)
            out->dim[out->rank++] = i == channel_axis ? in->dim[i] : 1;
    return true;
}

static Op *lower_reduce(const Layer *l, Lower *lw, Op *x, ReduceKind kind) {
    unsigned all = (1u << x->shape.rank) - 1;
    Op *y = op_reduce(lw->ops, x, kind, all & ~(1u << layer_channel_axis(l, DATA_FORMAT)));
    return arg_bool(&l->object, KEEPDIMS) ? y : op_reshape(lw->ops, y, shape_of(op_numel(y)));
}

static Op *lower_average(const Layer *l, Lower *lw, Op *const *in) {
    return lower_reduce(l, lw, in[0], REDUCE_MEAN);
}

static Op *lower_max(const Layer *l, Lower *lw, Op *const *in) {
    return lower_reduce(l, lw, in[0], REDUCE_MAX);
}

const LayerDef layer_global_average_pooling2d = {
    .class = {"GlobalAveragePooling2D", "keras.layers", ALIASES("GlobalAvgPool2D"), .args = args,
              .nargs = NARGS},
    .built_at_once = true,
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .integers = INTEGERS_CONVERTED,
    .shape = shape,
    .lower = lower_average,
};

const LayerDef layer_global_max_pooling2d = {
    .class = {"GlobalMaxPooling2D", "keras.layers", ALIASES("GlobalMaxPool2D"), .args = args,
              .nargs = NARGS},
    .built_at_once = true,
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .integers = INTEGERS_KEPT,
    .shape = shape,
    .lower = lower_max,
};
