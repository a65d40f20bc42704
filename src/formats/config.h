/* The architecture of a saved model: the JSON that Keras calls config, of Keras 3 and Keras 2. */
#ifndef CONFIG_H
#define CONFIG_H

#include "mapped.h"

#include <cjson/cJSON.h>

typedef struct Config {
    Arena *arena;
    const char *path;    /* of the file it comes from */
    const char *version; /* of the Keras that wrote it: "2.10.0"; NULL: not known */
    Namer *names;
    Diag *diag;
} Config;

/* NULL after a diagnostic. */
Model *config_model(const Config *c, View json);

/* config_value.c: a JSON value as the value that a .kmodel file would hold: arrays are lists,
 * __tuple__ a tuple, serialised objects dicts. */
Value config_value(const Config *c, const cJSON *json);

/* config_layer.c: constructs the layer that {"class_name", "config"} describes; NULL after a
 * diagnostic. */
Layer *config_layer(const Config *c, const cJSON *json);

/* The batch shape that a Keras-2 layer's config may carry in place of an InputLayer; NULL. */
const cJSON *config_batch_shape(const cJSON *layer);

/* Typed looks into JSON; NULL if absent or of another type. */
const cJSON *config_object(const cJSON *json, const char *key);
const char *config_string(const cJSON *json, const char *key);

#endif
