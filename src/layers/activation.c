/* Activation: a function by name. */
#include "../layer.h"

enum { ACTIVATION, NARGS };

static const ArgDef args[NARGS] = {
    [ACTIVATION] = {"activation", ARG_ACTIVATION, .required = true, .nullable = true,
                    .doc = "name, function of keras.activations or layer"},
};

static Op *to_ops(const Layer *l, Lower *lw, Op *const *in) {
    return lower_activation(lw, &l->object, ACTIVATION, in[0]);
}

const LayerDef layer_activation = {
    .class = {"Activation", "keras.layers", .args = args, .nargs = NARGS},
    .built_at_once = true,
    .lower = to_ops,
};
