/* Arguments that stand for an object: initializers, regularizers, constraints, activations, dtype
 * policies, learning rates. Keras takes a string, a class, an instance or a serialised instance. */
#include "eval/builtin.h"
#include "convert.h"

#include <string.h>

/* What keras.activations.get() knows. */
const char *const activation_names[] = {
    "celu",           "elu",          "exponential", "gelu",        "glu",
    "hard_shrink",    "hard_sigmoid", "hard_silu",   "hard_swish",  "hard_tanh",
    "leaky_relu",     "linear",       "log_sigmoid", "log_softmax", "mish",
    "relu",           "relu6",        "selu",        "sigmoid",     "silu",
    "soft_shrink",    "softmax",      "softplus",    "softsign",    "sparse_plus",
    "sparse_sigmoid", "sparsemax",    "squareplus",  "swish",       "tanh",
    "tanh_shrink",    "threshold",
};
const size_t activation_nnames = COUNT_OF(activation_names);

static const char *const dtype_names[] = {
    "float32",        "float16",       "bfloat16",    "float64",   "mixed_float16",
    "mixed_bfloat16", "float8_e4m3fn", "float8_e5m2", "int8",      "int16",
    "int32",          "int64",         "uint8",       "uint16",    "uint32",
    "uint64",         "bool",          "string",      "complex64", "complex128",
};

