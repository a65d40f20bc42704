/* One argument: from the value that was written to the form it is bound to. Numbers, strings,
 * tuples; what stands for an object is config.c's business. */
#include "convert.h"

#include <math.h>
#include <string.h>
#include <strings.h>

bool convert_error(const Conversion *c, Value v, const char *expected) {
    diag_error(c->diag, DIAG_argument_type, c->span, "'%s' of %s should be %s, but is %s",
               c->arg->name, c->class->name, expected, value_brief(c->arena, v));
    if (v.kind != VALUE_NONE)
        diag_label(c->diag, "%s", value_type_name(v));
    return false;
}

static const char *bound_text(const Conversion *c, double bound) {
    return value_brief(c->arena,
                       c->arg->type == ARG_FLOAT ? value_float(bound) : value_int((int64_t)bound));
}

/* Whether the number v lies within the limits of the argument. NaN does not. */
static bool in_range(const Conversion *c, Value v) {
    const ArgDef *arg = c->arg;
    double f = value_number(v);
    if ((!arg->has_min || f >= arg->min) && (!arg->has_max || f <= arg->max))
        return true;
    const char *most = arg->has_max ? bound_text(c, arg->max) : NULL;
    const char *least = arg->has_min ? bound_text(c, arg->min) : NULL;
    char *limits = least && most ? arena_printf(c->arena, "between %s and %s", least, most)
                   : least       ? arena_printf(c->arena, "%s or more", least)
                                 : arena_printf(c->arena, "%s or less", most);
    return diag_error(c->diag, DIAG_argument_range, c->span, "'%s' of %s should be %s, but is %s",
                      arg->name, c->class->name, limits, value_brief(c->arena, v));
}

