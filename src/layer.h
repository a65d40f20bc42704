/* A layer kind: everything that kmodel knows about it, in one constant. See layers/dense.c for the
 * example to copy. A file in layers/ includes this header and no other of ours. */
#ifndef LAYER_H
#define LAYER_H

#include "lower.h"
#include "model.h"

/* Collects the weights of a layer as it is built. */
typedef struct Weights Weights;

/* init: index of the initializer's argument. */
void weights_add(Weights *w, const char *name, Shape shape, bool trainable, int init_arg);
/* With an initializer by name ("zeros") for weights that have no argument of their own. */
void weights_add_init(Weights *w, const char *name, Shape shape, bool trainable,
                      const char *initializer);

/* Hooks may be NULL; what that means stands beside them. */
struct LayerDef {
    ClassDef class;         /* name, aliases, arguments */
    int min_rank, max_rank; /* of the input, batch not counted: (0, 0) any. Errors say `expects` */
    const char *expects;    /* "(height, width, channels)" */

    /* Rules between arguments, once all are bound. NULL: there are none. */
    bool (*check)(const Layer *l, Diag *d);

    /* Output shape. in[0] is known and of a rank that was allowed. NULL: the same as the input. */
    bool (*shape)(const Layer *l, const Shape *in, Shape *out, Diag *d);

    /* Weights in Keras's order, through weights_add. NULL: none. */
    void (*weights)(const Layer *l, const Shape *in, Weights *w);

    /* The ops that compute it. NULL: the input itself (identity when predicting). */
    Op *(*lower)(const Layer *l, Lower *lw, Op *const *in);
};

const LayerDef *layer_find(const char *name); /* class name or alias; NULL */
const LayerDef *const *layer_all(size_t *count);

/* Arguments that every layer takes: name, dtype, trainable, and the first layer's input_shape,
 * batch_input_shape, batch_size, input_dim. */
extern const ArgDef layer_common_args[];
extern const int layer_ncommon;

/* The error for an input that a layer cannot take; the note shows the layer it comes from. Use for
 * shape errors. */
bool layer_error(const Layer *l, DiagCode code, Diag *d, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Activations: one table of names to elementwise trees or ops (activation.c). An argument of type
 * ARG_ACTIVATION is lowered with this; `linear` and None give x back. */
Op *lower_activation(Lower *lw, const Object *o, int arg, Op *x);
Op *lower_activation_named(Lower *lw, const char *name, Op *x);

#endif
