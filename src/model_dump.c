/* --emit model: one layer a line with its bound arguments, then its weights. */
#include "layer.h"

#include <assert.h>

static void dump_arguments(Arena *a, const Object *o, FILE *out) {
    fputc('(', out);
    for (int i = 0; i < o->def->nargs; i++)
        fprintf(out, "%s%s=%s", i > 0 ? ", " : "", o->def->args[i].name, value_repr(a, o->args[i]));
    fputc(')', out);
}

static void dump_weight(Arena *a, const Weight *w, FILE *out) {
    fprintf(out, "    %s %s%s", w->name, shape_str_dims(a, w->shape),
            w->trainable ? "" : " non-trainable");
    if (w->init)
        fprintf(out, ", %s", w->init->def->name);
    fputc('\n', out);
}

static void dump_layer(Arena *a, const Layer *l, const char *in, const char *result, FILE *out) {
    fprintf(out, "  %s = %s", l->name, l->def->class.name);
    dump_arguments(a, &l->object, out);
    if (in)
        fprintf(out, ": %s", in);
    if (result)
        fprintf(out, " -> %s", result);
    fprintf(out, "%s\n", l->trainable ? "" : ", frozen");
    for (int i = 0; i < l->nweights; i++)
        dump_weight(a, &l->weights[i], out);
}

void model_dump(const Model *m, FILE *out) {
    Arena *a = arena_new();
    fprintf(out, "model '%s'\n", m->name);
    for (size_t i = 0; i < m->nodes.count; i++) {
        const Node *node = m->nodes.at[i];
        const char *in = node->nin > 0 ? shape_str(a, node->in[0]->shape) : NULL;
        dump_layer(a, node->layer, in, shape_str(a, node->out->shape), out);
    }
    for (size_t i = 0; m->nodes.count == 0 && i < m->layers.count; i++)
        dump_layer(a, m->layers.at[i], NULL, NULL, out);
    arena_free(a);
}

__attribute__((unused)) static bool is_before(const Model *m, const Node *node, size_t end) {
    for (size_t i = 0; i < end; i++)
        if (m->nodes.at[i] == node)
            return true;
    return false;
}

void model_verify(const Model *m) {
    assert(m->failed || !m->output || m->nodes.count > 0);
    for (size_t i = 0; i < m->nodes.count; i++) {
        const Node *node = m->nodes.at[i];
        assert(node->out->producer == node);
        assert(m->failed || node->layer->built);
        assert(m->failed || shape_is_known(node->out->shape));
        for (int k = 0; k < node->nin; k++)
            assert(is_before(m, node->in[k]->producer, i));
    }
}
