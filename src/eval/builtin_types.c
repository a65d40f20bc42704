/* Types called as functions: int('3'), list(range(4)), isinstance(x, int). */
#include "builtin_args.h"
#include "layer.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Text of a number without blanks around it and without underscores between digits; NULL if the
 * underscores are misplaced. */
static char *number_text(Arena *a, Value v) {
    const char *s = v.u.str.text;
    size_t n = v.u.str.len, used = 0;
    while (n && isspace((unsigned char)*s))
        s++, n--;
    while (n && isspace((unsigned char)s[n - 1]))
        n--;
    char *out = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool between =
            i && i + 1 < n && isalnum((unsigned char)s[i - 1]) && isalnum((unsigned char)s[i + 1]);
        if (s[i] == '_' && !between)
            return NULL;
        if (s[i] != '_')
            out[used++] = s[i];
    }
    return out;
}

static Value bad_literal(Eval *e, Value v, const char *type, Span span) {
    return eval_error(e, DIAG_bad_value, span, "%s is not %s", value_brief(e->arena, v), type);
}

static Value parse_int(Eval *e, Value v, int base, Span span) {
    char *text = number_text(e->arena, v), *end = text;
    if (!text || !*text || isspace((unsigned char)*text))
        return bad_literal(e, v, "an int", span);
    const char *digits = text + (*text == '-' || *text == '+');
    if (base == 10 && *digits == '0' && (digits[1] == 'x' || digits[1] == 'X'))
        return bad_literal(e, v, "an int", span);
    bool binary = *digits == '0' && (digits[1] == 'b' || digits[1] == 'B') && base == 2;
    bool octal = *digits == '0' && (digits[1] == 'o' || digits[1] == 'O') && base == 8;
    if (binary || octal)
        memmove(text + (digits - text), digits + 2, strlen(digits + 2) + 1);
    errno = 0;
    int64_t i = strtoll(text, &end, base);
    if (*end || end == text)
        return bad_literal(e, v, "an int", span);
    if (errno == ERANGE)
        return eval_error(e, DIAG_int_overflow, span, "%s does not fit into 64 bits",
                          value_brief(e->arena, v));
    return value_int(i);
}

static Value builtin_int(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("x", "base"), 0, 2, v))
        return UNKNOWN;
    bool has_base = v[1].kind != VALUE_UNKNOWN;
    int64_t base = has_base && value_is_integral(v[1]) ? value_integer(v[1]) : 10;
    if (v[0].kind == VALUE_UNKNOWN)
        return value_int(0);
    if (v[0].kind == VALUE_STR && (base == 0 || (base >= 2 && base <= 36)))
        return parse_int(e, v[0], (int)base, call->span);
    if (v[0].kind == VALUE_FLOAT && !has_base)
        return float_to_int(e, trunc(v[0].u.number), call->span);
    if (value_is_integral(v[0]) && !has_base)
        return value_int(value_integer(v[0]));
    return eval_error(e, DIAG_operand_types, call->span, "int cannot be made of %s",
                      value_described(e->arena, v[0]));
}

static Value builtin_float(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("x"), 0, 1, &v))
        return UNKNOWN;
    if (v.kind == VALUE_UNKNOWN)
        return value_float(0);
    if (value_is_number(v))
        return value_float(value_number(v));
    if (v.kind != VALUE_STR)
        return eval_error(e, DIAG_operand_types, call->span, "float cannot be made of %s",
                          value_described(e->arena, v));
    char *text = number_text(e->arena, v), *end = text;
    bool hexadecimal = text && strpbrk(text, "xX(");
    double f = text ? strtod(text, &end) : 0;
    return !text || hexadecimal || *end || end == text ? bad_literal(e, v, "a float", call->span)
                                                       : value_float(f);
}

static Value builtin_bool(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("x"), 0, 1, &v))
        return UNKNOWN;
    return value_bool(v.kind != VALUE_UNKNOWN && value_truth(v));
}

static Value builtin_str(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("object"), 0, 1, &v))
        return UNKNOWN;
    return value_str(e->arena, v.kind == VALUE_UNKNOWN ? "" : value_str_of(e->arena, v));
}

static Value builtin_repr(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("obj"), 1, 1, &v))
        return UNKNOWN;
    return value_str(e->arena, value_repr(e->arena, v));
}

