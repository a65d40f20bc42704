/* Lowering: each node's layer gives its ops; the batch is left behind. */
#include "layer.h"

#include <string.h>

Op *lower_weight(Lower *lw, const Layer *l, const char *name) {
    for (int i = 0; i < l->nweights; i++)
        if (strcmp(l->weights[i].name, name) == 0)
            return op_weight(lw->ops, &l->weights[i]);
    return NULL;
}

/* (channels, spatial...) -> (spatial..., channels) */
Op *lower_to_channels_last(Lower *lw, Op *x, bool channels_first) {
    int perm[SHAPE_MAX], rank = x->shape.rank;
    if (!channels_first || rank < 2)
        return x;
    for (int i = 0; i < rank; i++)
        perm[i] = (i + 1) % rank;
    return op_transpose(lw->ops, x, perm);
}

Op *lower_from_channels_last(Lower *lw, Op *x, bool channels_first) {
    int perm[SHAPE_MAX], rank = x->shape.rank;
    if (!channels_first || rank < 2)
        return x;
    for (int i = 0; i < rank; i++)
        perm[i] = (i + rank - 1) % rank;
    return op_transpose(lw->ops, x, perm);
}

Op *lower_along(Lower *lw, Op *vector, int axis, int rank) {
    Shape shape = {.batch = DIM_NONE, .rank = rank - axis, .dim = {op_numel(vector)}};
    for (int i = 1; i < shape.rank; i++)
        shape.dim[i] = 1;
    return shape.rank == vector->shape.rank ? vector : op_reshape(lw->ops, vector, shape);
}

/* A convolution with a group for each channel: its kernel is (window..., 1, channels * multiplier),
 * the same numbers in the same order. */
Op *lower_depthwise(Lower *lw, Op *x, Op *kernel, Op *bias, Spatial window) {
    Shape shape = kernel->shape;
    int64_t channels = shape.dim[window.n];
    shape.dim[window.n] = 1;
    shape.dim[window.n + 1] *= channels;
    return op_conv(lw->ops, x, op_reshape(lw->ops, kernel, shape), bias, window, channels);
}

/* Sizes are part of the code: None axes would have to be known. Nor is there code for nothing. */
static bool check_sizes(Arena *a, const Node *node, Diag *d) {
    const Layer *l = node->layer;
    const char *shape = shape_str(a, node->out->shape);
    int64_t numel;
    if (!shape_is_static(node->out->shape)) {
        layer_error(l, DIAG_unknown_size, d,
                    "%s has the output %s: only the batch may be None when compiling",
                    l->def->class.name, shape);
        diag_help(d, "give the model's input a fixed size");
        return false;
    }
    if (!shape_numel(node->out->shape, &numel) || numel > INT64_MAX / 64)
        return layer_error(l, DIAG_too_large, d, "an output of %s is too large", shape);
    if (numel == 0)
        return layer_error(l, DIAG_empty_tensor, d, "%s has the output %s, which holds nothing",
                           l->def->class.name, shape);
    return true;
}

static bool check_model(Arena *a, const Model *m, Diag *d) {
    if (!model_is_built(m)) {
        diag_error(d, DIAG_not_built, m->span, "model '%s' has no input shape", m->name);
        diag_help(d, "begin it with Input((height, width, channels)) or the like");
        return false;
    }
    if (m->layers.count == 0)
        return diag_error(d, DIAG_no_layers, m->span, "model '%s' has no layers", m->name);
    for (size_t i = 0; i < m->nodes.count; i++)
        if (!check_sizes(a, m->nodes.at[i], d))
            return false;
    return true;
}

/* Values so far: of[i] is what nodes.at[i] computes. Producers come before their readers, and
 * mostly right before them. */
static Op *value_of(const Model *m, Op *const *of, size_t end, const Tensor *t) {
    while (end-- > 0)
        if (m->nodes.at[end]->out == t)
            return of[end];
    BUG("a tensor is read before it is made");
}

static Op *lower_node(Lower *lw, const Model *m, Op *const *of, size_t i) {
    const Node *node = m->nodes.at[i];
    const LayerDef *def = node->layer->def;
    ops_set_layer(lw->ops, node->layer);
    if (def->input)
        return op_input(lw->ops, node->out->shape);
    Op **in = arena_array(lw->arena, (size_t)node->nin, sizeof *in);
    for (int k = 0; k < node->nin; k++)
        in[k] = value_of(m, of, i, node->in[k]);
    return def->lower ? def->lower(node->layer, lw, in) : in[0];
}

/* Whether what was computed has the shape that the model says. After glu it has not, in Keras
 * neither: there a later layer would be built for another input than it gets. */
static bool check_lowered(const Lower *lw, const Node *node, const Op *op, bool last, Diag *d) {
    Shape said = node->out->shape;
    said.batch = op->shape.batch;
    if (shape_equal(op->shape, said))
        return true;
    if (!lw->halved)
        BUG("%s was lowered to another shape than it has", node->layer->name);
    if (last)
        return true;
    Shape real = op->shape;
    real.batch = node->out->shape.batch;
    layer_error(node->layer, DIAG_glu_inside, d,
                "after glu the output is %s, but Keras takes it for %s", shape_str(lw->arena, real),
                shape_str(lw->arena, node->out->shape));
    diag_help(d, "only a model's last layer can have this activation");
    return false;
}

Ops *lower(Arena *a, const Model *m, Diag *d) {
    if (m->failed || !check_model(a, m, d))
        return NULL;
    Lower lw = {.ops = ops_new(a), .arena = a};
    size_t count = m->nodes.count;
    Op **of = arena_array(a, count, sizeof *of);
    for (size_t i = 0; i < count; i++) {
        of[i] = lower_node(&lw, m, of, i);
        if (!check_lowered(&lw, m->nodes.at[i], of[i], i + 1 == count, d))
            return NULL;
    }
    lw.ops->output = value_of(m, of, count, m->output);
    return lw.ops;
}
