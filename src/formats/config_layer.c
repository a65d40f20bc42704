/* One layer of a saved model: its config becomes a call of its class, in Keras 3's spelling. */
#include "config.h"

#include "layer.h"

#include <stdlib.h>
#include <string.h>

/* Entries of layers that do not take them: what Keras 2 inherited from base classes, and flags of
 * layers that have no weights. They change nothing. class NULL: any. */
static const struct Leftover {
    const char *class, *key;
} leftovers[] = {
    {NULL, "trainable"},
    {"DepthwiseConv2D", "filters"},
    {"DepthwiseConv2D", "groups"},
    {"DepthwiseConv2D", "kernel_initializer"},
    {"DepthwiseConv2D", "kernel_regularizer"},
    {"DepthwiseConv2D", "kernel_constraint"},
    {"SeparableConv2D", "groups"},
    {"SeparableConv2D", "kernel_initializer"},
    {"SeparableConv2D", "kernel_regularizer"},
    {"SeparableConv2D", "kernel_constraint"},
    {"BatchNormalization", "fused"},
    {"BatchNormalization", "virtual_batch_size"},
};

static bool is_leftover(const char *class, const char *key) {
    for (size_t i = 0; i < COUNT_OF(leftovers); i++)
        if ((!leftovers[i].class || !strcmp(leftovers[i].class, class)) &&
            !strcmp(leftovers[i].key, key))
            return true;
    return false;
}

static const ArgDef *find_arg(const LayerDef *def, const char *key) {
    int own = class_arg(&def->class, key);
    if (own >= 0)
        return &def->class.args[own];
    for (int i = 0; !def->closed && i < COMMON_COUNT; i++)
        if (!strcmp(layer_common_args[i].name, key))
            return &layer_common_args[i];
    for (int i = 0; i < def->class.nargs; i++) {
        const char *old = def->class.args[i].old_name;
        if (old && !strcmp(old, key))
            return &def->class.args[i];
    }
    return NULL;
}

/* Keras 2 wrote the axis of BatchNormalization as a list of one; it means the same everywhere. */
static const cJSON *single_axis(const cJSON *item) {
    bool one = !strcmp(item->string, "axis") && cJSON_GetArraySize(item) == 1;
    return one && cJSON_IsArray(item) ? item->child : item;
}

/* Layers may be activations: {"class_name": "LeakyReLU", "config": ...}. */
static bool is_layer(const ArgDef *arg, const cJSON *item) {
    const char *class = config_string(item, "class_name");
    return arg && (arg->type == ARG_ACTIVATION || arg->type == ARG_LAYER) && class &&
           layer_find(class);
}

/* Tuples read better than lists where Keras's own signatures have them. */
static Value argument(const Config *c, const ArgDef *arg, const cJSON *item) {
    if (is_layer(arg, item)) {
        Layer *l = config_layer(c, item);
        return l ? (Value){.kind = VALUE_LAYER, .u.layer = l} : (Value){.kind = VALUE_UNKNOWN};
    }
    Value v = config_value(c, single_axis(item));
    bool is_tuple = arg && (arg->type == ARG_INTS || arg->type == ARG_PAIRS ||
                            arg->type == ARG_SHAPE || arg->type == ARG_AXIS);
    return is_tuple && v.kind == VALUE_LIST
               ? value_tuple(c->arena, v.u.list->items.at, v.u.list->items.count)
               : v;
}

/* The batch shape of Keras 2 becomes an InputLayer's; other layers have one put before them. */
static const char *modern_key(const LayerDef *def, const char *key) {
    if (!strcmp(key, "batch_input_shape"))
        return class_arg(&def->class, "batch_shape") >= 0 ? "batch_shape" : NULL;
    return key;
}

static CallArgs arguments(const Config *c, const LayerDef *def, const cJSON *config) {
    CallArgs call = {0};
    const cJSON *item;
    cJSON_ArrayForEach(item, config) {
        const char *key = modern_key(def, item->string);
        const ArgDef *arg = key ? find_arg(def, key) : NULL;
        bool unset = !arg && cJSON_IsNull(item); /* not set, and not known: nothing is lost */
        if (!key || unset || (!arg && is_leftover(def->class.name, key)))
            continue;
        vec_push(c->arena, &call,
                 (CallArg){arg ? arg->name : arena_strdup(c->arena, key), SPAN_NONE,
                           argument(c, arg, item), SPAN_NONE});
    }
    return call;
}

static bool is_hard_sigmoid(const CallArg *arg) {
    const Value *v = &arg->value;
    if (v->kind == VALUE_DICT && value_dict_get(*v, "config"))
        v = value_dict_get(*v, "config");
    return strstr(arg->name, "activation") && v->kind == VALUE_STR &&
           !strcmp(v->u.str.text, "hard_sigmoid");
}

/* hard_sigmoid is the one activation whose formula changed: 0.2 x + 0.5 became x / 6 + 0.5. */
static void warn_of_changes(const Config *c, const CallArgs *call, const char *name) {
    if (!c->version || atoi(c->version) >= 3)
        return;
    for (size_t i = 0; i < call->count; i++)
        if (is_hard_sigmoid(&call->at[i]))
            diag_file_warning(c->diag, DIAG_keras2_meaning, c->path,
                              "layer '%s' was saved by Keras %s with hard_sigmoid, which Keras 3 "
                              "computes differently",
                              name, c->version);
}

const cJSON *config_batch_shape(const cJSON *layer) {
    const cJSON *config = config_object(layer, "config");
    const cJSON *shape = cJSON_GetObjectItemCaseSensitive(config, "batch_input_shape");
    return cJSON_IsArray(shape) ? shape : NULL;
}

Layer *config_layer(const Config *c, const cJSON *json) {
    const char *class = config_string(json, "class_name");
    const cJSON *config = config_object(json, "config");
    const LayerDef *def = class ? layer_find(class) : NULL;
    if (!def || !config) {
        diag_file_error(c->diag, DIAG_bad_config, c->path, "a layer of the model has no %s",
                        def ? "config" : "class that is known");
        return NULL;
    }
    const char *name = config_string(config, "name");
    CallArgs call = arguments(c, def, config);
    warn_of_changes(c, &call, name ? name : class);
    return layer_new(c->arena, def, &call, SPAN_NONE, SPAN_NONE, c->names, c->diag);
}
