/* JSON values of a saved model as values of the language. */
#include "config.h"

#include <math.h>
#include <string.h>

const cJSON *config_object(const cJSON *json, const char *key) {
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(json, key);
    return cJSON_IsObject(o) ? o : NULL;
}

const char *config_string(const cJSON *json, const char *key) {
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
}

/* JSON does not tell 1 from 1.0; arguments that are floats take ints. */
static Value number(double d) {
    const double exact = 9007199254740992.0; /* 2^53 */
    return d == floor(d) && fabs(d) < exact ? value_int((int64_t)d) : value_float(d);
}

static Value list(const Config *c, const cJSON *json, bool tuple) {
    Vec(Value) items = {0};
    const cJSON *item;
    cJSON_ArrayForEach(item, json) {
        vec_push(c->arena, &items, config_value(c, item));
    }
    return tuple ? value_tuple(c->arena, items.at, items.count)
                 : value_list(c->arena, items.at, items.count);
}

/* Initializers of tf.keras 2.0 to 2.2 carry a dtype, which nothing reads. */
static bool is_leftover(const cJSON *config, const char *key) {
    return !strcmp(key, "dtype") && !config_string(config, "class_name");
}

static Value dict(const Config *c, const cJSON *json) {
    Value d = value_dict(c->arena);
    const cJSON *item;
    cJSON_ArrayForEach(item, json) {
        if (!is_leftover(json, item->string))
            value_dict_set(c->arena, d, value_str(c->arena, item->string), config_value(c, item));
    }
    return d;
}

static Value object(const Config *c, const cJSON *json) {
    const char *class = config_string(json, "class_name");
    const cJSON *items = cJSON_GetObjectItemCaseSensitive(json, "items");
    if (class && !strcmp(class, "__tuple__") && cJSON_IsArray(items))
        return list(c, items, true);
    return dict(c, json);
}

Value config_value(const Config *c, const cJSON *json) {
    if (cJSON_IsBool(json))
        return value_bool(cJSON_IsTrue(json));
    if (cJSON_IsNumber(json))
        return number(json->valuedouble);
    if (cJSON_IsString(json))
        return value_str(c->arena, json->valuestring);
    if (cJSON_IsArray(json))
        return list(c, json, false);
    return cJSON_IsObject(json) ? object(c, json) : value_none();
}
