/* Python's built-in functions that a model file needs. */
#include "builtin_args.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static Value builtin_len(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("obj"), 1, 1, &v))
        return UNKNOWN;
    if (v.kind == VALUE_RANGE)
        return value_int(range_length(v));
    if (v.kind == VALUE_DICT)
        return value_int((int64_t)v.u.dict->keys.count);
    if (value_is_sequence(v))
        return value_int((int64_t)v.u.list->items.count);
    Values characters = {0};
    if (v.kind == VALUE_STR && eval_items(e, v, call->span, &characters))
        return value_int((int64_t)characters.count);
    return v.kind == VALUE_STR ? UNKNOWN
                               : eval_error(e, DIAG_operand_types, call->args.at[0].span,
                                            "%s has no length", value_described(e->arena, v));
}

static Value builtin_range(Eval *e, const Builtin *b, const Call *call) {
    Value v[3];
    if (!take_args(e, b, call, PARAMS("start", "stop", "step"), 1, 3, v))
        return UNKNOWN;
    for (size_t i = 0; i < call->args.count; i++)
        if (!value_is_integral(v[i]))
            return eval_error(e, DIAG_operand_types, call->args.at[i].span,
                              "range takes ints, not %s", value_type_name(v[i]));
    int64_t step = v[2].kind == VALUE_UNKNOWN ? 1 : value_integer(v[2]);
    if (step == 0)
        return eval_error(e, DIAG_bad_value, call->args.at[2].span,
                          "the step of a range cannot be 0");
    bool one = call->args.count == 1;
    return (Value){.kind = VALUE_RANGE,
                   .u.range = {one ? 0 : value_integer(v[0]), value_integer(v[one ? 0 : 1]), step}};
}

/* What f(key) gives for every item, or the items themselves without a key. */
static bool apply_key(Eval *e, Value key, const Values *items, Span span, Values *keys) {
    for (size_t i = 0; i < items->count; i++) {
        bool plain = key.kind == VALUE_NONE || key.kind == VALUE_UNKNOWN;
        Value v = plain ? items->at[i] : eval_call_with(e, key, &items->at[i], 1, span);
        if (v.kind == VALUE_UNKNOWN)
            return false;
        vec_push(e->arena, keys, v);
    }
    return true;
}

/* min and max: of the arguments, or of the one argument's items. */
static Value extreme(Eval *e, const Builtin *b, const Call *call, bool largest) {
    Values items = {0}, keys = {0};
    Value key = take_keyword(call, "key"), fallback = take_keyword(call, "default");
    size_t n = count_positional(call);
    if (!only_keywords(e, b, call, PARAMS("key", "default"), 2))
        return UNKNOWN;
    if (n == 0)
        return eval_error(e, DIAG_missing_argument, call->callee, "%s needs a value", b->name);
    if (n == 1 && !eval_items(e, call->args.at[0].value, call->args.at[0].span, &items))
        return UNKNOWN;
    for (size_t i = 0; n > 1 && i < n; i++)
        vec_push(e->arena, &items, call->args.at[i].value);
    if (items.count == 0)
        return fallback.kind != VALUE_UNKNOWN
                   ? fallback
                   : eval_error(e, DIAG_bad_value, call->span, "%s of nothing", b->name);
    if (!apply_key(e, key, &items, call->span, &keys))
        return UNKNOWN;
    size_t best = 0;
    bool ok = true;
    for (size_t i = 1; i < items.count && ok; i++) {
        bool better = largest ? eval_less(e, keys.at[best], keys.at[i], call->span, &ok)
                              : eval_less(e, keys.at[i], keys.at[best], call->span, &ok);
        if (better)
            best = i;
    }
    return ok ? items.at[best] : UNKNOWN;
}

static Value builtin_min(Eval *e, const Builtin *b, const Call *call) {
    return extreme(e, b, call, false);
}

static Value builtin_max(Eval *e, const Builtin *b, const Call *call) {
    return extreme(e, b, call, true);
}

static Value builtin_sum(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    Values items = {0};
    if (!take_args(e, b, call, PARAMS("iterable", "start"), 1, 2, v) ||
        !eval_items(e, v[0], call->args.at[0].span, &items))
        return UNKNOWN;
    Value total = v[1].kind == VALUE_UNKNOWN ? value_int(0) : v[1];
    for (size_t i = 0; i < items.count; i++)
        total = eval_binary(e, OPERATOR_ADD, total, items.at[i], call->span);
    return total;
}

static Value builtin_abs(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("x"), 1, 1, &v))
        return UNKNOWN;
    if (v.kind == VALUE_FLOAT)
        return value_float(fabs(v.u.number));
    if (!value_is_number(v))
        return eval_error(e, DIAG_operand_types, call->args.at[0].span,
                          "abs takes a number, not %s", value_type_name(v));
    int64_t i = value_integer(v);
    return eval_unary(e, i < 0 ? OPERATOR_NEG : OPERATOR_POS, value_int(i), call->span);
}

/* The double nearest to f at `digits` decimals, ties to even, as Python rounds: through the decimal
 * text of f. */
static double round_at(double f, int64_t digits) {
    char text[400];
    if (!isfinite(f) || digits > 300)
        return f;
    if (digits >= 0) {
        snprintf(text, sizeof text, "%.*f", (int)digits, f);
        return strtod(text, NULL);
    }
    double scale = pow(10, (double)(digits < -308 ? -308 : digits) * -1);
    return digits < -308 ? copysign(0, f) : nearbyint(f / scale) * scale;
}

