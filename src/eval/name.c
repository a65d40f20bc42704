/* A name as a value: a variable, a builtin, or what Keras exports. */
#include "names.h"

#include <string.h>

/* Python has these; a file that describes a model has no use for them. */
static const char *const absent[] = {
    "open",   "input",   "eval",       "exec",     "set",       "frozenset",  "type",     "super",
    "object", "globals", "locals",     "getattr",  "setattr",   "hasattr",    "vars",     "dir",
    "id",     "hash",    "bytes",      "complex",  "bytearray", "slice",      "callable", "ord",
    "chr",    "hex",     "oct",        "bin",      "format",    "compile",    "exit",     "quit",
    "help",   "delattr", "memoryview", "property", "Exception", "ValueError",
};

static bool is_absent(const char *name) {
    for (size_t i = 0; i < COUNT_OF(absent); i++)
        if (!strcmp(absent[i], name))
            return true;
    return false;
}

static void all_names(Eval *e, NameList *out) {
    size_t count;
    const char *const *builtins = builtin_names(e->arena, &count);
    for (const Scope *s = e->scope; s; s = s->outer)
        for (size_t i = 0; i < s->variables.count; i++)
            vec_push(e->arena, out, s->variables.at[i].name);
    for (size_t i = 0; i < count; i++)
        vec_push(e->arena, out, builtins[i]);
    names_list(e->arena, "keras.layers", out);
    names_list(e->arena, "keras.models", out);
    names_list(e->arena, "keras", out);
}

/* A name that was reported once is an unknown value from then on: one mistake, one error. */
static void forget(Eval *e, const char *name) {
    Scope *file = e->scope;
    while (file->outer)
        file = file->outer;
    scope_set(e, file, (Name){name, SPAN_NONE}, UNKNOWN);
}

static const char *import_for(const char *name) {
    return !strcmp(name, "keras")  ? "import keras"
           : !strcmp(name, "tf")   ? "import tensorflow as tf"
           : !strcmp(name, "math") ? "import math"
                                   : NULL;
}

/* What other languages and file formats call it. */
static const char *python_constant(const char *name) {
    static const char *const spellings[][2] = {
        {"true", "True"},   {"TRUE", "True"}, {"false", "False"},
        {"FALSE", "False"}, {"none", "None"}, {"null", "None"},
        {"nil", "None"},    {"NULL", "None"}, {"undefined", "None"},
    };
    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        if (!strcmp(spellings[i][0], name))
            return spellings[i][1];
    return NULL;
}

/* What the writer of an unknown name most likely wanted. */
static void suggest(Eval *e, const char *name) {
    NameList names = {0};
    all_names(e, &names);
    const char *near = diag_did_you_mean(name, names.at, names.count);
    if (import_for(name))
        diag_help(e->diag, "add the line: %s", import_for(name));
    else if (python_constant(name))
        diag_label(e->diag, "did you mean '%s'?", python_constant(name));
    else if (activation_is_known(name))
        diag_help(e->diag, "the activation is written in quotes: '%s'", name);
    else if (near)
        diag_label(e->diag, "did you mean '%s'?", near);
}

static Value unknown_name(Eval *e, const char *name, Span span) {
    Value unsupported;
    for (const char *const *layer = unsupported_layers; *layer; layer++)
        if (!strcmp(*layer, name)) {
            unsupported = names_missing(e, "keras.layers", name, span);
            forget(e, name);
            return unsupported;
        }
    if (is_absent(name)) {
        forget(e, name);
        return eval_error(e, DIAG_unsupported_syntax, span, "'%s' is not available here", name);
    }
    eval_error(e, DIAG_unknown_name, span, "'%s' is not defined", name);
    suggest(e, name);
    forget(e, name);
    return UNKNOWN;
}

/* Another module's value is used: an error the first time. */
static Value foreign_use(Eval *e, const Variable *v, Span span) {
    const char *path = v->value.u.module;
    const char *package = arena_strndup(e->arena, path, strcspn(path, "."));
    for (size_t i = 0; i < e->foreign.count; i++)
        if (!strcmp(e->foreign.at[i], package))
            return UNKNOWN;
    vec_push(e->arena, &e->foreign, package);
    eval_error(e, DIAG_foreign_use, span, "'%s' is of the module %s, which is not available here",
               v->name, package);
    if (!span_is_none(v->span))
        diag_note(e->diag, v->span, "imported here");
    if (module_nearest(package))
        diag_help(e->diag, "import it from %s", module_nearest(package));
    else
        diag_help(e->diag,
                  "leave out what loads, prepares or shows data: a model needs none of it");
    return UNKNOWN;
}

static bool starred(Eval *e, const char *name, Value *out) {
    for (size_t i = 0; i < e->stars.count; i++)
        if (names_member(e, e->stars.at[i], name, out))
            return true;
    return false;
}

Value eval_name(Eval *e, const char *name, Span span) {
    Value value;
    Variable *v = scope_find(e->scope, name);
    if (v && !v->set) {
        Value unset = eval_error(e, DIAG_unbound_local, span, "'%s' has no value yet", name);
        if (e->scope->outer)
            diag_help(e->diag, "the function assigns '%s', which makes it a local variable", name);
        return unset;
    }
    if (v && v->value.kind == VALUE_MODULE && module_kind(v->value.u.module) == MODULE_FOREIGN)
        return foreign_use(e, v, span);
    if (v)
        return v->value;
    const Builtin *b = builtin_find(name);
    if (b)
        return (Value){.kind = VALUE_BUILTIN, .u.builtin = b};
    if (!strcmp(name, "__name__"))
        return value_str(e->arena, "__main__");
    return starred(e, name, &value) || names_bare(e, name, &value) ? value
                                                                   : unknown_name(e, name, span);
}
