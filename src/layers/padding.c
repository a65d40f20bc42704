/* ZeroPadding2D, Cropping2D: rows and columns added around the picture, or taken away. */
#include "../layer.h"

enum { AMOUNTS, DATA_FORMAT, NARGS };

#define ARGS(name_, n, value, text)                                                                \
    {                                                                                              \
        [AMOUNTS] = {name_, ARG_PAIRS, .count = (n), AT_LEAST(0), .fallback = VALUE_AS_INT(value), \
                     .doc = text},                                                                 \
        [DATA_FORMAT] = ROW_DATA_FORMAT,                                                           \
    }

static const ArgDef padding2d_args[NARGS] =
    ARGS("padding", 2, 1, "n, (rows, columns) or ((top, bottom), (left, right))");
static const ArgDef cropping2d_args[NARGS] =
    ARGS("cropping", 2, 0, "n, (rows, columns) or ((top, bottom), (left, right))");

static int64_t amount(const Layer *l, int axis, int side) {
    const ValueList *pairs = l->object.args[AMOUNTS].u.list;
    return pairs->items.at[axis].u.list->items.at[side].u.integer;
}

static bool pad_shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int first = layer_spatial_axis(l, DATA_FORMAT);
    *out = *in;
    for (int i = 0; i < in->rank - 1; i++) {
        int64_t *length = &out->dim[first + i];
        if (*length != DIM_NONE && (__builtin_add_overflow(*length, amount(l, i, 0), length) ||
                                    __builtin_add_overflow(*length, amount(l, i, 1), length)))
            return layer_arg_error(l, AMOUNTS, DIAG_too_large, d, "the padding is too large");
    }
    return true;
}

static bool crop_shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int first = layer_spatial_axis(l, DATA_FORMAT);
    *out = *in;
    for (int i = 0; i < in->rank - 1; i++) {
        int64_t length = in->dim[first + i], before = amount(l, i, 0), after = amount(l, i, 1);
        if (length == DIM_NONE)
            continue;
        if (before >= length || after >= length - before)
            return layer_arg_error(l, AMOUNTS, DIAG_crop_too_large, d,
                                   "cropping %lld + %lld cells leaves nothing of the %lld along "
                                   "axis %d",
                                   (long long)before, (long long)after, (long long)length,
                                   first + i + 1);
        out->dim[first + i] = length - before - after;
    }
    return true;
}

/* Negative amounts crop. */
static Op *lower_pad(const Layer *l, Lower *lw, Op *x, int sign) {
    int first = layer_spatial_axis(l, DATA_FORMAT);
    int64_t before[SHAPE_MAX] = {0}, after[SHAPE_MAX] = {0};
    for (int i = 0; i < x->shape.rank - 1; i++) {
        before[first + i] = sign * amount(l, i, 0);
        after[first + i] = sign * amount(l, i, 1);
    }
    return op_pad(lw->ops, x, before, after, 0);
}

static Op *lower_padding(const Layer *l, Lower *lw, Op *const *in) {
    return lower_pad(l, lw, in[0], 1);
}

static Op *lower_cropping(const Layer *l, Lower *lw, Op *const *in) {
    return lower_pad(l, lw, in[0], -1);
}

const LayerDef layer_zero_padding2d = {
    .class = {"ZeroPadding2D", "keras.layers", .args = padding2d_args, .nargs = NARGS},
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .integers = INTEGERS_KEPT,
    .shape = pad_shape,
    .lower = lower_padding,
};

const LayerDef layer_cropping2d = {
    .class = {"Cropping2D", "keras.layers", .args = cropping2d_args, .nargs = NARGS},
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .integers = INTEGERS_KEPT,
    .downsamples = "cropping layer",
    .shape = crop_shape,
    .lower = lower_cropping,
};
