/* Identity: its input. */
#include "../layer.h"

const LayerDef layer_identity = {
    .class = {"Identity", "keras.layers"},
    .integers = INTEGERS_KEPT,
};
