/* What reader and writer of Keras 3's weight files share. */
#ifndef WEIGHTS_KERAS3_H
#define WEIGHTS_KERAS3_H

#include "model.h"

/* conv2d, conv2d_1, ...: the group of the index-th layer, by class and position, whatever its name.
 */
const char *keras3_layer_key(Arena *a, const Model *m, size_t index);

#endif
