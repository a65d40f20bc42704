/* Binding a call to a class: which argument goes where, what is missing, doubled or unknown. What
 * a value must look like is convert.c's business. */
#include "class.h"
#include "convert.h"

#include <assert.h>
#include <string.h>

/* Spellings of Keras 1, Keras 2 and PyTorch that Keras 3 rejects, and what it calls the same. A row
 * helps only where the class has the new one. */
static const char *const renamed[][2] = {
    {"nb_filter", "filters"},
    {"nb_row", "kernel_size"},
    {"nb_col", "kernel_size"},
    {"out_channels", "filters"},
    {"out_features", "units"},
    {"output_dim", "units"},
    {"border_mode", "padding"},
    {"subsample", "strides"},
    {"stride", "strides"},
    {"dilation", "dilation_rate"},
    {"atrous_rate", "dilation_rate"},
    {"pool_length", "pool_size"},
    {"filter_size", "kernel_size"},
    {"dim_ordering", "data_format"},
    {"init", "kernel_initializer"},
    {"W_regularizer", "kernel_regularizer"},
    {"b_regularizer", "bias_regularizer"},
    {"W_constraint", "kernel_constraint"},
    {"b_constraint", "bias_constraint"},
    {"gamma_init", "gamma_initializer"},
    {"beta_init", "beta_initializer"},
    {"bias", "use_bias"},
    {"eps", "epsilon"},
    {"p", "rate"},
    {"sigma", "stddev"},
    {"keep_prob", "rate"},
    {"alpha", "negative_slope"},
    {"lr", "learning_rate"},
    {"nb_epoch", "epochs"},
    {"shape", "target_shape"},
    {"batch_input_shape", "batch_shape"},
};

/* Arguments that Keras 3 dropped without a successor. */
static const char *const dropped[] = {
    "fused",   "virtual_batch_size", "implementation", "time_major", "dynamic",
    "weights", "input_length"};

static const char *new_name(const ClassDef *def, const char *old) {
    for (size_t i = 0; i < COUNT_OF(renamed); i++)
        if (!strcmp(renamed[i][0], old) && class_arg(def, renamed[i][1]) >= 0)
            return renamed[i][1];
    return NULL;
}

/* slope: the only parameter that has it as one of its words is negative_slope. */
static const char *longer_name(const char *name, const char *const *names, int count) {
    const char *found = NULL;
    size_t len = strlen(name);
    for (int i = 0; i < count; i++) {
        const char *at = len >= 3 ? strstr(names[i], name) : NULL;
        if (!at || (at != names[i] && at[-1] != '_') || (at[len] != '\0' && at[len] != '_'))
            continue;
        if (found)
            return NULL;
        found = names[i];
    }
    return found;
}

static bool is_dropped(const char *name) {
    for (size_t i = 0; i < COUNT_OF(dropped); i++)
        if (!strcmp(dropped[i], name))
            return true;
    return false;
}

/* A call being bound: `given[i]` is what was written for parameter i; the class's own parameters
 * come first, the extra ones after them. */
typedef struct Binding {
    const ClassDef *def;
    const ArgDef *extra;
    int nextra;
    const CallArg **given;
    bool too_many; /* then the positional ones may all stand for something else */
    Arena *arena;
    Diag *diag;
} Binding;

static const ArgDef *parameter(const Binding *b, int i) {
    return i < b->def->nargs ? &b->def->args[i] : &b->extra[i - b->def->nargs];
}

static int nparameters(const Binding *b) {
    return b->def->nargs + b->nextra;
}

static int find_parameter(const Binding *b, const char *name) {
    for (int i = 0; i < nparameters(b); i++)
        if (!strcmp(parameter(b, i)->name, name))
            return i;
    return -1;
}

static int find_old_parameter(const Binding *b, const char *name) {
    for (int i = 0; i < nparameters(b); i++)
        if (parameter(b, i)->old_name && !strcmp(parameter(b, i)->old_name, name))
            return i;
    return -1;
}

