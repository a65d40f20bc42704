/* Weights as Keras 1 to 3 save them into .h5: one group per layer, in the order of layer_names,
 * each with its datasets in the order of weight_names. Like Keras, we pair the k-th layer with
 * weights with the k-th group that has any: names do not decide. */
#include "bind.h"

#include "layer.h"

#include <string.h>

/* A list of strings; one that does not fit into 64 KB is split into name0, name1, ... */
static bool read_list(const Bind *b, const Hdf5Object *o, const char *name, Strings *out) {
    if (hdf5_strings(b->h, o, name, out))
        return true;
    Arena *a = b->model->arena;
    Strings part, all = {0};
    for (int k = 0; hdf5_strings(b->h, o, arena_printf(a, "%s%d", name, k), &part); k++)
        for (size_t i = 0; i < part.count; i++)
            vec_push(a, &all, part.at[i]);
    *out = all;
    return all.count > 0;
}

static bool missing_group(const Bind *b, const char *layer) {
    if (!hdf5_trouble(b->h))
        diag_file_error(b->diag, DIAG_damaged_file, b->path,
                        "the file lists layer '%s', but does not hold it", layer);
    return false;
}

static bool read_layer(const Bind *b, const Hdf5Object *groups, FoundLayer *found) {
    const Hdf5Object *group = hdf5_find(b->h, groups, found->name);
    Strings names;
    if (!group)
        return missing_group(b, found->name);
    read_list(b, group, "weight_names", &names);
    for (size_t i = 0; i < names.count; i++) {
        const Hdf5Object *o = hdf5_find(b->h, group, names.at[i]);
        Hdf5Dataset set;
        if (!o || !hdf5_dataset(b->h, o, &set))
            return missing_group(b, names.at[i]);
        vec_push(b->model->arena, &found->weights, set);
    }
    return !hdf5_trouble(b->h);
}

/* The layers of the file that have weights. */
static bool read_layers(const Bind *b, const Hdf5Object *groups, FoundLayers *out) {
    Strings names;
    read_list(b, groups, "layer_names", &names);
    for (size_t i = 0; i < names.count; i++) {
        FoundLayer found = {.name = names.at[i]};
        if (!read_layer(b, groups, &found))
            return false;
        if (found.weights.count)
            vec_push(b->model->arena, out, found);
    }
    return !hdf5_trouble(b->h);
}

typedef Vec(Layer *) Layers;

static bool has_found(const FoundLayers *found, const char *name) {
    for (size_t i = 0; i < found->count; i++)
        if (!strcmp(found->at[i].name, name))
            return true;
    return false;
}

static bool has_layer(const Layers *layers, const char *name) {
    for (size_t i = 0; i < layers->count; i++)
        if (!strcmp(layers->at[i]->name, name))
            return true;
    return false;
}

/* Where the two differ is easiest to see from names that only one of them has. */
static bool different_counts(const Bind *b, const Layers *layers, const FoundLayers *found) {
    diag_file_error(
        b->diag, DIAG_weights_layers, b->path,
        "the file has weights for %zu layer%s, but the model has %zu layer%s with weights",
        found->count, found->count == 1 ? "" : "s", layers->count, layers->count == 1 ? "" : "s");
    for (size_t i = 0; i < layers->count; i++)
        if (!has_found(found, layers->at[i]->name)) {
            diag_help(b->diag, "the model's '%s' (%s) is not in the file", layers->at[i]->name,
                      layers->at[i]->def->class.name);
            break;
        }
    for (size_t i = 0; i < found->count; i++)
        if (!has_layer(layers, found->at[i].name)) {
            diag_help(b->diag, "the file's '%s' is not in the model", found->at[i].name);
            break;
        }
    return false;
}

static bool bind_all(const Bind *b, const FoundLayers *found) {
    Layers layers = {0};
    for (size_t i = 0; i < b->model->layers.count; i++)
        if (b->model->layers.at[i]->nweights)
            vec_push(b->model->arena, &layers, b->model->layers.at[i]);
    if (layers.count != found->count)
        return different_counts(b, &layers, found);
    bool ok = true;
    for (size_t i = 0; i < layers.count; i++)
        ok &= bind_layer(b, layers.at[i], &found->at[i]);
    return ok;
}

/* Keras 1 ordered some weights differently, and Theano turned kernels by 180 degrees. */
static bool check_writer(const Bind *b, const Hdf5Object *groups) {
    Strings version, backend;
    const char *why = NULL;
    if (!hdf5_strings(b->h, groups, "keras_version", &version) || !version.count ||
        !strncmp(version.at[0], "1.", 2))
        why = "Keras 1 wrote this file, with weights in another order";
    else if (hdf5_strings(b->h, groups, "backend", &backend) && backend.count &&
             (!strcmp(backend.at[0], "theano") || !strcmp(backend.at[0], "cntk")))
        why = arena_printf(b->model->arena,
                           "this file was written with the %s backend, whose kernels differ",
                           backend.at[0]);
    if (hdf5_trouble(b->h))
        return false;
    if (!why)
        return true;
    diag_file_error(b->diag, DIAG_unsupported_container, b->path, "%s", why);
    diag_help(b->diag, "load it with Keras 2 on TensorFlow and save it again");
    return false;
}

bool weights_legacy(Model *m, View bytes, const char *path, Files *files, Diag *d) {
    Hdf5 *h = hdf5_open(files, bytes);
    Bind b = {m, h, path, d};
    const Hdf5Object *root = hdf5_root(h);
    const Hdf5Object *groups = root ? hdf5_find(h, root, "model_weights") : NULL;
    if (!groups)
        groups = root;
    FoundLayers found = {0};
    bool ok = groups && check_writer(&b, groups) && read_layers(&b, groups, &found) &&
              bind_all(&b, &found);
    return hdf5_trouble(h) ? hdf5_report(h, path, d) : ok;
}
