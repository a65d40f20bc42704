/* Lowering: Model -> Ops. Layers' lower hooks build ops through this. */
#ifndef LOWER_H
#define LOWER_H

#include "op.h"

/* What a lower hook works with. */
typedef struct Lower {
    Ops *ops;
    Arena *arena;
    bool halved; /* by glu, the one activation that changes the shape; Keras's own shapes miss it */
} Lower;

/* The op of the layer's weight called name ("kernel"); NULL if the layer has none of that name
 * (use_bias=False). */
Op *lower_weight(Lower *lw, const Layer *l, const char *name);

/* For layers with data_format='channels_first': brings x to channels-last and the result back; both
 * give x itself when channels_first is false. */
Op *lower_to_channels_last(Lower *lw, Op *x, bool channels_first);
Op *lower_from_channels_last(Lower *lw, Op *x, bool channels_first);

/* A vector that is to run along one axis of an operand of `rank` axes: reshaped so that it
 * broadcasts. */
Op *lower_along(Lower *lw, Op *vector, int axis, int rank);

/* x is channels-last; kernel (window..., channels, multiplier); bias may be NULL. */
Op *lower_depthwise(Lower *lw, Op *x, Op *kernel, Op *bias, Spatial window);

/* The whole model. False after a diagnostic: the model is unbuilt, has unknown axes, or needs what
 * is not there yet. */
Ops *lower(Arena *a, const Model *m, Diag *d);

#endif
