/* Writes a model's weights as Keras 3's .weights.h5: layers/<class>[_k]/vars/i, with the layer's
 * name as an attribute of vars. */
#include "atomic_file.h"
#include "hdf5_write.h"
#include "weights_keras3.h"

#include "layer.h"

#include <errno.h>

static bool has_all_data(const Layer *l) {
    for (int i = 0; i < l->nweights; i++)
        if (!l->weights[i].data)
            return false;
    return true;
}

static void add_layer(Arena *a, Hdf5Node *layers, const char *key, const Layer *l) {
    Hdf5Node *vars = hdf5_add_group(a, hdf5_add_group(a, layers, key), "vars");
    hdf5_set_attribute(vars, "name", l->name);
    for (int i = 0; i < l->nweights; i++) {
        const Weight *w = &l->weights[i];
        hdf5_add_floats(a, vars, arena_printf(a, "%d", i), w->data, w->shape.rank, w->shape.dim);
    }
}

bool format_save_weights(const Model *m, const char *path, Diag *d) {
    Arena *a = arena_new();
    Hdf5Node *root = hdf5_new_group(a), *layers = hdf5_add_group(a, root, "layers");
    hdf5_add_group(a, root, "vars");
    for (size_t i = 0; i < m->layers.count; i++) {
        if (!has_all_data(m->layers.at[i]))
            BUG("layer '%s' has no weights to save", m->layers.at[i]->name);
        add_layer(a, layers, keras3_layer_key(a, m, i), m->layers.at[i]);
    }
    AtomicFile file;
    bool ok = atomic_open(&file, a, path, d);
    if (ok)
        ok = hdf5_write(root, file.out) ? atomic_commit(&file, d) : atomic_fail(&file, errno, d);
    arena_free(a);
    return ok;
}
