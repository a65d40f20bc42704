/* Identity: its input. */
#include "../layer.h"

const LayerDef layer_identity = {
    .class = {.name = "Identity", .module = "keras.layers"},
    .built_at_once = true,
    .integers = INTEGERS_KEPT,
};