static bool is_digits(const char *text) {
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* What gives an int where something like one was written. */
static void help_int(const Conversion *c, Value v) {
    if (v.kind == VALUE_FLOAT && floor(v.u.number) == v.u.number &&
        fabs(v.u.number) < 9007199254740992.0)
        diag_help(c->diag, "write %lld; a division with // gives an int", (long long)v.u.number);
    else if (v.kind == VALUE_FLOAT)
        diag_help(c->diag, "int(...) cuts the fraction off, round(...) rounds");
    else if (v.kind == VALUE_STR && is_digits(v.u.str.text))
        diag_help(c->diag, "write %s, without quotes", v.u.str.text);
    else if (v.kind == VALUE_TUPLE && v.u.list->items.count == 1)
        diag_help(c->diag, "a comma at the end makes a tuple: write %s without it",
                  value_brief(c->arena, v.u.list->items.at[0]));
}

static bool convert_int(const Conversion *c, Value v, Value *out) {
    if (v.kind != VALUE_INT) {
        convert_error(c, v, "an int");
        help_int(c, v);
        return false;
    }
    *out = v;
    return in_range(c, v);
}

static bool convert_float(const Conversion *c, Value v, Value *out) {
    if (v.kind != VALUE_INT && v.kind != VALUE_FLOAT)
        return convert_error(c, v, "a number");
    *out = value_float(value_number(v));
    return in_range(c, v);
}

static bool convert_bool(const Conversion *c, Value v, Value *out) {
    bool is_bool = v.kind == VALUE_BOOL || (v.kind == VALUE_INT && (uint64_t)v.u.integer <= 1);
    if (!is_bool)
        return convert_error(c, v, "True or False");
    *out = value_bool(value_truth(v));
    return true;
}

static bool convert_str(const Conversion *c, Value v, Value *out) {
    if (v.kind != VALUE_STR)
        return convert_error(c, v, "a str");
    *out = v;
    return true;
}

/* "'valid', 'same' or 'causal'" */
static char *choices_text(Arena *a, const char *const *choices) {
    char *text = arena_printf(a, "'%s'", choices[0]);
    for (int i = 1; choices[i]; i++)
        text = arena_printf(a, "%s%s'%s'", text, choices[i + 1] ? ", " : " or ", choices[i]);
    return text;
}

static bool convert_choice(const Conversion *c, Value v, Value *out) {
    const ArgDef *arg = c->arg;
    char *expected = choices_text(c->arena, arg->choices);
    if (v.kind != VALUE_STR)
        return convert_error(c, v, expected);
    size_t n = 0;
    for (; arg->choices[n]; n++) {
        const char *choice = arg->choices[n];
        if ((arg->any_case ? strcasecmp : strcmp)(choice, v.u.str.text))
            continue;
        *out = value_str(c->arena, choice);
        return true;
    }
    diag_error(c->diag, DIAG_argument_choice, c->span, "'%s' of %s should be %s, but is %s",
               arg->name, c->class->name, expected, value_brief(c->arena, v));
    const char *near = diag_did_you_mean(v.u.str.text, arg->choices, n);
    if (near)
        diag_label(c->diag, "did you mean '%s'?", near);
    else if (activation_is_known(v.u.str.text) && class_arg(c->class, "activation") >= 0)
        diag_help(c->diag, "an activation is given by name: activation=%s",
                  value_brief(c->arena, v));
    return false;
}

static char *ints_text(const Conversion *c) {
    return c->arg->count == 1
               ? arena_strdup(c->arena, "an int or a tuple of one int")
               : arena_printf(c->arena, "an int or a tuple of %d ints", c->arg->count);
}

static bool convert_ints(const Conversion *c, Value v, Value *out) {
    size_t n = (size_t)c->arg->count;
    Value *items = arena_array(c->arena, n, sizeof *items);
    if (v.kind != VALUE_INT && (!value_is_sequence(v) || v.u.list->items.count != n)) {
        convert_error(c, v, ints_text(c));
        if (v.kind == VALUE_FLOAT || v.kind == VALUE_STR)
            help_int(c, v);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        items[i] = v.kind == VALUE_INT ? v : v.u.list->items.at[i];
        if (items[i].kind != VALUE_INT)
            return convert_error(c, v, ints_text(c));
        if (!in_range(c, items[i]))
            return false;
    }
    *out = value_tuple(c->arena, items, n);
    return true;
}

/* n stands for (n, n). */
static bool convert_pair(const Conversion *c, Value v, Value *out) {
    Value pair[2] = {v, v};
    if (value_is_sequence(v) && v.u.list->items.count == 2)
        memcpy(pair, v.u.list->items.at, sizeof pair);
    if (pair[0].kind != VALUE_INT || pair[1].kind != VALUE_INT)
        return false;
    *out = value_tuple(c->arena, pair, 2);
    return true;
}

static bool pairs_error(const Conversion *c, Value v) {
    static const char *const expected[] = {
        [1] = "an int or a tuple of 2 ints, (before, after)",
        [2] = "an int, (height, width) or ((top, bottom), (left, right))",
        [3] = "an int, a tuple of 3 ints or a tuple of 3 pairs of ints",
    };
    return convert_error(c, v, expected[c->arg->count]);
}

static bool convert_pairs(const Conversion *c, Value v, Value *out) {
    size_t n = (size_t)c->arg->count;
    Value pairs[3];
    bool one_for_all = v.kind == VALUE_INT || n == 1;
    if (!one_for_all && (!value_is_sequence(v) || v.u.list->items.count != n))
        return pairs_error(c, v);
    for (size_t i = 0; i < n; i++) {
        if (!convert_pair(c, one_for_all ? v : v.u.list->items.at[i], &pairs[i]))
            return pairs_error(c, v);
        const ValueList *pair = pairs[i].u.list;
        if (!in_range(c, pair->items.at[0]) || !in_range(c, pair->items.at[1]))
            return false;
    }
    *out = value_tuple(c->arena, pairs, n);
    return true;
}

static bool convert_shape(const Conversion *c, Value v, Value *out) {
    if (!value_is_sequence(v)) {
        convert_error(c, v, "a tuple of ints");
        if (v.kind == VALUE_INT)
            diag_help(c->diag, "(%lld,) is a tuple of one", (long long)v.u.integer);
        return false;
    }
    const ValueList *dims = v.u.list;
    for (size_t i = 0; i < dims->items.count; i++) {
        Value dim = dims->items.at[i];
        if (dim.kind == VALUE_NONE)
            continue;
        if (dim.kind != VALUE_INT)
            return convert_error(c, v, "a tuple of ints");
        if (!in_range(c, dim))
            return false;
    }
    *out = value_tuple(c->arena, dims->items.at, dims->items.count);
    return true;
}

static bool convert_axis(const Conversion *c, Value v, Value *out) {
    bool ok = v.kind == VALUE_INT || value_is_sequence(v);
    for (size_t i = 0; ok && value_is_sequence(v) && i < v.u.list->items.count; i++)
        ok = v.u.list->items.at[i].kind == VALUE_INT;
    if (!ok)
        return convert_error(c, v, "an int or a list of ints");
    *out = v;
    return true;
}

/* Lists of a model's source are nested a few levels deep, as deep as a tensor has axes. */
static bool are_numbers(Value v, int depth) {
    if (!value_is_sequence(v))
        return v.kind == VALUE_INT || v.kind == VALUE_FLOAT;
    for (size_t i = 0; i < v.u.list->items.count; i++)
        if (depth > SHAPE_MAX || !are_numbers(v.u.list->items.at[i], depth + 1))
            return false;
    return true;
}

static bool convert_numbers(const Conversion *c, Value v, Value *out) {
    if (!are_numbers(v, 0))
        return convert_error(c, v, "a number or a list of numbers");
    *out = v;
    return true;
}

static bool convert_layer(const Conversion *c, Value v, Value *out) {
    if (v.kind != VALUE_LAYER)
        return convert_error(c, v, "a layer");
    *out = v;
    return true;
}

static bool convert_any(const Conversion *c, Value v, Value *out) {
    (void)c;
    *out = v;
    return true;
}

static bool convert_initializer(const Conversion *c, Value v, Value *out) {
    return convert_config(c, "keras.initializers", "initializer", v, out);
}

static bool convert_regularizer(const Conversion *c, Value v, Value *out) {
    return convert_config(c, "keras.regularizers", "regularizer", v, out);
}

static bool convert_constraint(const Conversion *c, Value v, Value *out) {
    return convert_config(c, "keras.constraints", "constraint", v, out);
}

typedef struct Converter {
    bool (*convert)(const Conversion *c, Value v, Value *out);
    bool nullable; /* None means "none" or "the default" for every argument of this type */
} Converter;

static const Converter converters[] = {
    [ARG_ANY] = {convert_any, true},
    [ARG_INT] = {convert_int, false},
    [ARG_FLOAT] = {convert_float, false},
    [ARG_BOOL] = {convert_bool, false},
    [ARG_STR] = {convert_str, false},
    [ARG_CHOICE] = {convert_choice, false},
    [ARG_INTS] = {convert_ints, false},
    [ARG_PAIRS] = {convert_pairs, false},
    [ARG_SHAPE] = {convert_shape, false},
    [ARG_AXIS] = {convert_axis, false},
    [ARG_NUMBERS] = {convert_numbers, false},
    [ARG_DTYPE] = {convert_dtype, true},
    [ARG_ACTIVATION] = {convert_activation, true},
    [ARG_INITIALIZER] = {convert_initializer, true},
    [ARG_REGULARIZER] = {convert_regularizer, true},
    [ARG_CONSTRAINT] = {convert_constraint, true},
    [ARG_LAYER] = {convert_layer, false},
    [ARG_SCHEDULE] = {convert_schedule, false},
};

/* Whether something inside v is unknown: an error has been reported already. */
static bool holds_unknown(Value v, int depth) {
    if (v.kind == VALUE_UNKNOWN)
        return true;
    if (!value_is_sequence(v) || depth > SHAPE_MAX)
        return false;
    for (size_t i = 0; i < v.u.list->items.count; i++)
        if (holds_unknown(v.u.list->items.at[i], depth + 1))
            return true;
    return false;
}

bool convert_argument(const Conversion *c, Value v, Value *out) {
    const Converter *converter = &converters[c->arg->type];
    if (holds_unknown(v, 0))
        return false;
    if (v.kind == VALUE_NONE && (c->arg->nullable || converter->nullable)) {
        *out = v;
        return true;
    }
    return converter->convert(c, v, out);
}

bool argument_supported(const Conversion *c, Value bound) {
    if (!c->arg->only_default)
        return true;
    Value fallback;
    if (!convert_argument(c, c->arg->fallback, &fallback) || value_equal(bound, fallback))
        return true;
    if (c->arg->type == ARG_BOOL && !value_truth(bound) && !value_truth(fallback))
        return true; /* sparse=False says what None, the default, means */
    return diag_error(c->diag, DIAG_unsupported_argument, c->span, "%s(%s=%s) is not supported: %s",
                      c->class->name, c->arg->name, value_brief(c->arena, bound),
                      c->arg->only_default);
}
