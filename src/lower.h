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

/* The whole model. False after a diagnostic: the model is unbuilt, has unknown axes, or needs what
 * is not there yet. */
Ops *lower(Arena *a, const Model *m, Diag *d);

#endif
