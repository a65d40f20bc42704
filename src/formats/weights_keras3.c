/* Weights as Keras 3 saves them: .weights.h5, and model.weights.h5 inside of a .keras file. Weight
 * i of a layer is layers/<class>[_k]/vars/i, where k counts the layers of that class before it. */
#include "weights_keras3.h"
#include "bind.h"

#include "layer.h"

#include <string.h>

/* tf.keras 2.12 to 2.14 called the container differently. */
static const char *const containers[] = {"layers", "_layer_checkpoint_dependencies"};

const char *keras3_layer_key(Arena *a, const Model *m, size_t index) {
    const LayerDef *def = m->layers.at[index]->def;
    size_t before = 0;
    for (size_t i = 0; i < index; i++)
        before += m->layers.at[i]->def == def;
    const char *snake = snake_case(a, def->class.name);
    return before ? arena_printf(a, "%s_%zu", snake, before) : snake;
}

/* vars/0, vars/1, ... as long as there are any. */
static bool collect(const Bind *b, const Hdf5Object *group, FoundLayer *found) {
    Arena *a = b->model->arena;
    const Hdf5Object *vars = hdf5_find(b->h, group, "vars"), *o;
    for (size_t i = 0; vars && (o = hdf5_find(b->h, vars, arena_printf(a, "%zu", i))); i++) {
        Hdf5Dataset set;
        if (!hdf5_dataset(b->h, o, &set))
            break;
        vec_push(a, &found->weights, set);
    }
    return !hdf5_trouble(b->h);
}

static bool find_layer(const Bind *b, const Hdf5Object *container, const char *name,
                       FoundLayer *found) {
    *found = (FoundLayer){.name = arena_printf(b->model->arena, "layers/%s", name)};
    const Hdf5Object *group = hdf5_find(b->h, container, name);
    return (!group || collect(b, group, found)) && !hdf5_trouble(b->h);
}

static bool is_claimed(const Strings *keys, const char *name) {
    for (size_t i = 0; i < keys->count; i++)
        if (!strcmp(keys->at[i], name))
            return true;
    return false;
}

static bool report_unclaimed(const Bind *b, const Hdf5Object *container, const Strings *keys) {
    const Hdf5Links *links = hdf5_links(b->h, container);
    bool ok = links != NULL;
    for (size_t i = 0; links && i < links->count; i++) {
        FoundLayer found;
        if (is_claimed(keys, links->at[i].name))
            continue;
        if (!find_layer(b, container, links->at[i].name, &found))
            return false;
        if (found.weights.count)
            ok = bind_extra(b, &found);
    }
    return ok;
}

static bool bind_all(const Bind *b, const Hdf5Object *container) {
    Arena *a = b->model->arena;
    Strings keys = {0};
    bool ok = true;
    for (size_t i = 0; i < b->model->layers.count; i++) {
        FoundLayer found;
        vec_push(a, &keys, keras3_layer_key(a, b->model, i));
        if (!find_layer(b, container, keys.at[i], &found))
            return false;
        ok &= bind_layer(b, b->model->layers.at[i], &found);
    }
    return report_unclaimed(b, container, &keys) && ok;
}

bool weights_keras3(Model *m, View bytes, const char *path, Files *files, Diag *d) {
    Hdf5 *h = hdf5_open(files, bytes);
    Bind b = {m, h, path, d};
    const Hdf5Object *root = hdf5_root(h), *container = NULL;
    for (size_t i = 0; root && !container && i < COUNT_OF(containers); i++)
        container = hdf5_find(h, root, containers[i]);
    bool ok = container && bind_all(&b, container);
    if (hdf5_trouble(h))
        return hdf5_report(h, path, d);
    if (!container)
        return diag_file_error(d, DIAG_weights_missing, path,
                               "there are no layers in this weight file");
    return ok;
}
