/* The registry of plain classes: initializers, regularizers, ... each family a table in its file.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

static const ConfigTable *const tables[] = {
    &initializer_table, &regularizer_table, &constraint_table, &optimizer_table, &schedule_table,
    &loss_table,        &metric_table,      &callback_table,   &policy_table,
};

typedef bool Matches(const ClassDef *def, const char *name);

static const ClassDef *find(const char *module, const char *name, Matches *matches) {
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            const ClassDef *def = &tables[t]->classes[i];
            if ((!module || !strcmp(def->module, module)) && matches(def, name))
                return def;
        }
    }
    return NULL;
}

/* Keras lowers the name of an optimizer before it looks: 'Adam', 'ADAM', 'adam'. */
static bool stands_for(const ClassDef *def, const char *name) {
    if (def->snake && !strcmp(def->module, "keras.optimizers"))
        return !strcasecmp(def->snake, name);
    if (!strcmp(def->name, name) || (def->snake && !strcmp(def->snake, name)))
        return true;
    for (const char *const *s = def->strings; s && *s; s++)
        if (!strcmp(*s, name))
            return true;
    return false;
}

static bool either(const ClassDef *def, const char *name) {
    return class_is_named(def, name) || stands_for(def, name);
}

const ClassDef *config_exported(const char *module, const char *name) {
    return find(module, name, class_is_named);
}

const ClassDef *config_for_string(const char *module, const char *name) {
    return find(module, name, stands_for);
}

const ClassDef *config_find(const char *module, const char *name) {
    return find(module, name, either);
}

void config_each(void (*visit)(const ClassDef *def, void *context), void *context) {
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (size_t i = 0; i < tables[t]->count; i++)
            visit(&tables[t]->classes[i], context);
}