static bool contains(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

bool activation_is_known(const char *name) {
    return contains(activation_names, activation_nnames, name);
}

static bool unknown_string(const Conversion *c, Value v, const char *noun, const char *near) {
    diag_error(c->diag, DIAG_argument_choice, c->span, "Keras has no %s %s", noun,
               value_brief(c->arena, v));
    if (near)
        diag_label(c->diag, "did you mean '%s'?", near);
    return false;
}

/* The strings of one module's classes, for did-you-mean. */
typedef struct Strings {
    Arena *arena;
    const char *module;
    Vec(const char *) names;
} Strings;

static void collect_strings(const ClassDef *def, void *context) {
    Strings *s = context;
    if (strcmp(def->module, s->module))
        return;
    if (def->snake)
        vec_push(s->arena, &s->names, def->snake);
    vec_push(s->arena, &s->names, def->name);
}

static const char *nearest_config(Arena *a, const char *module, const char *word) {
    Strings s = {.arena = a, .module = module};
    config_each(collect_strings, &s);
    return diag_did_you_mean(word, s.names.at, s.names.count);
}

static Value new_default(const Conversion *c, const ClassDef *def) {
    return (Value){.kind = VALUE_OBJECT, .u.object = object_default(c->arena, def, c->span)};
}

/* {'class_name': 'HeNormal', 'config': {'seed': None}}, or with the class's name alone. */
static bool deserialise(const Conversion *c, const char *module, const char *noun, Value v,
                        Value *out) {
    const Value *name = value_dict_get(v, "class_name"), *config = value_dict_get(v, "config");
    if (!name || name->kind != VALUE_STR || (config && config->kind != VALUE_DICT))
        return convert_error(c, v, "a serialised object with 'class_name' and 'config'");
    const ClassDef *def = config_for_string(module, name->u.str.text);
    if (!def)
        return unknown_string(c, *name, noun, nearest_config(c->arena, module, name->u.str.text));
    CallArgs call = {0};
    for (size_t i = 0; config && i < config->u.dict->keys.count; i++) {
        Value key = config->u.dict->keys.at[i];
        if (key.kind != VALUE_STR)
            return convert_error(c, v, "a serialised object whose config has strings as keys");
        vec_push(c->arena, &call,
                 (CallArg){key.u.str.text, c->span, config->u.dict->values.at[i], c->span});
    }
    Object *o = arena_alloc(c->arena, sizeof *o);
    o->span = o->call_span = c->span;
    *out = (Value){.kind = VALUE_OBJECT, .u.object = o};
    return class_bind(def, &call, o, NULL, 0, NULL, c->arena, c->diag);
}

bool convert_config(const Conversion *c, const char *module, const char *noun, Value v,
                    Value *out) {
    if (v.kind == VALUE_DICT)
        return deserialise(c, module, noun, v, out);
    if (v.kind == VALUE_STR) {
        const ClassDef *def = config_for_string(module, v.u.str.text);
        if (!def)
            return unknown_string(c, v, noun, nearest_config(c->arena, module, v.u.str.text));
        *out = new_default(c, def);
        return true;
    }
    if (v.kind == VALUE_CLASS && !strcmp(v.u.class_def->module, module)) {
        *out = new_default(c, v.u.class_def);
        return true;
    }
    if (v.kind == VALUE_OBJECT && !strcmp(v.u.object->def->module, module)) {
        *out = v;
        return true;
    }
    if (v.kind == VALUE_FUNCTION)
        return diag_error(c->diag, DIAG_unsupported_argument, c->span,
                          "a function as %s is not supported", noun);
    return convert_error(c, v, arena_printf(c->arena, noun[0] == 'i' ? "an %s" : "a %s", noun));
}

/* {'class_name': 'function', 'config': 'relu'} is how Keras saves a function. */
static Value serialised_function(Value v) {
    const Value *name = v.kind == VALUE_DICT ? value_dict_get(v, "class_name") : NULL;
    const Value *config = v.kind == VALUE_DICT ? value_dict_get(v, "config") : NULL;
    bool is_function = name && name->kind == VALUE_STR && !strcmp(name->u.str.text, "function") &&
                       config && config->kind == VALUE_STR;
    return is_function ? *config : v;
}

bool convert_activation(const Conversion *c, Value v, Value *out) {
    v = serialised_function(v);
    if (v.kind == VALUE_BUILTIN && v.u.builtin->activation)
        v = value_str(c->arena, v.u.builtin->activation);
    if (v.kind == VALUE_STR && !activation_is_known(v.u.str.text))
        return unknown_string(c, v, "activation",
                              diag_did_you_mean(v.u.str.text, activation_names, activation_nnames));
    if (v.kind == VALUE_FUNCTION)
        return diag_error(c->diag, DIAG_unsupported_argument, c->span,
                          "a function of your own as activation is not supported yet");
    if (v.kind == VALUE_CLASS) {
        convert_error(c, v, "a name, a function of keras.activations or a layer");
        diag_help(c->diag, "make a layer of it: %s()", v.u.class_def->name);
        return false;
    }
    if (v.kind != VALUE_STR && v.kind != VALUE_LAYER)
        return convert_error(c, v, "a name, a function of keras.activations or a layer");
    *out = v;
    return true;
}

bool convert_dtype(const Conversion *c, Value v, Value *out) {
    if (v.kind == VALUE_OBJECT && !strcmp(v.u.object->def->name, "DTypePolicy"))
        v = v.u.object->args[0];
    if (v.kind == VALUE_DICT) {
        const Value *config = value_dict_get(v, "config");
        const Value *name =
            config && config->kind == VALUE_DICT ? value_dict_get(*config, "name") : NULL;
        if (name)
            v = *name;
    }
    if (v.kind != VALUE_STR)
        return convert_error(c, v, "a dtype such as 'float32'");
    if (!contains(dtype_names, COUNT_OF(dtype_names), v.u.str.text))
        return unknown_string(c, v, "dtype",
                              diag_did_you_mean(v.u.str.text, dtype_names, COUNT_OF(dtype_names)));
    *out = v;
    return true;
}

bool convert_schedule(const Conversion *c, Value v, Value *out) {
    bool is_schedule =
        v.kind == VALUE_OBJECT && !strcmp(v.u.object->def->module, "keras.optimizers.schedules");
    if (v.kind != VALUE_INT && v.kind != VALUE_FLOAT && v.kind != VALUE_FUNCTION && !is_schedule)
        return convert_error(c, v, "a number or a schedule of keras.optimizers.schedules");
    if (value_is_number(v) && !(value_number(v) >= 0))
        return diag_error(c->diag, DIAG_argument_range, c->span,
                          "'%s' of %s should be 0.0 or more, but is %s", c->arg->name,
                          c->class->name, value_brief(c->arena, v));
    *out = v;
    return true;
}
