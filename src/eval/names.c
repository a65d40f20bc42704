/* Which dotted name of Keras means what. */
#include "names.h"
#include "builtin_args.h"
#include "layer.h"

#include <string.h>

static const struct {
    const char *name;
    ModuleKind kind;
} modules[] = {
    {"keras", MODULE_KNOWN},
    {"keras.activations", MODULE_KNOWN},
    {"keras.applications", MODULE_LIMITED},
    {"keras.backend", MODULE_LIMITED},
    {"keras.callbacks", MODULE_SKIPPED},
    {"keras.config", MODULE_LIMITED},
    {"keras.constraints", MODULE_KNOWN},
    {"keras.datasets", MODULE_SKIPPED},
    {"keras.distribution", MODULE_SKIPPED},
    {"keras.dtype_policies", MODULE_LIMITED},
    {"keras.export", MODULE_SKIPPED},
    {"keras.initializers", MODULE_KNOWN},
    {"keras.layers", MODULE_KNOWN},
    {"keras.losses", MODULE_KNOWN},
    {"keras.metrics", MODULE_KNOWN},
    {"keras.mixed_precision", MODULE_LIMITED},
    {"keras.models", MODULE_KNOWN},
    {"keras.ops", MODULE_LIMITED},
    {"keras.optimizers", MODULE_KNOWN},
    {"keras.optimizers.legacy", MODULE_LIMITED},
    {"keras.optimizers.schedules", MODULE_KNOWN},
    {"keras.preprocessing", MODULE_SKIPPED},
    {"keras.quantizers", MODULE_LIMITED},
    {"keras.random", MODULE_LIMITED},
    {"keras.regularizers", MODULE_KNOWN},
    {"keras.saving", MODULE_SKIPPED},
    {"keras.tree", MODULE_LIMITED},
    {"keras.utils", MODULE_SKIPPED},
    {"keras.visualization", MODULE_SKIPPED},
    {"keras.wrappers", MODULE_LIMITED},
    {"tensorflow", MODULE_LIMITED},
    {"tensorflow.config", MODULE_SKIPPED},
    {"tensorflow.data", MODULE_SKIPPED},
    {"tensorflow.random", MODULE_SKIPPED},
    {"tensorflow.test", MODULE_SKIPPED},
    {"math", MODULE_KNOWN},
};

/* Where Keras lives, besides under its own name. */
static const char *const homes[] = {"tensorflow.keras", "tensorflow.python.keras", "tf_keras",
                                    "keras.api"};

static bool is_under(const char *name, const char *module) {
    size_t n = strlen(module);
    return !strncmp(name, module, n) && (name[n] == '.' || name[n] == '\0');
}

const char *module_canonical(Arena *a, const char *dotted) {
    for (size_t i = 0; i < COUNT_OF(homes); i++)
        if (is_under(dotted, homes[i]))
            return arena_printf(a, "keras%s", dotted + strlen(homes[i]));
    return arena_strdup(a, dotted);
}

ModuleKind module_kind(const char *canonical) {
    size_t longest = 0;
    ModuleKind kind = MODULE_FOREIGN;
    for (size_t i = 0; i < COUNT_OF(modules); i++) {
        size_t n = strlen(modules[i].name);
        if (n < longest || !is_under(canonical, modules[i].name))
            continue;
        longest = n;
        bool below = canonical[n] != '\0';
        kind = below && modules[i].kind == MODULE_KNOWN ? MODULE_MISSING : modules[i].kind;
    }
    return kind;
}

static bool is_module(const char *path) {
    for (size_t i = 0; i < COUNT_OF(modules); i++)
        if (!strcmp(modules[i].name, path))
            return true;
    return false;
}

const ClassDef layer_class = {.name = "Layer", .module = "keras"};

static const Builtin model_class = {.name = "Model"};

static Value class_value(const ClassDef *def) {
    return (Value){.kind = VALUE_CLASS, .u.class_def = def};
}

static bool layer_member(const char *name, Value *out) {
    const LayerDef *def = layer_find(name);
    if (def)
        *out = class_value(&def->class);
    else if (!strcmp(name, "Layer"))
        *out = class_value(&layer_class);
    return def || !strcmp(name, "Layer");
}

static bool model_member(const char *name, Value *out) {
    if (!strcmp(name, "Sequential"))
        *out = class_value(&sequential_class);
    else if (!strcmp(name, "Model"))
        *out = (Value){.kind = VALUE_BUILTIN, .u.builtin = &model_class};
    else
        return false;
    return true;
}

/* keras.losses.mean_squared_error: the function beside the class MeanSquaredError. */
typedef struct FunctionSearch {
    Arena *arena;
    const char *module, *name;
    bool found;
} FunctionSearch;

static void match_function(const ClassDef *def, void *context) {
    FunctionSearch *s = context;
    if (!strcmp(def->module, s->module) && !strcmp(snake_case(s->arena, def->name), s->name))
        s->found = true;
}

static bool loss_function(Eval *e, const char *module, const char *name, Value *out) {
    FunctionSearch s = {e->arena, module, name, false};
    if (strcmp(module, "keras.losses") && strcmp(module, "keras.metrics"))
        return false;
    config_each(match_function, &s);
    if (!s.found)
        return false;
    Builtin *b = arena_alloc(e->arena, sizeof *b);
    *b = (Builtin){.name = arena_strdup(e->arena, name)};
    *out = (Value){.kind = VALUE_BUILTIN, .u.builtin = b};
    return true;
}