static bool unknown_argument(const Binding *b, const CallArg *arg) {
    const char **names = arena_array(b->arena, (size_t)nparameters(b), sizeof *names);
    for (int i = 0; i < nparameters(b); i++)
        names[i] = parameter(b, i)->name;
    diag_error(b->diag, DIAG_unknown_argument, arg->name_span, "%s has no argument '%s'",
               b->def->name, arg->name);
    const char *renamed_to = new_name(b->def, arg->name);
    const char *near = diag_did_you_mean(arg->name, names, (size_t)nparameters(b));
    if (!near)
        near = longer_name(arg->name, names, nparameters(b));
    if (renamed_to)
        diag_label(b->diag, "Keras 3 calls it '%s'", renamed_to);
    else if (near)
        diag_label(b->diag, "did you mean '%s'?", near);
    if (!strcmp(arg->name, "batch_input_shape"))
        diag_help(b->diag, "put Input(batch_shape=...) in front of the first layer");
    else if (!renamed_to && is_dropped(arg->name))
        diag_help(b->diag, "Keras 3 dropped this argument: leave it out");
    return false;
}

/* Reshape(7, 7, 64): a tuple without its brackets. */
static void help_brackets(const Binding *b, const CallArgs *call) {
    char *items = arena_strdup(b->arena, "");
    for (size_t i = 0; i < call->count && !call->at[i].name; i++) {
        Value v = call->at[i].value;
        if (v.kind != VALUE_INT)
            return;
        items = arena_printf(b->arena, "%s%s%lld", items, i ? ", " : "", (long long)v.u.integer);
    }
    if (b->def->args[0].type == ARG_SHAPE)
        diag_help(b->diag, "a shape is one tuple: %s((%s))", b->def->name, items);
}

static bool too_many(Binding *b, const CallArgs *call, const CallArg *arg, size_t count) {
    if (b->def->nargs == 0)
        return diag_error(b->diag, DIAG_too_many_arguments, arg->span,
                          "%s takes no positional arguments", b->def->name);
    diag_error(b->diag, DIAG_too_many_arguments, arg->span,
               "%s takes at most %d positional argument%s, but %zu are given", b->def->name,
               b->def->nargs, b->def->nargs == 1 ? "" : "s", count);
    help_brackets(b, call);
    b->too_many = true;
    return false;
}

static bool place(Binding *b, int i, const CallArg *arg) {
    const CallArg *first = b->given[i];
    if (!first) {
        b->given[i] = arg;
        return true;
    }
    diag_error(b->diag, DIAG_doubled_argument, arg->name ? arg->name_span : arg->span,
               "%s gets '%s' twice", b->def->name, parameter(b, i)->name);
    diag_note(b->diag, first->name ? span_join(first->name_span, first->span) : first->span,
              "the first one is here");
    return false;
}

static bool place_keyword(Binding *b, const CallArg *arg) {
    int i = find_parameter(b, arg->name);
    if (i >= 0)
        return place(b, i, arg);
    i = find_old_parameter(b, arg->name);
    if (i < 0)
        return unknown_argument(b, arg);
    diag_warning(b->diag, DIAG_old_spelling, arg->name_span,
                 "'%s' is the Keras-2 name of '%s' of %s", arg->name, parameter(b, i)->name,
                 b->def->name);
    return place(b, i, arg);
}

static bool place_all(Binding *b, const CallArgs *call) {
    bool ok = true;
    size_t npositional = 0;
    for (size_t i = 0; i < call->count; i++)
        npositional += !call->at[i].name;
    size_t position = 0;
    for (size_t i = 0; i < call->count; i++) {
        const CallArg *arg = &call->at[i];
        if (arg->name)
            ok &= place_keyword(b, arg);
        else if (position < (size_t)b->def->nargs)
            ok &= place(b, (int)position++, arg);
        else
            return too_many(b, call, arg, npositional);
    }
    return ok;
}

static bool missing_argument(const Binding *b, const ArgDef *def, Span callee) {
    diag_error(b->diag, DIAG_missing_argument, callee, "%s needs the argument '%s'", b->def->name,
               def->name);
    if (def->missing)
        diag_help(b->diag, "%s", def->missing);
    return false;
}

