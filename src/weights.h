/* Building a layer's weights from its LayerDef. */
#ifndef WEIGHTS_H
#define WEIGHTS_H

#include "layer.h"

/* Makes the weights for this input; a layer that has them already must need the same ones. False
 * after a diagnostic. */
bool weights_build(Arena *a, Layer *l, const Shape *in, Diag *d);

#endif
