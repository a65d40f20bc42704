/* The model: layers, their nodes (calls) and the tensors between them. A DAG from the first day: a
 * Sequential model is the DAG in which every node reads the one before. Made by check (from source)
 * or by formats/ (from a saved model), read by everything after; weights' data are attached last.
 */
#ifndef MODEL_H
#define MODEL_H

#include "class.h"

#include <stdio.h>

typedef struct LayerDef LayerDef; /* layer.h */
typedef struct Layer Layer;
typedef struct Node Node;
typedef struct Model Model;

typedef enum DType {
    DTYPE_FLOAT32,
    DTYPE_FLOAT64,
    DTYPE_FLOAT16,
    DTYPE_BFLOAT16,
    DTYPE_INT32,
    DTYPE_INT64,
    DTYPE_UINT8,
    DTYPE_BOOL
} DType;

typedef struct Tensor {
    Shape shape;
    DType dtype;
    Node *producer; /* NULL for nothing: every tensor has one, an InputLayer's node for inputs */
} Tensor;

typedef struct Weight {
    const char *name;   /* "kernel": Keras's name, also the last component of its path in files */
    Shape shape;        /* batch unused */
    bool trainable;     /* by its own nature; a frozen layer makes all of them non-trainable */
    DType dtype;        /* how Keras stores it: decides the summary's bytes */
    const Object *init; /* the initializer; its default when none was given */
    int64_t fan_in, fan_out; /* for variance-scaling initializers, as Keras computes them */
    const float
        *data; /* numel floats, row-major, Keras's layout; NULL until weights are attached */
} Weight;

struct Layer {
    const LayerDef *def;
    Object object;    /* bound constructor arguments */
    Value *common;    /* layer_common_args, bound */
    const char *name; /* unique in its model */
    bool auto_named;  /* by the Namer: nobody gave it a name */
    bool trainable;
    const char *dtype; /* policy name: "float32", "mixed_float16" */
    bool built;
    Weight *weights; /* in Keras's order (file order) once built */
    int nweights;
    const Node *node; /* its latest call: the input that errors speak of; NULL before the first */
    Span span;        /* where it was constructed; SPAN_NONE when imported */
};

/* One call of a layer. */
struct Node {
    Layer *layer;
    Tensor **in;
    int nin;
    Tensor *out; /* the first output; layers with more come with graphs */
};

struct Model {
    const char *name;
    bool sequential;
    Arena *arena;
    Vec(Layer *) layers; /* as model.layers of Keras: without the InputLayer of a Sequential */
    Vec(Node *)
        nodes; /* topological; InputLayers' nodes included; empty for an unbuilt Sequential */
    Tensor *input, *output; /* NULL while unbuilt */
    bool trainable;
    /* Variables of the optimizer that a saved model was compiled with; 0: it was not. */
    int64_t optimizer_params, optimizer_bytes;
    Span span;
    bool failed; /* some layer was rejected: shapes after it are unknown, checks about it stay quiet
                  */
};

/* Automatic names: conv2d, conv2d_1, ... one counter per snake name, as in Keras. One per
 * compilation. */
typedef struct Namer Namer;
Namer *namer_new(Arena *a);
const char *namer_next(Namer *n, const char *class_name);
void namer_reset(Namer *n);                         /* keras.backend.clear_session() */
char *snake_case(Arena *a, const char *class_name); /* Conv2D -> conv2d, LeakyReLU -> leaky_re_lu */

/* Constructs a layer from a call of its class: binds arguments, names it. NULL after a diagnostic.
 * The span is of the whole call, span of the class name in it comes from `callee`. */
Layer *layer_new(Arena *a, const LayerDef *def, const CallArgs *call, Span callee, Span span,
                 Namer *names, Diag *d);

Model *model_new_sequential(Arena *a, const char *name, Namer *names, Span span);

/* Sequential.add: gives the layer its node, builds its weights, computes its output shape. The
 * first layer may carry input_shape; without, the model stays unbuilt and the layer waits. An
 * InputLayer makes the input. False after a diagnostic; the model then counts as failed. */
bool model_add(Model *m, Layer *l, Namer *names, Diag *d);

/* Sequential.build(input_shape): for models that no layer gave an input shape. */
bool model_build(Model *m, Shape input, Span span, Namer *names, Diag *d);

/* Stands for a layer that could not be made: the model has failed, and what follows is unknown. */
void model_add_failed(Model *m);

/* Sequential.pop: takes the last layer off, or, without layers, the input. NULL: there is none. */
Layer *model_pop(Model *m);

bool model_is_built(const Model *m);
int64_t layer_count_params(const Layer *l);
typedef struct ParamCount {
    int64_t total, trainable, non_trainable, total_bytes, trainable_bytes, non_trainable_bytes;
} ParamCount;
ParamCount model_count_params(const Model *m);
Layer *model_find_layer(const Model *m, const char *name);

/* --emit model: one layer a line with bound arguments, shapes, weights. */
void model_dump(const Model *m, FILE *out);
void model_verify(const Model *m); /* asserts what lower() relies on */

/* summary.c: what model.summary() prints. */
typedef enum SummaryStyle { SUMMARY_KERAS3, SUMMARY_KERAS2 } SummaryStyle;
typedef struct SummaryOptions {
    SummaryStyle style;
    int line_length;   /* 0: Keras's default */
    int console_width; /* 0: $COLUMNS, else 80 */
    bool show_trainable;
    bool expand_nested;
    const char *range_first, *range_last; /* layer_range: regexes, or NULL */
} SummaryOptions;
/* False if Keras would raise (range matches nothing, width too small): *error then says why. */
bool model_summary(const Model *m, const SummaryOptions *options, FILE *out, const char **error);

#endif
