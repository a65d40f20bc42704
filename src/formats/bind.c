/* Compares weights found in a file to a layer's, and attaches them. */
#include "bind.h"

#include "layer.h"

#include <string.h>

static char *dims_text(Arena *a, const Hdf5Dataset *s) {
    char *text = arena_strdup(a, "(");
    for (int i = 0; i < s->rank; i++)
        text = arena_printf(a, "%s%s%llu", text, i ? ", " : "", (unsigned long long)s->dim[i]);
    return arena_printf(a, "%s%s)", text, s->rank == 1 ? "," : "");
}

static bool same_shape(Shape shape, const Hdf5Dataset *s) {
    if (shape.rank != s->rank)
        return false;
    for (int i = 0; i < s->rank; i++)
        if (shape.dim[i] < 0 || (uint64_t)shape.dim[i] != s->dim[i])
            return false;
    return true;
}

/* "2 weights (kernel, bias)" */
static char *weights_text(Arena *a, const Layer *l) {
    char *text = arena_printf(a, "%d weight%s (", l->nweights, l->nweights == 1 ? "" : "s");
    for (int i = 0; i < l->nweights; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : "", l->weights[i].name);
    return arena_printf(a, "%s)", text);
}

/* "(3, 3, 3, 4), (4,)" */
static char *found_text(Arena *a, const FoundLayer *found) {
    char *text = arena_strdup(a, "");
    for (size_t i = 0; i < found->weights.count; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : "", dims_text(a, &found->weights.at[i]));
    return text;
}

/* Where the layer was written, if it was. */
static void note_layer(const Bind *b, const Layer *l) {
    if (!span_is_none(l->span))
        diag_note(b->diag, l->span, "this layer");
}

/* All weights that both have agree, and one side has one more: the bias, which comes last. */
static void help_with_bias(const Bind *b, const Layer *l, const FoundLayer *found) {
    int count = (int)found->weights.count, more = count - l->nweights;
    if ((more != 1 && more != -1) || class_arg(&l->def->class, "use_bias") < 0)
        return;
    for (int i = 0; i < count && i < l->nweights; i++)
        if (!same_shape(l->weights[i].shape, &found->weights.at[i]))
            return;
    diag_help(b->diag, more > 0 ? "the saved layer has a bias: leave use_bias=False out"
                                : "the saved layer has no bias: write use_bias=False");
}

static bool missing(const Bind *b, const Layer *l, const FoundLayer *found) {
    Arena *a = b->model->arena;
    size_t count = found ? found->weights.count : 0;
    const char *has =
        count ? arena_printf(a, "only %zu for it: %s", count, found_text(a, found)) : "none for it";
    diag_file_error(b->diag, DIAG_weights_missing, b->path,
                    "layer '%s' (%s) needs %s, but the file has %s", l->name, l->def->class.name,
                    weights_text(a, l), has);
    note_layer(b, l);
    if (count)
        help_with_bias(b, l, found);
    return false;
}

static bool too_many(const Bind *b, const Layer *l, const FoundLayer *found) {
    Arena *a = b->model->arena;
    diag_file_error(b->diag, DIAG_weights_extra, b->path,
                    "layer '%s' (%s) has %s, but the file has %zu for it: %s", l->name,
                    l->def->class.name, l->nweights ? weights_text(a, l) : "no weights",
                    found->weights.count, found_text(a, found));
    note_layer(b, l);
    help_with_bias(b, l, found);
    return false;
}

static bool is_transposed(Shape shape, const Hdf5Dataset *s) {
    for (int i = 0; i < s->rank; i++)
        if (shape.rank != s->rank || (uint64_t)shape.dim[s->rank - 1 - i] != s->dim[i])
            return false;
    return s->rank > 1;
}

/* One error for a layer: what is wrong with one of its weights is mostly wrong with the others. */
static bool wrong_shape(const Bind *b, const Layer *l, const FoundLayer *found, int first) {
    Arena *a = b->model->arena;
    const Weight *w = &l->weights[first];
    const Hdf5Dataset *set = &found->weights.at[first];
    diag_file_error(b->diag, DIAG_weight_shape, b->path,
                    "'%s' of layer '%s' (%s) has shape %s in the model, but %s in the file, at "
                    "'%s'",
                    w->name, l->name, l->def->class.name, shape_str_dims(a, w->shape),
                    dims_text(a, set), found->name);
    note_layer(b, l);
    for (int i = first + 1; i < l->nweights; i++)
        if (!same_shape(l->weights[i].shape, &found->weights.at[i]))
            diag_note(b->diag, SPAN_NONE, "'%s' has %s in the model, %s in the file",
                      l->weights[i].name, shape_str_dims(a, l->weights[i].shape),
                      dims_text(a, &found->weights.at[i]));
    if (is_transposed(w->shape, set))
        diag_help(b->diag, "the file has it transposed: its writer was not Keras");
    return false;
}

bool bind_layer(const Bind *b, Layer *l, const FoundLayer *found) {
    size_t count = found ? found->weights.count : 0, needed = (size_t)l->nweights;
    if (count < needed)
        return missing(b, l, found);
    if (count > needed)
        return too_many(b, l, found);
    for (int i = 0; i < l->nweights; i++)
        if (!same_shape(l->weights[i].shape, &found->weights.at[i]))
            return wrong_shape(b, l, found, i);
    for (int i = 0; i < l->nweights; i++) {
        l->weights[i].data = hdf5_floats(b->h, &found->weights.at[i]);
        if (!l->weights[i].data)
            return false;
    }
    return true;
}

bool bind_extra(const Bind *b, const FoundLayer *found) {
    size_t n = found->weights.count;
    return diag_file_error(b->diag, DIAG_weights_extra, b->path,
                           "the file has %zu weight%s at '%s', for which the model has no layer: "
                           "%s",
                           n, n == 1 ? "" : "s", found->name, found_text(b->model->arena, found));
}
