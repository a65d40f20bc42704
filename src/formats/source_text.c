/* Values and calls as text, as a person would write them. */
#include "source_text.h"

#include <string.h>

enum { WIDTH = 99 };

void source_use(Arena *a, SourceNames *names, const char *name) {
    size_t i = 0;
    while (i < names->count && strcmp(names->at[i], name) < 0)
        i++;
    if (i < names->count && !strcmp(names->at[i], name))
        return;
    vec_push(a, names, name);
    memmove(names->at + i + 1, names->at + i, (names->count - 1 - i) * sizeof *names->at);
    names->at[i] = name;
}

/* A default written as n stands for (n, n) and ((n, n), (n, n)) as well. */
static bool is_default(Value v, Value fallback) {
    if (value_equal(v, fallback))
        return true;
    if (!value_is_sequence(v) || value_is_sequence(fallback) || !v.u.list->items.count)
        return false;
    for (size_t i = 0; i < v.u.list->items.count; i++)
        if (!is_default(v.u.list->items.at[i], fallback))
            return false;
    return true;
}

/* ((1, 1), (2, 2)) as (1, 2): the pairs of a padding that is the same on both sides. */
static Value without_pairs(Arena *a, Value v) {
    Vec(Value) items = {0};
    for (size_t i = 0; i < v.u.list->items.count; i++) {
        Value pair = v.u.list->items.at[i];
        if (!value_is_sequence(pair) || pair.u.list->items.count != 2 ||
            !value_equal(pair.u.list->items.at[0], pair.u.list->items.at[1]))
            return v;
        vec_push(a, &items, pair.u.list->items.at[0]);
    }
    return value_tuple(a, items.at, items.count);
}

static char *object_text(Arena *a, const Object *o, SourceUses *uses) {
    SourceCall call = source_call(a, o, uses);
    if (!call.args.count && o->def->snake)
        return arena_printf(a, "'%s'", o->def->snake);
    const char *dot = strrchr(o->def->module, '.');
    const char *module = dot ? dot + 1 : o->def->module;
    source_use(a, &uses->modules, module);
    call.class = arena_printf(a, "%s.%s", module, call.class);
    return source_call_text(a, &call, -WIDTH);
}

char *source_value(Arena *a, const ArgDef *arg, Value v, SourceUses *uses) {
    if (v.kind == VALUE_OBJECT)
        return object_text(a, v.u.object, uses);
    if (v.kind == VALUE_LAYER) {
        SourceCall call = source_call(a, &v.u.layer->object, uses);
        source_use(a, &uses->layers, call.class);
        return source_call_text(a, &call, -WIDTH);
    }
    return value_repr(a, arg->type == ARG_PAIRS && value_is_sequence(v) ? without_pairs(a, v) : v);
}

static bool is_str(Value v, const char *text) {
    return v.kind == VALUE_STR && !strcmp(v.u.str.text, text);
}

/* Saved models spell out what None stands for: these say the same as the default. */
static bool stands_for_none(const Object *o, int i) {
    const char *name = o->def->args[i].name;
    if (o->def->args[i].fallback.kind != VALUE_NONE)
        return false;
    if (!strcmp(name, "strides")) {
        int pool = class_arg(o->def, "pool_size");
        return pool >= 0 && value_equal(o->args[i], o->args[pool]);
    }
    return (!strcmp(name, "data_format") && is_str(o->args[i], "channels_last")) ||
           (o->def->args[i].type == ARG_ACTIVATION && is_str(o->args[i], "linear"));
}

/* What a reader expects without a name: what the class requires, and the size it begins with. */
static bool is_positional(const ArgDef *arg, int i) {
    return arg->required || (i == 0 && (arg->type == ARG_INTS || arg->type == ARG_PAIRS));
}

/* The caller writes these, from the layer: they are not always among its own arguments. */
static bool is_common(const ArgDef *arg) {
    return !strcmp(arg->name, "name") || !strcmp(arg->name, "dtype");
}

/* Whether leaving the argument out says the same. A default may be spelt 'zeros' where the bound
 * argument is an object: then their texts are compared. */
static bool is_left_out(Arena *a, const Object *o, int i) {
    const ArgDef *arg = &o->def->args[i];
    if (is_common(arg))
        return true;
    if (arg->required)
        return false;
    if (is_default(o->args[i], arg->fallback) || stands_for_none(o, i))
        return true;
    SourceUses unused = {0};
    return o->args[i].kind == VALUE_OBJECT && arg->fallback.kind == VALUE_STR &&
           !strcmp(source_value(a, arg, o->args[i], &unused),
                   source_value(a, arg, arg->fallback, &unused));
}

SourceCall source_call(Arena *a, const Object *o, SourceUses *uses) {
    SourceCall call = {.class = o->def->name};
    bool positional = true;
    for (int i = 0; i < o->def->nargs; i++) {
        const ArgDef *arg = &o->def->args[i];
        bool left_out = is_left_out(a, o, i);
        positional &= is_positional(arg, i) && !left_out;
        if (!left_out)
            vec_push(
                a, &call.args,
                (SourceArg){positional ? NULL : arg->name, source_value(a, arg, o->args[i], uses)});
    }
    return call;
}

char *source_call_text(Arena *a, const SourceCall *call, int indent) {
    char *text = arena_printf(a, "%s(", call->class);
    int margin = indent + (int)strlen(text), column = margin;
    for (size_t i = 0; i < call->args.count; i++) {
        const SourceArg *arg = &call->args.at[i];
        const char *end = i + 1 < call->args.count ? ", " : ")";
        char *piece = arg->name ? arena_printf(a, "%s=%s%s", arg->name, arg->text, end)
                                : arena_printf(a, "%s%s", arg->text, end);
        int len = (int)strlen(piece);
        if (i && column + len > WIDTH) {
            text[strlen(text) - 1] = '\0'; /* the blank after the comma */
            text = arena_printf(a, "%s\n%*s", text, margin, "");
            column = margin;
        }
        text = arena_printf(a, "%s%s", text, piece);
        column += len;
    }
    return call->args.count ? text : arena_printf(a, "%s)", text);
}