static bool items_of(Eval *e, const Builtin *b, const Call *call, Values *items) {
    Value v;
    if (!take_args(e, b, call, PARAMS("iterable"), 0, 1, &v))
        return false;
    return v.kind == VALUE_UNKNOWN || eval_items(e, v, call->args.at[0].span, items);
}

static Value builtin_list(Eval *e, const Builtin *b, const Call *call) {
    Values items = {0};
    return items_of(e, b, call, &items) ? value_list(e->arena, items.at, items.count) : UNKNOWN;
}

static Value builtin_tuple(Eval *e, const Builtin *b, const Call *call) {
    Values items = {0};
    return items_of(e, b, call, &items) ? value_tuple(e->arena, items.at, items.count) : UNKNOWN;
}

static bool add_pair(Eval *e, Value dict, Value pair, Span span) {
    Values two = {0};
    if (!eval_items(e, pair, span, &two))
        return false;
    if (two.count == 2)
        return dict_set(e, dict, two.at[0], two.at[1], span);
    eval_error(e, DIAG_unpack_count, span, "dict takes pairs, but one has %zu items", two.count);
    return false;
}

static Value builtin_dict(Eval *e, const Builtin *b, const Call *call) {
    Value dict = value_dict(e->arena);
    (void)b;
    for (size_t i = 0; i < call->args.count; i++) {
        const CallArg *arg = &call->args.at[i];
        if (arg->name) {
            dict_set(e, dict, value_str(e->arena, arg->name), arg->value, arg->span);
            continue;
        }
        Values items = {0};
        if (!eval_items(e, arg->value, arg->span, &items))
            return UNKNOWN;
        for (size_t j = 0; j < items.count; j++) {
            bool copy = arg->value.kind == VALUE_DICT;
            if (copy ? !dict_set(e, dict, items.at[j], arg->value.u.dict->values.at[j], arg->span)
                     : !add_pair(e, dict, items.at[j], arg->span))
                return UNKNOWN;
        }
    }
    return dict;
}

static bool is_instance(Value v, Value type) {
    static const struct {
        const char *name;
        ValueKind kind;
    } kinds[] = {{"int", VALUE_INT},   {"int", VALUE_BOOL},    {"float", VALUE_FLOAT},
                 {"bool", VALUE_BOOL}, {"str", VALUE_STR},     {"list", VALUE_LIST},
                 {"dict", VALUE_DICT}, {"tuple", VALUE_TUPLE}, {"range", VALUE_RANGE}};
    if (type.kind == VALUE_TUPLE) {
        for (size_t i = 0; i < type.u.list->items.count; i++)
            if (type.u.list->items.at[i].kind != VALUE_TUPLE &&
                is_instance(v, type.u.list->items.at[i]))
                return true;
        return false;
    }
    if (type.kind == VALUE_CLASS && v.kind == VALUE_LAYER)
        return type.u.class_def == &v.u.layer->def->class ||
               !strcmp(type.u.class_def->name, "Layer");
    if (type.kind == VALUE_CLASS && v.kind == VALUE_OBJECT)
        return type.u.class_def == v.u.object->def;
    if (type.kind == VALUE_CLASS && v.kind == VALUE_MODEL)
        return !strcmp(type.u.class_def->module, "keras.models") ||
               !strcmp(type.u.class_def->name, "Layer");
    for (size_t i = 0; type.kind == VALUE_BUILTIN && i < COUNT_OF(kinds); i++)
        if (kinds[i].kind == v.kind && !strcmp(kinds[i].name, type.u.builtin->name))
            return true;
    return false;
}

static Value builtin_isinstance(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("obj", "class"), 2, 2, v))
        return UNKNOWN;
    if (v[1].kind != VALUE_TUPLE && v[1].kind != VALUE_CLASS && v[1].kind != VALUE_BUILTIN)
        return eval_error(e, DIAG_operand_types, call->args.at[1].span,
                          "isinstance takes a class or a tuple of classes");
    return value_bool(is_instance(v[0], v[1]));
}

static const Builtin builtins[] = {
    {.name = "int", .call = builtin_int},
    {.name = "float", .call = builtin_float},
    {.name = "bool", .call = builtin_bool},
    {.name = "str", .call = builtin_str},
    {.name = "repr", .call = builtin_repr},
    {.name = "list", .call = builtin_list},
    {.name = "tuple", .call = builtin_tuple},
    {.name = "dict", .call = builtin_dict},
    {.name = "isinstance", .call = builtin_isinstance},
};
const BuiltinTable type_builtins = {builtins, COUNT_OF(builtins)};
