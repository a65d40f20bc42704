/* Argument taking of built-in functions, and finding them by name. */
#include "builtin_args.h"

#include <math.h>
#include <string.h>

static const BuiltinTable *const tables[] = {&function_builtins, &type_builtins,
                                             &sequence_builtins};

const Builtin *table_find(const BuiltinTable *table, const char *name) {
    for (size_t i = 0; i < table->count; i++)
        if (!strcmp(table->rows[i].name, name))
            return &table->rows[i];
    return NULL;
}

const Builtin *builtin_find(const char *name) {
    const Builtin *found = NULL;
    for (size_t t = 0; t < COUNT_OF(tables) && !found; t++)
        found = table_find(tables[t], name);
    return found;
}

const char *const *builtin_names(Arena *a, size_t *count) {
    Vec(const char *) names = {0};
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (size_t i = 0; i < tables[t]->count; i++)
            vec_push(a, &names, tables[t]->rows[i].name);
    *count = names.count;
    return names.at;
}

static size_t index_of(const char *const *names, size_t count, const char *name) {
    size_t i = 0;
    while (i < count && strcmp(names[i], name))
        i++;
    return i;
}

static bool unknown_keyword(Eval *e, const Builtin *b, const CallArg *arg, const char *const *names,
                            size_t count) {
    eval_error(e, DIAG_unknown_argument, arg->name_span, "%s has no argument '%s'", b->name,
               arg->name);
    const char *near = diag_did_you_mean(arg->name, names, count);
    if (near)
        diag_label(e->diag, "did you mean '%s'?", near);
    return false;
}

bool take_args(Eval *e, const Builtin *b, const Call *call, const char *const *names, size_t least,
               size_t most, Value *out) {
    for (size_t i = 0; i < most; i++)
        out[i] = UNKNOWN;
    size_t position = 0;
    for (size_t i = 0; i < call->args.count; i++) {
        const CallArg *arg = &call->args.at[i];
        size_t at = arg->name ? index_of(names, most, arg->name) : position++;
        if (arg->name && at == most)
            return unknown_keyword(e, b, arg, names, most);
        if (at >= most)
            return diag_error(e->diag, DIAG_too_many_arguments, arg->span,
                              most ? "%s takes at most %zu argument%s" : "%s takes no arguments",
                              b->name, most, most == 1 ? "" : "s");
        if (out[at].kind != VALUE_UNKNOWN)
            return diag_error(e->diag, DIAG_doubled_argument, arg->span, "%s gets '%s' twice",
                              b->name, names[at]);
        out[at] = arg->value;
    }
    for (size_t i = 0; i < least; i++)
        if (out[i].kind == VALUE_UNKNOWN && !b->takes_unknown)
            return diag_error(e->diag, DIAG_missing_argument, call->callee,
                              "%s needs the argument '%s'", b->name, names[i]);
    return true;
}

Value take_keyword(const Call *call, const char *name) {
    for (size_t i = 0; i < call->args.count; i++)
        if (call->args.at[i].name && !strcmp(call->args.at[i].name, name))
            return call->args.at[i].value;
    return UNKNOWN;
}

size_t count_positional(const Call *call) {
    size_t n = 0;
    while (n < call->args.count && !call->args.at[n].name)
        n++;
    return n;
}

bool only_keywords(Eval *e, const Builtin *b, const Call *call, const char *const *names,
                   size_t count) {
    for (size_t i = 0; i < call->args.count; i++) {
        const CallArg *arg = &call->args.at[i];
        if (arg->name && index_of(names, count, arg->name) == count)
            return unknown_keyword(e, b, arg, names, count);
    }
    return true;
}

Value float_to_int(Eval *e, double f, Span span) {
    if (isnan(f) || isinf(f))
        return eval_error(e, DIAG_bad_value, span, "%s is not an int", float_repr(e->arena, f));
    if (f >= 9223372036854775808.0 || f < -9223372036854775808.0)
        return eval_error(e, DIAG_int_overflow, span, "the result does not fit into 64 bits");
    return value_int((int64_t)f);
}
