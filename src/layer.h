/* A layer kind: everything that kmodel knows about it, in one constant. See layers/dense.c for the
 * example to copy. A file in layers/ includes this header and no other of ours. */
#ifndef LAYER_H
#define LAYER_H

#include "layer_args.h"
#include "lower.h"
#include "model.h"

/* Collects the weights of a layer as it is built. */
typedef struct Weights Weights;

/* init: index of the initializer's argument. */
void weights_add(Weights *w, const char *name, Shape shape, bool trainable, int init_arg);
/* With an initializer by name ("zeros") for weights that have no argument of their own. */
void weights_add_init(Weights *w, const char *name, Shape shape, bool trainable,
                      const char *initializer);
/* The type that the weight added last is stored with, when it is not float32. */
void weights_set_dtype(Weights *w, DType dtype);

/* What Keras does when a layer's input holds integers, such as Input(dtype='uint8'). */
typedef enum Integers {
    INTEGERS_REFUSED,   /* TensorFlow has no such computation */
    INTEGERS_CONVERTED, /* to float32 */
    INTEGERS_KEPT,      /* values are only moved: the output holds integers too */
} Integers;

/* Hooks may be NULL; what that means stands beside them. */
struct LayerDef {
    ClassDef class;          /* name, aliases, arguments */
    int min_rank, max_rank;  /* of the input, batch not counted: (0, 0) any. Errors say `expects` */
    const char *expects;     /* "(height, width, channels)" */
    bool closed;             /* takes its own arguments only, not layer_common_args */
    bool built_at_once;      /* Keras calls it built before it has seen an input */
    Integers integers;       /* what an input of integers does */
    const char *downsamples; /* "pooling layer": what to drop when a later window does not fit */

    /* Rules between arguments, once all are bound. NULL: there are none. */
    bool (*check)(const Layer *l, Diag *d);

    /* Layers that begin a model: shape and type of what comes in. NULL: it reads other layers. */
    void (*input)(const Layer *l, Tensor *out);

    /* Output shape. in[0] is known and of a rank that was allowed. NULL: the same as the input. */
    bool (*shape)(const Layer *l, const Shape *in, Shape *out, Diag *d);

    /* Weights in Keras's order, through weights_add. NULL: none. */
    void (*weights)(const Layer *l, const Shape *in, Weights *w);

    /* The ops that compute it. NULL: the input itself (identity when predicting). */
    Op *(*lower)(const Layer *l, Lower *lw, Op *const *in);
};

const LayerDef *layer_find(const char *name); /* class name or alias; NULL */
const LayerDef *const *layer_all(size_t *count);

/* Arguments that every layer takes beside its own, unless it is closed. */
enum {
    COMMON_NAME,
    COMMON_TRAINABLE,
    COMMON_DTYPE,
    COMMON_AUTOCAST,
    COMMON_ACTIVITY_REGULARIZER,
    COMMON_INPUT_SHAPE,
    COMMON_INPUT_DIM,
    COMMON_COUNT,
};
extern const ArgDef layer_common_args[COMMON_COUNT];

/* A bound ARG_SHAPE, which has at most SHAPE_MAX axes. None becomes DIM_NONE. */
Shape shape_from_value(Value v);

/* An error about a layer, underlined at its class name; once the layer has an input, a note shows
 * the layer that gave it its shape. Use for shape errors; diag_label and diag_help may follow. */
bool layer_error(const Layer *l, DiagCode code, Diag *d, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same for the fault of one argument: underlined up to there. */
bool layer_arg_error(const Layer *l, int arg, DiagCode code, Diag *d, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* What the layer that comes before this one and makes its input smaller is called ("pooling
 * layer"), for a help line; NULL if none does. */
const char *layer_downsampled_by(const Layer *l);

/* An axis argument: index into dim[]. An axis that is out of range, or the batch's, is an error at
 * the argument. */
bool layer_axis(const Layer *l, int arg, int64_t axis, Shape in, int *index, Diag *d);

/* An axis whose length decides a weight's shape cannot be None. */
bool layer_needs_axis(const Layer *l, Shape in, int index, const char *what, Diag *d);

/* ARG_NUMBERS: the shape of the nested lists; whether numpy would broadcast them to the input; the
 * constant. */
bool numbers_shape(const Layer *l, int arg, Shape *s, Diag *d);
bool numbers_fit(const Layer *l, int arg, Shape in, Diag *d);
Op *lower_numbers(Lower *lw, const Layer *l, int arg);

/* Layers over (spatial..., channels). data_format: index of that argument; true for
 * 'channels_first'. */
bool layer_channels_first(const Layer *l, int data_format);
int layer_channel_axis(const Layer *l, int data_format); /* index into dim[] */
int layer_spatial_axis(const Layer *l, int data_format); /* of the first one */

/* A layer that moves a window: which of its arguments say how. -1: it has none (dilation 1). */
typedef struct WindowArgs {
    int kernel, strides, padding, dilation, data_format;
} WindowArgs;

/* Output shape with `channels` channels; a window that does not fit is an error at the kernel. */
bool window_shape(const Layer *l, const WindowArgs *args, Shape in, int64_t channels, Shape *out,
                  Diag *d);

/* Channels of the input times multiplier; unknown channels and overflow are errors. */
bool window_channels(const Layer *l, const WindowArgs *args, Shape in, int64_t multiplier,
                     int64_t *channels, Diag *d);

/* Shape of a convolution's kernel: (window..., in, out). */
Shape window_kernel(const Layer *l, const WindowArgs *args, int64_t in, int64_t out);

/* As Keras: strides and dilation_rate cannot both be greater than 1. */
bool window_strides_or_dilation(const Layer *l, const WindowArgs *args, Diag *d);

/* The window for the ops. x is channels-last and static. */
Spatial window_spatial(const Layer *l, const WindowArgs *args, Shape x);

/* Activations: one table of names to elementwise trees or ops (activation.c). An argument of type
 * ARG_ACTIVATION is lowered with this; `linear` and None give x back. */
Op *lower_activation(Lower *lw, const Object *o, int arg, Op *x);
Op *lower_activation_named(Lower *lw, const char *name, Op *x);

/* Whether the layer's activations can be applied to its output; a diagnostic if not. */
bool activations_fit(const Layer *l, Shape out, Diag *d);

/* Trees that layers share with the activations of their names. max_value is NaN for None. */
const Elt *activation_relu(Arena *a, double slope, double max_value, double threshold);
const Elt *activation_leaky_relu(Arena *a, double slope);
const Elt *activation_elu(Arena *a, double alpha);

#endif
