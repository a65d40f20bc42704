/* Sequential models: every added layer reads the one before it. */
#include "layer.h"
#include "weights.h"

#include <string.h>

Model *model_new_sequential(Arena *a, const char *name, Namer *names, Span span) {
    Model *m = arena_alloc(a, sizeof *m);
    *m = (Model){.arena = a, .sequential = true, .trainable = true, .span = span};
    m->name = name ? name : namer_next(names, "Sequential");
    return m;
}

/* An input alone is no model yet, as in Keras. */
bool model_is_built(const Model *m) {
    return m->output && m->layers.count > 0;
}

Layer *model_find_layer(const Model *m, const char *name) {
    for (size_t i = 0; i < m->layers.count; i++)
        if (strcmp(m->layers.at[i]->name, name) == 0)
            return m->layers.at[i];
    return NULL;
}

static Node *node_new(Model *m, Layer *l, Tensor *in) {
    Node *node = arena_alloc(m->arena, sizeof *node);
    node->layer = l;
    node->out = arena_alloc(m->arena, sizeof *node->out);
    *node->out = (Tensor){.shape = SHAPE_UNKNOWN, .dtype = DTYPE_FLOAT32, .producer = node};
    if (in) {
        node->in = arena_alloc(m->arena, sizeof *node->in);
        node->in[0] = in;
        node->nin = 1;
    }
    vec_push(m->arena, &m->nodes, node);
    l->node = node;
    return node;
}

static const char *rank_text(const LayerDef *def, Arena *a) {
    if (def->min_rank == def->max_rank)
        return arena_printf(a, "%d", def->min_rank + 1);
    if (def->max_rank >= SHAPE_MAX)
        return arena_printf(a, "%d or more", def->min_rank + 1);
    return arena_printf(a, "%d to %d", def->min_rank + 1, def->max_rank + 1);
}

/* Rows where an image is wanted: they were flattened too early, or never were an image. */
static void help_flat(const Layer *l, Diag *d) {
    const Node *node = l->node->in[0]->producer;
    while (node->nin > 0 && node->in[0]->shape.rank < 3)
        node = node->in[0]->producer;
    if (node->nin > 0)
        diag_help(d, "put it before the %s", node->layer->def->class.name);
    else
        diag_help(d, "put Reshape((height, width, channels)) before it");
}

/* A picture without its channels is the usual mistake. */
static void help_rank(const Model *m, const Layer *l, Shape in, Diag *d) {
    const LayerDef *def = l->def;
    if (in.rank > def->max_rank) {
        diag_help(d, "put Flatten() or a Reshape before it");
    } else if (in.rank == 1 && def->min_rank == 3) {
        help_flat(l, d);
    } else if (in.rank == def->min_rank - 1 && shape_is_static(in)) {
        Shape wider = in;
        wider.dim[wider.rank++] = 1;
        diag_help(d, "an axis is missing: with one channel it would be %s",
                  shape_str(m->arena, wider));
    }
}

static bool check_rank(Model *m, const Layer *l, Shape in, Diag *d) {
    const LayerDef *def = l->def;
    if ((def->min_rank == 0 && def->max_rank == 0) ||
        (in.rank >= def->min_rank && in.rank <= def->max_rank))
        return true;
    layer_error(l, DIAG_input_rank, d, "%s needs %s axes, (batch, %s, but its input is %s",
                def->class.name, rank_text(def, m->arena), def->expects + 1,
                shape_str(m->arena, in));
    help_rank(m, l, in, d);
    return false;
}

static bool is_integer(DType dtype) {
    return dtype == DTYPE_INT32 || dtype == DTYPE_INT64 || dtype == DTYPE_UINT8 ||
           dtype == DTYPE_BOOL;
}

static bool check_dtype(const Layer *l, const Tensor *in, Diag *d) {
    if (!is_integer(in->dtype) || l->def->integers != INTEGERS_REFUSED)
        return true;
    layer_error(l, DIAG_keras_cannot, d, "%s cannot take integers, but its input holds them",
                l->def->class.name);
    diag_help(d, "put Rescaling(1.0) before it: its output is float32");
    return false;
}

/* The layer's output for this input; its weights, the first time. */
static bool call_layer(Model *m, Layer *l, const Tensor *in, Tensor *out, Diag *d) {
    Shape shape = in->shape;
    int64_t numel;
    if (is_integer(in->dtype) && l->def->integers == INTEGERS_KEPT)
        out->dtype = in->dtype;
    if (!shape_is_known(in->shape))
        return true; /* whoever made it has said why */
    if (!check_rank(m, l, in->shape, d) || !check_dtype(l, in, d) ||
        (l->def->shape && !l->def->shape(l, &in->shape, &shape, d)))
        return false;
    if (shape_is_static(shape) && !shape_numel(shape, &numel))
        return layer_error(l, DIAG_too_large, d, "an output of %s is too large to count",
                           shape_str(m->arena, shape));
    if (!activations_fit(l, shape, d) || !weights_build(m->arena, l, &in->shape, d))
        return false;
    out->shape = shape;
    return true;
}

static bool attach(Model *m, Layer *l, Diag *d) {
    Node *node = node_new(m, l, m->output);
    m->output = node->out;
    if (call_layer(m, l, node->in[0], node->out, d))
        return true;
    m->failed = true;
    return false;
}

