/* Rescaling: y = x * scale + offset; lists run along the last axes. */
#include "../layer.h"

enum { SCALE, OFFSET, NARGS };

static const ArgDef args[NARGS] = {
    [SCALE] = {"scale", ARG_NUMBERS, .required = true, .doc = "a number or a list of them"},
    [OFFSET] = {"offset", ARG_NUMBERS, .fallback = VALUE_AS_FLOAT(0),
                .doc = "a number or a list of them"},
};

static bool shape(const Layer *l, const Shape *in, Shape *out, Diag *d) {
    *out = *in;
    return numbers_fit(l, SCALE, *in, d) && numbers_fit(l, OFFSET, *in, d);
}

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    Arena *a = lw->arena;
    Op *scale = lower_numbers(lw, l, SCALE), *offset = lower_numbers(lw, l, OFFSET);
    const Elt *product = elt_2(a, ELT_MUL, elt_input(a, 0), elt_input(a, 1));
    return op_map(lw->ops, elt_2(a, ELT_ADD, product, elt_input(a, 2)),
                  (Op *[]){in[0], scale, offset}, 3);
}

const LayerDef layer_rescaling = {
    .class = {"Rescaling", "keras.layers", .args = args, .nargs = NARGS},
    .integers = INTEGERS_CONVERTED,
    .shape = shape,
    .lower = to_ops,
};
