/* A saved model's config -> Model. */
#include "config.h"

#include "layer.h"
#include "optimizer.h"

#include <stdlib.h>
#include <string.h>

static Model *bad_config(const Config *c, const char *what) {
    diag_file_error(c->diag, DIAG_bad_config, c->path, "%s", what);
    return NULL;
}

static const char *display_name(const cJSON *layer) {
    const char *name = config_string(config_object(layer, "config"), "name");
    if (!name)
        name = config_string(layer, "name");
    return name ? name : "?";
}

/* Custom classes: Keras 3 says pkg>Class as registered_name and a foreign module; Keras 2 puts
 * Custom>Class into class_name. */
static bool is_custom(const cJSON *layer) {
    const char *class = config_string(layer, "class_name");
    const char *module = config_string(layer, "module");
    const char *registered = config_string(layer, "registered_name");
    if (class && strchr(class, '>'))
        return true;
    if (registered && strchr(registered, '>') && strncmp(registered, "keras", 5))
        return true;
    return module && strncmp(module, "keras", 5) && strncmp(module, "tf_keras", 8) &&
           strncmp(module, "tensorflow", 10);
}

static bool is_model(const char *class) {
    static const char *const models[] = {"Sequential", "Functional", "Model"};
    for (size_t i = 0; i < COUNT_OF(models); i++)
        if (!strcmp(class, models[i]))
            return true;
    return false;
}

/* Why a layer is not known, for the help lines; NULL: nothing to add. */
static const char *reason(const cJSON *layer) {
    const char *class = config_string(layer, "class_name");
    if (class && !strcmp(class, "Lambda"))
        return "holds Python bytecode, which is never executed: use a built-in layer instead";
    if (is_custom(layer))
        return "is a class of its author's own, which the file only names";
    return class && is_model(class) ? "is a model in the model, which comes with a later version"
                                    : NULL;
}

static bool is_known(const cJSON *layer) {
    const char *class = config_string(layer, "class_name");
    return class && !is_custom(layer) && layer_find(class);
}

typedef Vec(const cJSON *) Unknown;

/* "'attn' (Attention), 'lstm' (LSTM) and 3 more": the first ones, which a reader will look up. */
static char *names_of(const Config *c, const Unknown *unknown, size_t shown) {
    char *names = arena_strdup(c->arena, "");
    for (size_t i = 0; i < shown; i++) {
        const char *class = config_string(unknown->at[i], "class_name");
        names = arena_printf(c->arena, "%s%s'%s' (%s)", names, i ? ", " : "",
                             display_name(unknown->at[i]), class ? class : "?");
    }
    size_t more = unknown->count - shown;
    return more ? arena_printf(c->arena, "%s and %zu more", names, more) : names;
}

/* One diagnostic for all layers that we do not have. */
static bool check_layers(const Config *c, const cJSON *layers) {
    enum { MOST_SHOWN = 20 };
    const cJSON *layer;
    Unknown unknown = {0};
    cJSON_ArrayForEach(layer, layers) {
        if (!is_known(layer))
            vec_push(c->arena, &unknown, layer);
    }
    if (!unknown.count)
        return true;
    size_t shown = unknown.count < MOST_SHOWN ? unknown.count : MOST_SHOWN;
    diag_file_error(c->diag, DIAG_unknown_saved_layers, c->path,
                    "the saved model has %zu layer%s that kmodel does not know: %s", unknown.count,
                    unknown.count == 1 ? "" : "s", names_of(c, &unknown, shown));
    for (size_t i = 0; i < shown; i++)
        if (reason(unknown.at[i]))
            diag_help(c->diag, "'%s' %s", display_name(unknown.at[i]), reason(unknown.at[i]));
    return false;
}

/* Keras 2 let the first layer carry the input's shape. */
static bool add_input(const Config *c, Model *m, const cJSON *shape) {
    const LayerDef *def = layer_find("InputLayer");
    Value dims = config_value(c, shape);
    CallArgs call = {0};
    vec_push(c->arena, &call,
             (CallArg){"batch_shape", SPAN_NONE,
                       value_tuple(c->arena, dims.u.list->items.at, dims.u.list->items.count),
                       SPAN_NONE});
    Layer *l = layer_new(c->arena, def, &call, SPAN_NONE, SPAN_NONE, c->names, c->diag);
    return l && model_add(m, l, c->names, c->diag);
}