static void begin(Model *m, Layer *input) {
    Node *node = node_new(m, input, NULL);
    input->def->input(input, node->out);
    input->built = true;
    m->input = m->output = node->out;
}

/* Layers that were added before the input's shape was known. */
static bool attach_waiting(Model *m, Diag *d) {
    bool ok = true;
    for (size_t i = 0; i < m->layers.count; i++)
        ok &= attach(m, m->layers.at[i], d);
    return ok;
}

/* An InputLayer that Keras makes by itself. */
static Layer *make_input(Model *m, Shape shape, bool with_batch, Span span, Namer *names, Diag *d) {
    Value dims[SHAPE_MAX + 1];
    size_t n = 0;
    for (int i = with_batch ? -1 : 0; i < shape.rank; i++) {
        int64_t length = i < 0 ? shape.batch : shape.dim[i];
        dims[n++] = length == DIM_NONE ? value_none() : value_int(length);
    }
    CallArgs call = {0};
    vec_push(m->arena, &call,
             (CallArg){.name = with_batch ? "batch_shape" : "shape",
                       .name_span = span,
                       .value = value_tuple(m->arena, dims, n),
                       .span = SPAN_NONE});
    return layer_new(m->arena, layer_find("InputLayer"), &call, span, span, names, d);
}

/* input_shape= or input_dim= of the first layer. False if it is wrong; *input stays NULL if there
 * is none. */
static bool input_of_first(Model *m, const Layer *l, Namer *names, Layer **input, Diag *d) {
    Value dim = l->common[COMMON_INPUT_DIM], dims = l->common[COMMON_INPUT_SHAPE];
    *input = NULL;
    if (dim.kind == VALUE_INT)
        dims = value_tuple(m->arena, &dim, 1);
    if (dims.kind != VALUE_TUPLE)
        return true;
    if (dims.u.list->items.count > SHAPE_MAX)
        return layer_error(l, DIAG_too_many_axes, d, "an input has at most %d axes", SHAPE_MAX);
    *input = make_input(m, shape_from_value(dims), false, l->span, names, d);
    return *input != NULL;
}

static bool add_input(Model *m, Layer *l, Diag *d) {
    if (m->input) {
        diag_error(d, DIAG_second_input, l->object.span, "model '%s' has its input already, %s",
                   m->name, shape_str(m->arena, m->input->shape));
        diag_note(d, m->input->producer->layer->span, "here");
        return false;
    }
    if (m->layers.count > 0)
        return layer_error(l, DIAG_second_input, d, "the input comes before the first layer");
    begin(m, l);
    return true;
}

static bool check_unique(const Model *m, const Layer *l, Diag *d) {
    const Layer *other = model_find_layer(m, l->name);
    if (!other)
        return true;
    diag_error(d, DIAG_duplicate_layer, l->object.span,
               other == l ? "layer '%s' is in the model already"
                          : "a layer of the model is called '%s' already",
               l->name);
    diag_note(d, other->span, "here");
    diag_help(d, other == l ? "make a new %s for each place" : "give this %s another name=",
              l->def->class.name);
    return false;
}

static bool add(Model *m, Layer *l, Namer *names, Diag *d) {
    if (l->def->input)
        return add_input(m, l, d);
    if (!check_unique(m, l, d))
        return false;
    if (!m->input && m->layers.count == 0) {
        Layer *input;
        if (!input_of_first(m, l, names, &input, d))
            return false;
        if (input)
            begin(m, input);
    }
    vec_push(m->arena, &m->layers, l);
    return !m->input || attach(m, l, d);
}

bool model_add(Model *m, Layer *l, Namer *names, Diag *d) {
    bool ok = add(m, l, names, d);
    m->failed |= !ok;
    return ok;
}

bool model_build(Model *m, Shape input, Span span, Namer *names, Diag *d) {
    if (m->input && shape_equal(m->input->shape, input))
        return true;
    if (m->input)
        return diag_error(d, DIAG_second_input, span,
                          "model '%s' has its input already: %s, not %s", m->name,
                          shape_str(m->arena, m->input->shape), shape_str(m->arena, input));
    if (m->layers.count == 0)
        return diag_error(d, DIAG_no_layers, span, "model '%s' has no layers", m->name);
    Layer *l = make_input(m, input, true, span, names, d);
    if (!l)
        return false;
    begin(m, l);
    return attach_waiting(m, d);
}

void model_add_failed(Model *m) {
    m->failed = true;
    if (!m->output)
        return;
    Tensor *unknown = arena_alloc(m->arena, sizeof *unknown);
    *unknown = *m->output;
    unknown->shape = SHAPE_UNKNOWN;
    m->output = unknown;
}

Layer *model_pop(Model *m) {
    Layer *last = m->layers.count ? m->layers.at[--m->layers.count]
                  : m->input      ? m->input->producer->layer
                                  : NULL;
    if (m->nodes.count)
        m->nodes.count--;
    m->output = m->nodes.count ? m->nodes.at[m->nodes.count - 1]->out : NULL;
    if (!m->output)
        m->input = NULL;
    return last;
}
