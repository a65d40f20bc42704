/* The math module. */
#include "builtin_args.h"

#include <math.h>
#include <string.h>

static Value not_finite(Eval *e, const Builtin *b, double result, const double *args, int n,
                        Span span) {
    bool finite = true;
    for (int i = 0; i < n; i++)
        finite &= isfinite(args[i]) != 0;
    if (!finite || isfinite(result))
        return value_float(result);
    return eval_error(e, DIAG_undefined_result, span, "math.%s is not defined there", b->name);
}

static bool take_numbers(Eval *e, const Builtin *b, const Call *call, size_t least, size_t most,
                         double *out) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("x", "y"), least, most, v))
        return false;
    for (size_t i = 0; i < call->args.count; i++) {
        if (!value_is_number(v[i])) {
            eval_error(e, DIAG_operand_types, call->args.at[i].span,
                       "math.%s takes a number, not %s", b->name, value_described(e->arena, v[i]));
            return false;
        }
        out[i] = value_number(v[i]);
    }
    return true;
}

static const struct {
    const char *name;
    double (*f)(double);
} real_functions[] = {
    {"sqrt", sqrt},   {"exp", exp},   {"expm1", expm1}, {"log2", log2}, {"log10", log10},
    {"log1p", log1p}, {"sin", sin},   {"cos", cos},     {"tan", tan},   {"asin", asin},
    {"acos", acos},   {"atan", atan}, {"sinh", sinh},   {"cosh", cosh}, {"tanh", tanh},
    {"fabs", fabs},   {"erf", erf},
};

static Value math_real(Eval *e, const Builtin *b, const Call *call) {
    double x;
    if (!take_numbers(e, b, call, 1, 1, &x))
        return UNKNOWN;
    for (size_t i = 0; i < COUNT_OF(real_functions); i++)
        if (!strcmp(real_functions[i].name, b->name))
            return not_finite(e, b, real_functions[i].f(x), &x, 1, call->span);
    BUG("math.%s has no row", b->name);
}

static Value math_log(Eval *e, const Builtin *b, const Call *call) {
    double x[2];
    if (!take_numbers(e, b, call, 1, 2, x))
        return UNKNOWN;
    if (call->args.count == 1)
        return not_finite(e, b, log(x[0]), x, 1, call->span);
    return not_finite(e, b, log(x[0]) / log(x[1]), x, 2, call->span);
}

static Value math_pow(Eval *e, const Builtin *b, const Call *call) {
    double x[2];
    return take_numbers(e, b, call, 2, 2, x) ? not_finite(e, b, pow(x[0], x[1]), x, 2, call->span)
                                             : UNKNOWN;
}

static Value math_hypot(Eval *e, const Builtin *b, const Call *call) {
    double x[2];
    return take_numbers(e, b, call, 2, 2, x) ? value_float(hypot(x[0], x[1])) : UNKNOWN;
}

/* floor, ceil and trunc of ints are the ints themselves. */
static Value to_int(Eval *e, const Builtin *b, const Call *call, double (*f)(double)) {
    double x;
    if (!take_numbers(e, b, call, 1, 1, &x))
        return UNKNOWN;
    Value v = call->args.at[0].value;
    return value_is_integral(v) ? value_int(value_integer(v)) : float_to_int(e, f(x), call->span);
}

static Value math_floor(Eval *e, const Builtin *b, const Call *call) {
    return to_int(e, b, call, floor);
}

static Value math_ceil(Eval *e, const Builtin *b, const Call *call) {
    return to_int(e, b, call, ceil);
}

static Value math_trunc(Eval *e, const Builtin *b, const Call *call) {
    return to_int(e, b, call, trunc);
}

static Value math_prod(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    Values items = {0};
    if (!take_args(e, b, call, PARAMS("iterable"), 1, 1, &v) ||
        !eval_items(e, v, call->args.at[0].span, &items))
        return UNKNOWN;
    Value product = value_int(1);
    for (size_t i = 0; i < items.count; i++)
        product = eval_binary(e, OPERATOR_MUL, product, items.at[i], call->span);
    return product;
}

static uint64_t magnitude(int64_t i) {
    return i < 0 ? -(uint64_t)i : (uint64_t)i;
}

static Value math_gcd(Eval *e, const Builtin *b, const Call *call) {
    uint64_t result = 0;
    for (size_t i = 0; i < call->args.count; i++) {
        Value v = call->args.at[i].value;
        if (!value_is_integral(v))
            return eval_error(e, DIAG_operand_types, call->args.at[i].span,
                              "math.%s takes ints, not %s", b->name, value_described(e->arena, v));
        for (uint64_t n = magnitude(value_integer(v)); n;) {
            uint64_t rest = result % n;
            result = n;
            n = rest;
        }
    }
    return result > INT64_MAX ? eval_error(e, DIAG_int_overflow, call->span,
                                           "the result does not fit into 64 bits")
                              : value_int((int64_t)result);
}

static Value math_isqrt(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("n"), 1, 1, &v))
        return UNKNOWN;
    if (!value_is_integral(v) || value_integer(v) < 0)
        return eval_error(e, DIAG_bad_value, call->span,
                          "math.isqrt takes an int that is not negative");
    int64_t n = value_integer(v), root = (int64_t)sqrt((double)n);
    while ((__int128)root * root > n)
        root--;
    while ((__int128)(root + 1) * (root + 1) <= n)
        root++;
    return value_int(root);
}

static const Builtin builtins[] = {
    {.name = "sqrt", .call = math_real},   {.name = "exp", .call = math_real},
    {.name = "expm1", .call = math_real},  {.name = "log2", .call = math_real},
    {.name = "log10", .call = math_real},  {.name = "log1p", .call = math_real},
    {.name = "sin", .call = math_real},    {.name = "cos", .call = math_real},
    {.name = "tan", .call = math_real},    {.name = "asin", .call = math_real},
    {.name = "acos", .call = math_real},   {.name = "atan", .call = math_real},
    {.name = "sinh", .call = math_real},   {.name = "cosh", .call = math_real},
    {.name = "tanh", .call = math_real},   {.name = "fabs", .call = math_real},
    {.name = "erf", .call = math_real},    {.name = "log", .call = math_log},
    {.name = "pow", .call = math_pow},     {.name = "hypot", .call = math_hypot},
    {.name = "floor", .call = math_floor}, {.name = "ceil", .call = math_ceil},
    {.name = "trunc", .call = math_trunc}, {.name = "prod", .call = math_prod},
    {.name = "gcd", .call = math_gcd},     {.name = "isqrt", .call = math_isqrt},
};
const BuiltinTable math_builtins = {builtins, COUNT_OF(builtins)};
