/* UpSampling2D: each row and column becomes size[0] and size[1] of them, repeated or interpolated
 * between half-pixel centres. */
#include "../layer.h"

#include <string.h>

enum { SIZE, DATA_FORMAT, INTERPOLATION, NARGS };

static const ArgDef args2d[NARGS] = {
    [SIZE] = {"size", ARG_INTS, .count = 2, AT_LEAST(1), .fallback = VALUE_AS_INT(2),
              .doc = "factors of height and width"},
    [DATA_FORMAT] = ROW_DATA_FORMAT,
    [INTERPOLATION] = {"interpolation", ARG_CHOICE, .fallback = VALUE_AS_STR("nearest"),
                       CHOICES("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"),
                       .any_case = true, .doc = "what stands between the cells"},
};

/* When enlarging by a whole factor, the mean over a cell's part of the area is the cell. */
static const struct {
    const char *name;
    ResizeKind kind;
} kinds[] = {
    {"nearest", RESIZE_NEAREST},   {"bilinear", RESIZE_BILINEAR}, {"bicubic", RESIZE_BICUBIC},
    {"lanczos3", RESIZE_LANCZOS3}, {"lanczos5", RESIZE_LANCZOS5}, {"area", RESIZE_NEAREST},
};

static ResizeKind resize_kind(const Layer *l) {
    const char *name = arg_str(&l->object, INTERPOLATION);
    size_t i = 0;
    while (strcmp(kinds[i].name, name) != 0)
        i++;
    return kinds[i].kind;
}

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    int first = layer_spatial_axis(l, DATA_FORMAT);
    *out = *in;
    for (int i = 0; i < in->rank - 1; i++) {
        int64_t *length = &out->dim[first + i];
        if (*length != DIM_NONE &&
            __builtin_mul_overflow(*length, arg_int_at(&l->object, SIZE, i), length))
            return layer_arg_error(l, SIZE, DIAG_too_large, d, "the output is too large");
    }
    return true;
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    bool first = layer_channels_first(l, DATA_FORMAT);
    Op *x = lower_to_channels_last(lw, in[0], first);
    Shape enlarged = x->shape;
    for (int i = 0; i < enlarged.rank - 1; i++)
        enlarged.dim[i] *= arg_int_at(&l->object, SIZE, i);
    return lower_from_channels_last(lw, op_resize(lw->ops, x, resize_kind(l), enlarged), first);
}

const LayerDef layer_up_sampling2d = {
    .class = {"UpSampling2D", "keras.layers", .args = args2d, .nargs = NARGS},
    .min_rank = 3,
    .max_rank = 3,
    .expects = "(height, width, channels)",
    .shape = shape,
    .lower = to_ops,
};
