/* Functions and constants of Keras, TensorFlow and math that mean something while compiling. */
#include "builtin_args.h"
#include "names.h"

#include <math.h>
#include <string.h>

/* A reference to the function, not yet its value. */
Value activation_value(Eval *e, const char *name) {
    if (!e->activations) {
        e->activations = arena_array(e->arena, activation_nnames, sizeof *e->activations);
        for (size_t i = 0; i < activation_nnames; i++)
            e->activations[i] =
                (Builtin){.name = activation_names[i], .activation = activation_names[i]};
    }
    /* Two names of one function. */
    name = !strcmp(name, "swish") ? "silu" : !strcmp(name, "hard_swish") ? "hard_silu" : name;
    for (size_t i = 0; i < activation_nnames; i++)
        if (!strcmp(activation_names[i], name))
            return (Value){.kind = VALUE_BUILTIN, .u.builtin = &e->activations[i]};
    return UNKNOWN;
}

/* Seeds and the like: nothing that a forward pass could see. */
static Value do_nothing(Eval *e, const Builtin *b, const Call *call) {
    (void)e, (void)b, (void)call;
    return value_none();
}

static Value clear_session(Eval *e, const Builtin *b, const Call *call) {
    (void)b, (void)call;
    namer_reset(e->names);
    return value_none();
}

static Value image_data_format(Eval *e, const Builtin *b, const Call *call) {
    (void)b, (void)call;
    return value_str(e->arena, "channels_last");
}

static Value floatx(Eval *e, const Builtin *b, const Call *call) {
    (void)b, (void)call;
    return value_str(e->arena, "float32");
}

static Value backend(Eval *e, const Builtin *b, const Call *call) {
    (void)b, (void)call;
    return value_str(e->arena, "tensorflow");
}

static Value epsilon(Eval *e, const Builtin *b, const Call *call) {
    (void)e, (void)b, (void)call;
    return value_float(1e-7);
}

/* A global setting that would change every later layer: only its default is supported. */
static Value set_default(Eval *e, const Builtin *b, const Call *call) {
    static const char *const defaults[] = {"channels_last", "float32", "tensorflow"};
    Value v;
    if (!take_args(e, b, call, PARAMS("value"), 1, 1, &v))
        return UNKNOWN;
    for (size_t i = 0; v.kind == VALUE_STR && i < COUNT_OF(defaults); i++)
        if (!strcmp(v.u.str.text, defaults[i]))
            return value_none();
    return eval_error(e, DIAG_unsupported_name, call->span, "%s(%s) is not supported", b->name,
                      value_brief(e->arena, v));
}

static Value activations_get(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("identifier"), 1, 1, &v))
        return UNKNOWN;
    if (v.kind == VALUE_NONE)
        return activation_value(e, "linear");
    if (v.kind == VALUE_STR && !activation_is_known(v.u.str.text))
        return eval_error(e, DIAG_argument_choice, call->args.at[0].span,
                          "Keras has no activation %s", value_brief(e->arena, v));
    return v.kind == VALUE_STR ? activation_value(e, v.u.str.text) : v;
}

static const struct {
    const char *module;
    Builtin function;
} functions[] = {
    {"keras.utils", {.name = "set_random_seed", .call = do_nothing}},
    {"keras.utils", {.name = "clear_session", .call = clear_session}},
    {"keras.utils", {.name = "disable_interactive_logging", .call = do_nothing}},
    {"keras.backend", {.name = "clear_session", .call = clear_session}},
    {"keras.backend", {.name = "image_data_format", .call = image_data_format}},
    {"keras.backend", {.name = "set_image_data_format", .call = set_default}},
    {"keras.backend", {.name = "floatx", .call = floatx}},
    {"keras.backend", {.name = "set_floatx", .call = set_default}},
    {"keras.backend", {.name = "epsilon", .call = epsilon}},
    {"keras.backend", {.name = "backend", .call = backend}},
    {"keras.config", {.name = "image_data_format", .call = image_data_format}},
    {"keras.config", {.name = "set_image_data_format", .call = set_default}},
    {"keras.config", {.name = "floatx", .call = floatx}},
    {"keras.config", {.name = "set_floatx", .call = set_default}},
    {"keras.config", {.name = "set_dtype_policy", .call = set_default}},
    {"keras.config", {.name = "epsilon", .call = epsilon}},
    {"keras.config", {.name = "backend", .call = backend}},
    {"keras.mixed_precision", {.name = "set_global_policy", .call = set_default}},
    {"keras.activations", {.name = "get", .call = activations_get}},
    {"tensorflow.random", {.name = "set_seed", .call = do_nothing}},
};

static const char *const tensorflow_dtypes[] = {"float32", "float64", "float16", "bfloat16",
                                                "int32",   "int64",   "uint8",   "bool"};

static bool tensorflow_dtype(Eval *e, const char *name, Value *out) {
    for (size_t i = 0; i < COUNT_OF(tensorflow_dtypes); i++) {
        if (strcmp(tensorflow_dtypes[i], name))
            continue;
        *out = value_str(e->arena, name);
        return true;
    }
    return false;
}

static bool math_constant(const char *name, Value *out) {
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", M_PI}, {"e", M_E}, {"tau", 2 * M_PI}, {"inf", INFINITY}, {"nan", NAN}};
    for (size_t i = 0; i < COUNT_OF(constants); i++) {
        if (strcmp(constants[i].name, name))
            continue;
        *out = value_float(constants[i].value);
        return true;
    }
    return false;
}

static bool has_activations(const char *module) {
    return !strcmp(module, "keras.activations") || !strcmp(module, "tensorflow.nn") ||
           !strcmp(module, "keras.ops");
}

bool keras_function(Eval *e, const char *module, const char *name, Value *out) {
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        if (strcmp(functions[i].module, module) || strcmp(functions[i].function.name, name))
            continue;
        *out = (Value){.kind = VALUE_BUILTIN, .u.builtin = &functions[i].function};
        return true;
    }
    if (has_activations(module) && activation_is_known(name)) {
        *out = activation_value(e, name);
        return true;
    }
    if (!strcmp(name, "__version__") && !strcmp(module, "keras")) {
        *out = value_str(e->arena, "3.15.1");
        return true;
    }
    if (!strcmp(module, "tensorflow") && tensorflow_dtype(e, name, out))
        return true;
    if (strcmp(module, "math"))
        return false;
    const Builtin *b = table_find(&math_builtins, name);
    if (b)
        *out = (Value){.kind = VALUE_BUILTIN, .u.builtin = b};
    return b || math_constant(name, out);
}