/* Converts what was written for parameter i, or its default. */
static bool bind_parameter(Binding *b, int i, Span callee, Value *out) {
    const ArgDef *def = parameter(b, i);
    const CallArg *arg = b->given[i];
    Conversion c = {b->def, def, arg ? arg->span : callee, b->arena, b->diag};
    if (arg)
        return convert_argument(&c, arg->value, out) && argument_supported(&c, *out);
    if (def->required)
        return missing_argument(b, def, callee);
    return convert_argument(&c, def->fallback, out);
}

bool class_bind(const ClassDef *def, const CallArgs *call, Object *out, const ArgDef *extra,
                int nextra, Value *extra_args, Arena *a, Diag *d) {
    Binding b = {.def = def, .extra = extra, .nextra = nextra, .arena = a, .diag = d};
    size_t n = (size_t)def->nargs;
    b.given = arena_array(a, (size_t)nparameters(&b), sizeof *b.given);
    out->def = def;
    out->args = arena_array(a, n, sizeof *out->args);
    out->arg_spans = arena_array(a, n, sizeof *out->arg_spans);
    out->given = arena_array(a, n, sizeof *out->given);

    bool ok = place_all(&b, call);
    for (int i = 0; i < nparameters(&b); i++) {
        bool own = i < def->nargs;
        Value *slot = own ? &out->args[i] : &extra_args[i - def->nargs];
        if (own) {
            out->given[i] = b.given[i] != NULL;
            out->arg_spans[i] = b.given[i] ? b.given[i]->span : SPAN_NONE;
        }
        /* A misspelt argument may be the one that seems to be missing. */
        if (!ok && !b.given[i] && parameter(&b, i)->required)
            continue;
        if (b.too_many && b.given[i] && !b.given[i]->name)
            continue;
        ok &= bind_parameter(&b, i, out->span, slot);
    }
    return ok;
}

Object *object_default(Arena *a, const ClassDef *def, Span span) {
    Object *o = arena_alloc(a, sizeof *o);
    *o = (Object){.def = def, .span = span, .call_span = span};
    o->args = arena_array(a, (size_t)def->nargs, sizeof *o->args);
    o->arg_spans = arena_array(a, (size_t)def->nargs, sizeof *o->arg_spans);
    o->given = arena_array(a, (size_t)def->nargs, sizeof *o->given);
    for (int i = 0; i < def->nargs; i++) {
        o->args[i] = def->args[i].fallback;
        o->arg_spans[i] = SPAN_NONE;
    }
    return o;
}

int class_arg(const ClassDef *def, const char *name) {
    for (int i = 0; i < def->nargs; i++)
        if (!strcmp(def->args[i].name, name))
            return i;
    return -1;
}

bool class_is_named(const ClassDef *def, const char *name) {
    if (!strcmp(def->name, name))
        return true;
    for (const char *const *alias = def->aliases; alias && *alias; alias++)
        if (!strcmp(*alias, name))
            return true;
    return false;
}

int64_t arg_int(const Object *o, int arg) {
    assert(o->args[arg].kind == VALUE_INT);
    return o->args[arg].u.integer;
}

double arg_float(const Object *o, int arg) {
    assert(o->args[arg].kind == VALUE_FLOAT);
    return o->args[arg].u.number;
}

bool arg_bool(const Object *o, int arg) {
    assert(o->args[arg].kind == VALUE_BOOL);
    return o->args[arg].u.boolean;
}

const char *arg_str(const Object *o, int arg) {
    if (arg_is_none(o, arg))
        return NULL;
    assert(o->args[arg].kind == VALUE_STR);
    return o->args[arg].u.str.text;
}

int64_t arg_int_at(const Object *o, int arg, int i) {
    assert(o->args[arg].kind == VALUE_TUPLE);
    return o->args[arg].u.list->items.at[i].u.integer;
}

bool arg_is_none(const Object *o, int arg) {
    return o->args[arg].kind == VALUE_NONE;
}