static bool module_member(Eval *e, const char *module, const char *name, Value *out) {
    const char *path = module_canonical(e->arena, arena_printf(e->arena, "%s.%s", module, name));
    ModuleKind kind = module_kind(module);
    bool opaque = kind == MODULE_LIMITED || kind == MODULE_SKIPPED;
    if (!is_module(path) && !opaque)
        return false;
    *out = (Value){.kind = VALUE_MODULE, .u.module = path};
    return true;
}

bool names_member(Eval *e, const char *module, const char *name, Value *out) {
    bool top = !strcmp(module, "keras");
    if ((top && !strcmp(name, "Input") && layer_member("Input", out)) ||
        (top && !strcmp(name, "Layer") && layer_member("Layer", out)) ||
        (!strcmp(module, "keras.layers") && layer_member(name, out)) ||
        ((top || !strcmp(module, "keras.models")) && model_member(name, out)))
        return true;
    bool policies =
        !strcmp(module, "keras.mixed_precision") || !strcmp(module, "keras.dtype_policies");
    const ClassDef *def = config_exported(policies ? "keras" : module, name);
    if (def) {
        *out = class_value(def);
        return true;
    }
    return keras_function(e, module, name, out) || loss_function(e, module, name, out) ||
           module_member(e, module, name, out);
}

bool names_bare(Eval *e, const char *name, Value *out) {
    return names_member(e, "keras.layers", name, out) ||
           names_member(e, "keras.models", name, out) || names_member(e, "keras", name, out);
}

typedef struct Collect {
    Arena *arena;
    const char *module;
    NameList *out;
} Collect;

static void collect_config(const ClassDef *def, void *context) {
    Collect *c = context;
    if (!strcmp(def->module, c->module))
        vec_push(c->arena, c->out, def->name);
    for (const char *const *alias = def->aliases;
         alias && *alias && !strcmp(def->module, c->module); alias++)
        vec_push(c->arena, c->out, *alias);
}

static void collect_layers(Arena *a, NameList *out) {
    size_t count;
    const LayerDef *const *all = layer_all(&count);
    for (size_t i = 0; i < count; i++) {
        vec_push(a, out, all[i]->class.name);
        for (const char *const *alias = all[i]->class.aliases; alias && *alias; alias++)
            vec_push(a, out, *alias);
    }
    for (const char *const *name = unsupported_layers; *name; name++)
        vec_push(a, out, *name);
}

void names_list(Arena *a, const char *module, NameList *out) {
    Collect c = {a, module, out};
    bool top = !strcmp(module, "keras");
    size_t n = strlen(module);
    config_each(collect_config, &c);
    if (!strcmp(module, "keras.layers"))
        collect_layers(a, out);
    if (!strcmp(module, "keras.activations"))
        for (size_t i = 0; i < activation_nnames; i++)
            vec_push(a, out, activation_names[i]);
    if (!strcmp(module, "math"))
        for (size_t i = 0; i < math_builtins.count; i++)
            vec_push(a, out, math_builtins.rows[i].name);
    if (top || !strcmp(module, "keras.models")) {
        vec_push(a, out, "Sequential");
        vec_push(a, out, "Model");
    }
    for (size_t i = 0; i < COUNT_OF(modules); i++)
        if (is_under(modules[i].name, module) && modules[i].name[n] == '.')
            vec_push(a, out, modules[i].name + n + 1);
}

static bool is_unsupported_layer(const char *name) {
    for (const char *const *known = unsupported_layers; *known; known++)
        if (!strcmp(*known, name))
            return true;
    return false;
}

static Value unsupported_layer(Eval *e, const char *name, Span span) {
    Value v = eval_error(e, DIAG_unsupported_name, span, "the layer %s is not supported yet", name);
    if (!strcmp(name, "Conv2DTranspose") || !strcmp(name, "Convolution2DTranspose"))
        diag_help(e->diag, "UpSampling2D with a Conv2D after it enlarges an image too");
    else
        diag_help(e->diag, "docs/layers.md lists the layers that are");
    return v;
}

Value names_missing(Eval *e, const char *module, const char *name, Span span) {
    if (!strcmp(module, "keras.layers") && is_unsupported_layer(name))
        return unsupported_layer(e, name, span);
    NameList names = {0};
    names_list(e->arena, module, &names);
    eval_error(e, DIAG_unknown_member, span, "%s has no '%s'", module, name);
    const char *near = diag_did_you_mean(name, names.at, names.count);
    if (near)
        diag_label(e->diag, "did you mean '%s'?", near);
    return UNKNOWN;
}

Value names_call_limited(Eval *e, const char *path, const Call *call) {
    if (module_kind(path) != MODULE_SKIPPED)
        return eval_error(e, DIAG_unsupported_name, call->span, "%s is not supported", path);
    diag_warning(e->diag, DIAG_training_time, call->span,
                 "%s(...) has no meaning while compiling: it is skipped", path);
    return UNKNOWN;
}
