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

static bool missing(const Bind *b, const Layer *l, const FoundLayer *found) {
    Arena *a = b->model->arena;
    const char *has =
        found && found->weights.count ? arena_printf(a, "only %zu", found->weights.count) : "none";
    return diag_file_error(b->diag, DIAG_weights_missing, b->path,
                           "layer '%s' (%s) needs %s, but the file has %s for it", l->name,
                           l->def->class.name, weights_text(a, l), has);
}

static bool too_many(const Bind *b, const Layer *l, const FoundLayer *found) {
    Arena *a = b->model->arena;
    return diag_file_error(b->diag, DIAG_weights_extra, b->path,
                           "the file has %zu weights for layer '%s' (%s), which has %s",
                           found->weights.count, l->name, l->def->class.name,
                           l->nweights ? weights_text(a, l) : "none");
}

static bool bind_weight(const Bind *b, const Layer *l, Weight *w, const Hdf5Dataset *found) {
    Arena *a = b->model->arena;
    if (!same_shape(w->shape, found))
        return diag_file_error(b->diag, DIAG_weight_shape, b->path,
                               "'%s' of layer '%s' (%s) has shape %s in the model, but %s in the "
                               "file",
                               w->name, l->name, l->def->class.name, shape_str_dims(a, w->shape),
                               dims_text(a, found));
    w->data = hdf5_floats(b->h, found);
    return w->data != NULL;
}

bool bind_layer(const Bind *b, Layer *l, const FoundLayer *found) {
    size_t count = found ? found->weights.count : 0, needed = (size_t)l->nweights;
    if (count < needed)
        return missing(b, l, found);
    if (count > needed)
        return too_many(b, l, found);
    bool ok = true;
    for (size_t i = 0; i < needed; i++)
        ok &= bind_weight(b, l, &l->weights[i], &found->weights.at[i]);
    return ok;
}

bool bind_extra(const Bind *b, const FoundLayer *found) {
    size_t n = found->weights.count;
    return diag_file_error(b->diag, DIAG_weights_extra, b->path,
                           "the file has %zu weight%s at '%s', for which the model has no layer", n,
                           n == 1 ? "" : "s", found->name);
}
