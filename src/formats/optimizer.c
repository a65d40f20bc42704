/* The optimizer of a compiled model, as far as a summary shows it: how many variables it has.
 *
 *     1 iteration (int64) + 1 learning rate, unless a schedule gives it
 *       + slots * trainable parameters
 *
 * It is computed from the optimizer's description and not from the file's optimizer state, because
 * Keras builds the optimizer anew when it loads: a model that was never trained has the line, too.
 */
#include "optimizer.h"

#include <string.h>

/* How many values each trainable one brings; an argument that is set brings one more. */
static const struct Slots {
    const char *class;
    int always;
    const char *more[2];
    int scalars; /* of its own, whatever is trained */
} rules[] = {
    {"Adadelta", 2, {NULL}, 0},  {"Adagrad", 1, {NULL}, 0},
    {"Adam", 2, {"amsgrad"}, 0}, {"AdamW", 2, {"amsgrad"}, 0},
    {"Adamax", 2, {NULL}, 0},    {"Ftrl", 2, {NULL}, 0},
    {"Lamb", 2, {NULL}, 0},      {"Lion", 1, {NULL}, 0},
    {"Nadam", 2, {NULL}, 1},     {"RMSprop", 1, {"momentum", "centered"}, 0},
    {"SGD", 0, {"momentum"}, 0}, {"ScheduleFreeAdamW", 2, {NULL}, 0},
};

/* What every optimizer takes. */
static const char *const more[] = {"use_ema", "gradient_accumulation_steps"};

static bool is_set(const cJSON *config, const char *key) {
    const cJSON *item = key ? cJSON_GetObjectItemCaseSensitive(config, key) : NULL;
    return cJSON_IsTrue(item) || (cJSON_IsNumber(item) && item->valuedouble != 0);
}

/* Keras 2.11 and later say Custom>Adam in .h5, of which Keras 3 makes an Adam with its defaults. */
static const char custom[] = "Custom>";

static const cJSON *config_of(const cJSON *optimizer) {
    const char *name = config_string(optimizer, "class_name");
    bool defaults = name && !strncmp(name, custom, strlen(custom));
    return defaults ? NULL : config_object(optimizer, "config");
}

/* 'adam' or {"class_name": "Adam", "config": ...}. */
static const struct Slots *find_rule(const cJSON *optimizer) {
    const char *name = cJSON_GetStringValue(optimizer);
    if (!name)
        name = config_string(optimizer, "class_name");
    if (name && !strncmp(name, custom, strlen(custom)))
        name += strlen(custom);
    const ClassDef *def = name ? config_find("keras.optimizers", name) : NULL;
    if (name && !def)
        def = config_for_string("keras.optimizers", name);
    for (size_t i = 0; def && i < COUNT_OF(rules); i++)
        if (!strcmp(rules[i].class, def->name))
            return &rules[i];
    return NULL;
}

static int count_slots(const struct Slots *rule, const cJSON *config) {
    int slots = rule->always;
    for (size_t i = 0; i < COUNT_OF(rule->more); i++)
        slots += is_set(config, rule->more[i]);
    for (size_t i = 0; i < COUNT_OF(more); i++)
        slots += is_set(config, more[i]);
    return slots;
}

void optimizer_count(Model *m, const cJSON *optimizer, int64_t trainable) {
    const struct Slots *rule = find_rule(optimizer);
    if (!rule || !model_is_built(m))
        return;
    const cJSON *config = config_of(optimizer);
    int64_t floats = rule->scalars + !config_object(config, "learning_rate");
    floats += count_slots(rule, config) * trainable;
    m->optimizer_params = 1 + floats;
    m->optimizer_bytes = 8 + 4 * floats;
}
