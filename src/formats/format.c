/* What other modules call: a saved model becomes a Model, a weight file fills one. */
#include "bind.h"
#include "config.h"
#include "keras_file.h"
#include "optimizer.h"

#include <string.h>

static Model *finish(Model *m, bool weights_ok) {
    return m && weights_ok ? m : NULL;
}

/* {"keras_version": "3.15.1", "date_saved": ...} */
static const char *version_of(Arena *a, View metadata) {
    cJSON *json = cJSON_ParseWithLength((const char *)metadata.at, metadata.size);
    const char *version = config_string(json, "keras_version");
    const char *copy = version ? arena_strdup(a, version) : NULL;
    cJSON_Delete(json);
    return copy;
}

static Model *import_keras(Config *c, Files *files) {
    KerasFile k;
    View metadata, json, weights;
    if (!keras_file_open(&k, c->path, files, c->diag) ||
        !keras_file_read(&k, "metadata.json", &metadata, c->diag) ||
        !keras_file_read(&k, "config.json", &json, c->diag))
        return NULL;
    c->version = version_of(c->arena, metadata);
    Model *m = config_model(c, json);
    return finish(
        m, m && (!model_is_built(m) || (keras_file_weights(&k, &weights, c->diag) &&
                                        weights_keras3(m, weights, c->path, files, c->diag))));
}

/* Of a legacy file Keras builds the optimizer for no variables at all: it has its scalars only. */
static void count_h5_optimizer(Model *m, Hdf5 *h, const Hdf5Object *root) {
    Strings training;
    if (!hdf5_find(h, root, "optimizer_weights") ||
        !hdf5_strings(h, root, "training_config", &training) || !training.count)
        return;
    cJSON *json = cJSON_Parse(training.at[0]);
    optimizer_count(m, config_object(json, "optimizer_config"), 0);
    cJSON_Delete(json);
}

static Model *import_h5(Config *c, Files *files) {
    View bytes;
    if (!files_map(files, c->path, &bytes, c->diag))
        return NULL;
    Hdf5 *h = hdf5_open(files, bytes);
    const Hdf5Object *root = hdf5_root(h);
    Strings version, json;
    if (root && hdf5_strings(h, root, "keras_version", &version) && version.count)
        c->version = version.at[0];
    if (!root || !hdf5_strings(h, root, "model_config", &json) || !json.count) {
        if (hdf5_trouble(h))
            hdf5_report(h, c->path, c->diag);
        else
            diag_file_error(c->diag, DIAG_bad_config, c->path, "its model_config is not a text");
        return NULL;
    }
    View text = {(const unsigned char *)json.at[0], strlen(json.at[0])};
    Model *m = config_model(c, text);
    if (m)
        count_h5_optimizer(m, h, root);
    return finish(m,
                  m && (!model_is_built(m) || weights_legacy(m, bytes, c->path, files, c->diag)));
}

Model *format_import(Arena *a, const char *path, Files *files, Namer *names, Diag *d) {
    Config c = {.arena = a, .path = path, .names = names, .diag = d};
    switch (format_sniff(path, d)) {
    case FORMAT_KERAS_ZIP:
        return import_keras(&c, files);
    case FORMAT_H5_MODEL:
        return import_h5(&c, files);
    case FORMAT_H5_WEIGHTS:
    case FORMAT_KERAS3_WEIGHTS:
        diag_file_error(d, DIAG_weights_only, path,
                        "this file holds weights only, no architecture");
        diag_help(d,
                  "write the network as a .kmodel file and load the weights there: "
                  "model.load_weights('%s')",
                  path);
        return NULL;
    case FORMAT_KMODEL:
        diag_file_error(d, DIAG_not_a_model, path, "this is text, not a saved model");
        return NULL;
    case FORMAT_UNKNOWN:
        return NULL;
    }
    return NULL;
}

static bool load_from(Model *m, const char *path, Files *files, Diag *d,
                      bool (*read)(Model *, View, const char *, Files *, Diag *)) {
    View bytes;
    return files_map(files, path, &bytes, d) && read(m, bytes, path, files, d);
}

static bool load_from_keras(Model *m, const char *path, Files *files, Diag *d) {
    KerasFile k;
    View bytes;
    return keras_file_open(&k, path, files, d) && keras_file_weights(&k, &bytes, d) &&
           weights_keras3(m, bytes, path, files, d);
}

bool format_load_weights(Model *m, const char *path, Files *files, Diag *d) {
    FormatKind kind = format_sniff(path, d);
    if (kind == FORMAT_UNKNOWN)
        return false;
    if (!model_is_built(m)) {
        diag_file_error(d, DIAG_weights_unbuilt, path,
                        "the model has no input shape yet, so it has no weights to fill");
        diag_help(d, "begin the model with Input(...), or call model.build(...) before");
        return false;
    }
    switch (kind) {
    case FORMAT_H5_MODEL:
    case FORMAT_H5_WEIGHTS:
        return load_from(m, path, files, d, weights_legacy);
    case FORMAT_KERAS3_WEIGHTS:
        return load_from(m, path, files, d, weights_keras3);
    case FORMAT_KERAS_ZIP:
        return load_from_keras(m, path, files, d);
    default:
        diag_file_error(d, DIAG_not_a_model, path, "this is text, not a weight file");
        return false;
    }
}