static bool add_layers(const Config *c, Model *m, const cJSON *layers) {
    const cJSON *layer;
    cJSON_ArrayForEach(layer, layers) {
        const cJSON *shape = config_batch_shape(layer);
        const char *class = config_string(layer, "class_name");
        diag_set_place(c->diag, c->path,
                       arena_printf(c->arena, "layer '%s' (%s)", display_name(layer), class));
        bool ok = layer != layers->child || !shape || !strcmp(class, "InputLayer") ||
                  add_input(c, m, shape);
        Layer *l = ok ? config_layer(c, layer) : NULL;
        ok = l && model_add(m, l, c->names, c->diag);
        diag_set_place(c->diag, NULL, NULL);
        if (!ok)
            return false;
    }
    return true;
}

/* A Sequential that got its shape from its first call keeps it as build_input_shape. */
static bool build(const Config *c, Model *m, const cJSON *root) {
    const cJSON *config = config_object(root, "config");
    const cJSON *dims = cJSON_GetObjectItemCaseSensitive(config, "build_input_shape");
    if (!cJSON_IsArray(dims))
        dims = cJSON_GetObjectItemCaseSensitive(config_object(root, "build_config"), "input_shape");
    int rank = cJSON_GetArraySize(dims) - 1;
    if (model_is_built(m) || !cJSON_IsArray(dims) || rank < 0 || rank > SHAPE_MAX)
        return true;
    Shape shape = {.batch = DIM_NONE, .rank = rank};
    for (int i = 0; i <= rank; i++) {
        const cJSON *dim = cJSON_GetArrayItem(dims, i);
        bool fixed = cJSON_IsNumber(dim) && dim->valuedouble >= 0 && dim->valuedouble < INT32_MAX;
        *(i ? &shape.dim[i - 1] : &shape.batch) = fixed ? (int64_t)dim->valuedouble : DIM_NONE;
    }
    return model_build(m, shape, SPAN_NONE, c->names, c->diag);
}

static Model *sequential(const Config *c, const cJSON *root) {
    const cJSON *config = cJSON_GetObjectItemCaseSensitive(root, "config");
    /* Before Keras 2.2.3 the config was the list of layers itself. */
    const cJSON *layers =
        cJSON_IsArray(config) ? config : cJSON_GetObjectItemCaseSensitive(config, "layers");
    if (!cJSON_IsArray(layers))
        return bad_config(c, "the model's description has no list of layers");
    if (!check_layers(c, layers))
        return NULL;
    const char *name = config_string(config, "name");
    Model *m = model_new_sequential(c->arena, name ? arena_strdup(c->arena, name) : NULL, c->names,
                                    SPAN_NONE);
    if (!add_layers(c, m, layers) || !build(c, m, root))
        return NULL;
    return m; /* a frozen model has frozen layers: like Keras, we take it from them alone */
}

static Model *refuse(const Config *c, const cJSON *root) {
    const char *class = config_string(root, "class_name");
    if (!class)
        return bad_config(c, "the model's description names no class");
    const char *kind = !is_model(class) ? arena_printf(c->arena, "a model of the class %s", class)
                                        : "a functional model";
    diag_file_error(c->diag, DIAG_unsupported_model, c->path,
                    "'%s' is %s; only Sequential models are read so far", display_name(root), kind);
    return NULL;
}

/* Keras 3 cannot compile what Keras 2 described. */
static void count_optimizer(const Config *c, Model *m, const cJSON *root) {
    const cJSON *compiled = config_object(root, "compile_config");
    if (c->version && atoi(c->version) >= 3)
        optimizer_count(m, cJSON_GetObjectItemCaseSensitive(compiled, "optimizer"),
                        model_count_params(m).trainable);
}

Model *config_model(const Config *c, View json) {
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts((const char *)json.at, json.size, &end, false);
    if (!root) {
        size_t at = end ? (size_t)(end - (const char *)json.at) : 0;
        return bad_config(c,
                          arena_printf(c->arena,
                                       "the model's description is not JSON: it goes wrong at byte "
                                       "%zu",
                                       at));
    }
    const char *class = config_string(root, "class_name");
    Model *m = class && !strcmp(class, "Sequential") && !is_custom(root) ? sequential(c, root)
                                                                         : refuse(c, root);
    if (m)
        count_optimizer(c, m, root);
    cJSON_Delete(root);
    return m;
}
