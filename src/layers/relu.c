/* ReLU, LeakyReLU, ELU: the activations of these names, with their arguments. */
#include "../layer.h"

#include <math.h>

enum { MAX_VALUE, NEGATIVE_SLOPE, THRESHOLD, RELU_NARGS };
enum { SLOPE, LEAKY_NARGS };
enum { ALPHA, ELU_NARGS };

static const ArgDef relu_args[RELU_NARGS] = {
    [MAX_VALUE] = {"max_value", ARG_FLOAT, DEFAULT_NONE, AT_LEAST(0), .doc = "None: no limit"},
    [NEGATIVE_SLOPE] = {"negative_slope", ARG_FLOAT, AT_LEAST(0), .fallback = VALUE_AS_FLOAT(0),
                        .doc = "factor below the threshold"},
    [THRESHOLD] = {"threshold", ARG_FLOAT, AT_LEAST(0), .fallback = VALUE_AS_FLOAT(0),
                   .doc = "values above it stay"},
};
static const ArgDef leaky_args[LEAKY_NARGS] = {
    [SLOPE] = {"negative_slope", ARG_FLOAT, AT_LEAST(0), .fallback = VALUE_AS_FLOAT(0.3),
               .old_name = "alpha", .doc = "factor below 0"},
};
static const ArgDef elu_args[ELU_NARGS] = {
    [ALPHA] = {"alpha", ARG_FLOAT, .fallback = VALUE_AS_FLOAT(1), .doc = "-alpha is the limit"},
};

static Op *lower_relu(const Layer *l, Lower *lw, Op *const *in) {
    const Object *o = &l->object;
    double max_value = arg_is_none(o, MAX_VALUE) ? NAN : arg_float(o, MAX_VALUE);
    return op_map1(lw->ops,
                   activation_relu(lw->arena, arg_float(o, NEGATIVE_SLOPE), max_value,
                                   arg_float(o, THRESHOLD)),
                   in[0]);
}

static Op *lower_leaky(const Layer *l, Lower *lw, Op *const *in) {
    return op_map1(lw->ops, activation_leaky_relu(lw->arena, arg_float(&l->object, SLOPE)), in[0]);
}

static Op *lower_elu(const Layer *l, Lower *lw, Op *const *in) {
    return op_map1(lw->ops, activation_elu(lw->arena, arg_float(&l->object, ALPHA)), in[0]);
}

const LayerDef layer_relu = {
    .class = {"ReLU", "keras.layers", .args = relu_args, .nargs = RELU_NARGS},
    .built_at_once = true,
    .lower = lower_relu,
};

const LayerDef layer_leaky_relu = {
    .class = {"LeakyReLU", "keras.layers", .args = leaky_args, .nargs = LEAKY_NARGS},
    .built_at_once = true,
    .lower = lower_leaky,
};

const LayerDef layer_elu = {
    .class = {"ELU", "keras.layers", .args = elu_args, .nargs = ELU_NARGS},
    .built_at_once = true,
    .lower = lower_elu,
};