/* round(1234, -2): to the nearest hundred, ties to even. */
static Value round_int(Eval *e, int64_t i, int64_t digits, Span span) {
    if (digits >= 0)
        return value_int(i);
    if (digits < -18)
        return value_int(0);
    __int128 scale = 1;
    for (int64_t d = 0; d > digits; d--)
        scale *= 10;
    __int128 rest = ((__int128)i % scale + scale) % scale, low = i - rest;
    bool up = rest * 2 > scale || (rest * 2 == scale && (low / scale) % 2 != 0);
    __int128 rounded = up ? low + scale : low;
    if (rounded > INT64_MAX || rounded < INT64_MIN)
        return eval_error(e, DIAG_int_overflow, span, "the result does not fit into 64 bits");
    return value_int((int64_t)rounded);
}

static Value builtin_round(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("number", "ndigits"), 1, 2, v))
        return UNKNOWN;
    bool digits = v[1].kind != VALUE_UNKNOWN && v[1].kind != VALUE_NONE;
    if (!value_is_number(v[0]) || (digits && !value_is_integral(v[1])))
        return eval_error(e, DIAG_operand_types, call->span, "round takes a number and an int");
    if (value_is_integral(v[0]))
        return round_int(e, value_integer(v[0]), digits ? value_integer(v[1]) : 0, call->span);
    return digits ? value_float(round_at(v[0].u.number, value_integer(v[1])))
                  : float_to_int(e, nearbyint(v[0].u.number), call->span);
}

static Value builtin_divmod(Eval *e, const Builtin *b, const Call *call) {
    Value v[2], parts[2];
    if (!take_args(e, b, call, PARAMS("x", "y"), 2, 2, v))
        return UNKNOWN;
    parts[0] = eval_binary(e, OPERATOR_FLOORDIV, v[0], v[1], call->span);
    parts[1] = parts[0].kind == VALUE_UNKNOWN
                   ? UNKNOWN
                   : eval_binary(e, OPERATOR_MOD, v[0], v[1], call->span);
    return parts[1].kind == VALUE_UNKNOWN ? UNKNOWN : value_tuple(e->arena, parts, 2);
}

/* base ** exponent % modulus, without ever holding the power. */
static Value power_modulo(Eval *e, int64_t base, int64_t exponent, int64_t modulus, Span span) {
    if (modulus == 0)
        return eval_error(e, DIAG_division_by_zero, span, "division by zero");
    if (exponent < 0)
        return eval_error(e, DIAG_bad_value, span, "a negative exponent with a modulus");
    __int128 m = modulus < 0 ? -(__int128)modulus : modulus;
    __int128 square = ((__int128)base % m + m) % m, result = 1 % m;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result = result * square % m;
        square = square * square % m;
    }
    return value_int((int64_t)(modulus < 0 && result ? result + modulus : result));
}

static Value builtin_pow(Eval *e, const Builtin *b, const Call *call) {
    Value v[3];
    if (!take_args(e, b, call, PARAMS("base", "exp", "mod"), 2, 3, v))
        return UNKNOWN;
    if (v[2].kind == VALUE_UNKNOWN || v[2].kind == VALUE_NONE)
        return eval_binary(e, OPERATOR_POW, v[0], v[1], call->span);
    if (!value_is_integral(v[0]) || !value_is_integral(v[1]) || !value_is_integral(v[2]))
        return eval_error(e, DIAG_operand_types, call->span, "pow with a modulus takes ints");
    return power_modulo(e, value_integer(v[0]), value_integer(v[1]), value_integer(v[2]),
                        call->span);
}

static Value builtin_print(Eval *e, const Builtin *b, const Call *call) {
    Value sep = take_keyword(call, "sep"), end = take_keyword(call, "end");
    if (!only_keywords(e, b, call, PARAMS("sep", "end", "flush", "file"), 4))
        return UNKNOWN;
    FILE *out = e->options ? e->options->out : NULL;
    for (size_t i = 0; out && i < count_positional(call); i++) {
        char *text = value_str_of(e->arena, call->args.at[i].value);
        if (!eval_spend(e, (int64_t)strlen(text) / 16, call->span))
            return UNKNOWN;
        if (i)
            fputs(sep.kind == VALUE_STR ? sep.u.str.text : " ", out);
        fputs(text, out);
    }
    if (out)
        fputs(end.kind == VALUE_STR ? end.u.str.text : "\n", out);
    return value_none();
}

static Value builtin_any(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    Values items = {0};
    if (!take_args(e, b, call, PARAMS("iterable"), 1, 1, &v) ||
        !eval_items(e, v, call->args.at[0].span, &items))
        return UNKNOWN;
    bool all = b->name[1] == 'l';
    for (size_t i = 0; i < items.count; i++) {
        if (items.at[i].kind == VALUE_UNKNOWN)
            return UNKNOWN;
        if (value_truth(items.at[i]) != all)
            return value_bool(!all);
    }
    return value_bool(all);
}

static const Builtin builtins[] = {
    {.name = "len", .call = builtin_len},     {.name = "range", .call = builtin_range},
    {.name = "min", .call = builtin_min},     {.name = "max", .call = builtin_max},
    {.name = "sum", .call = builtin_sum},     {.name = "abs", .call = builtin_abs},
    {.name = "round", .call = builtin_round}, {.name = "divmod", .call = builtin_divmod},
    {.name = "pow", .call = builtin_pow},     {.name = "print", .call = builtin_print},
    {.name = "any", .call = builtin_any},     {.name = "all", .call = builtin_any},
};
const BuiltinTable function_builtins = {builtins, COUNT_OF(builtins)};
