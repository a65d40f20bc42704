/* Arithmetic as Python does it: ints are exact (or an error), / gives a float, // and % floor, and
 * mixing in a float makes a float. */
#include "eval.h"

#include <math.h>

typedef __int128 Wide;

static Value overflow(Eval *e, Span span) {
    Value v = eval_error(e, DIAG_int_overflow, span, "the result does not fit into 64 bits");
    diag_label(e->diag, "Python would go on; kmodel's integers end at 9223372036854775807");
    return v;
}

static Value narrow(Eval *e, Wide w, Span span) {
    return w >= INT64_MIN && w <= INT64_MAX ? value_int((int64_t)w) : overflow(e, span);
}

static Value by_zero(Eval *e, Span span) {
    return eval_error(e, DIAG_division_by_zero, span, "division by zero");
}

static Wide floor_div(int64_t a, int64_t b) {
    Wide q = (Wide)a / b;
    return (Wide)a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

/* a / b of two ints is the double nearest to the true quotient, which dividing doubles need not be.
 * The quotient is scaled to 65 bits or more and the remainder is folded into its last bit, so that
 * one rounding decides. */
static double true_div(int64_t a, int64_t b) {
    const int64_t exact = INT64_C(1) << 53;
    if (a >= -exact && a <= exact && b >= -exact && b <= exact)
        return (double)a / (double)b;
    bool negative = (a < 0) != (b < 0);
    unsigned __int128 n = a < 0 ? -(unsigned __int128)a : (unsigned __int128)a;
    unsigned __int128 d = b < 0 ? -(unsigned __int128)b : (unsigned __int128)b;
    int shift = 0;
    while (n && !(n >> 126))
        n <<= 1, shift++;
    unsigned __int128 q = n / d;
    if (n % d)
        q |= 1; /* sticky: q has 62 bits or more, so its last one is below half a unit */
    double f = ldexp((double)q, -shift);
    return negative ? -f : f;
}

static Value int_pow(Eval *e, int64_t base, int64_t exponent, Span span) {
    if (exponent < 0 && base == 0)
        return by_zero(e, span);
    if (exponent < 0)
        return value_float(pow((double)base, (double)exponent));
    Wide result = 1, square = base;
    for (int64_t n = exponent; n > 0; n >>= 1) {
        if (n & 1)
            result *= square;
        if (result < INT64_MIN || result > INT64_MAX)
            return overflow(e, span);
        if (n > 1) /* what is squared will be multiplied in: once it is too big, so is the result */
            square *= square;
        if (square > INT64_MAX && n > 1)
            return overflow(e, span);
    }
    return value_int((int64_t)result);
}

static Value shift(Eval *e, Operator op, int64_t a, int64_t n, Span span) {
    if (n < 0)
        return eval_error(e, DIAG_bad_value, span, "a shift by a negative number of bits");
    if (op == OPERATOR_RSHIFT)
        return value_int(a >> (n > 63 ? 63 : n));
    if (a == 0)
        return value_int(0);
    return n > 63 ? overflow(e, span) : narrow(e, (Wide)a * ((Wide)1 << n), span);
}

static Value int_arithmetic(Eval *e, Operator op, int64_t a, int64_t b, Span span) {
    switch (op) {
    case OPERATOR_ADD:
        return narrow(e, (Wide)a + b, span);
    case OPERATOR_SUB:
        return narrow(e, (Wide)a - b, span);
    case OPERATOR_MUL:
        return narrow(e, (Wide)a * b, span);
    case OPERATOR_DIV:
        return b == 0 ? by_zero(e, span) : value_float(true_div(a, b));
    case OPERATOR_FLOORDIV:
        return b == 0 ? by_zero(e, span) : narrow(e, floor_div(a, b), span);
    case OPERATOR_MOD:
        return b == 0 ? by_zero(e, span) : narrow(e, a - floor_div(a, b) * b, span);
    case OPERATOR_POW:
        return int_pow(e, a, b, span);
    case OPERATOR_LSHIFT:
    case OPERATOR_RSHIFT:
        return shift(e, op, a, b, span);
    case OPERATOR_BITAND:
        return value_int(a & b);
    case OPERATOR_BITOR:
        return value_int(a | b);
    case OPERATOR_BITXOR:
        return value_int(a ^ b);
    default:
        BUG("'%s' is not arithmetic", operator_text(op));
    }
}

/* The remainder has the sign of the divisor. */
static double float_mod(double a, double b) {
    double r = fmod(a, b);
    if (r == 0)
        return copysign(0, b);
    return (r < 0) != (b < 0) ? r + b : r;
}

/* As CPython computes it: through the remainder, so that rounding cannot make it one too large. */
static double float_floordiv(double a, double b) {
    double r = fmod(a, b);
    double q = (a - r) / b;
    if (r != 0 && (r < 0) != (b < 0))
        q -= 1;
    if (q == 0)
        return copysign(0, a / b);
    double whole = floor(q);
    return q - whole > 0.5 ? whole + 1 : whole;
}

static Value float_pow(Eval *e, double a, double b, Span span) {
    if (a == 0 && b < 0)
        return by_zero(e, span);
    if (a < 0 && isfinite(a) && isfinite(b) && b != floor(b))
        return eval_error(e, DIAG_undefined_result, span,
                          "a negative number to a fractional power is complex");
    double f = pow(a, b);
    if (isinf(f) && isfinite(a) && isfinite(b))
        return eval_error(e, DIAG_undefined_result, span, "the result is too large for a float");
    return value_float(f);
}

static Value float_arithmetic(Eval *e, Operator op, double a, double b, Span span) {
    bool divides = op == OPERATOR_DIV || op == OPERATOR_FLOORDIV || op == OPERATOR_MOD;
    if (divides && b == 0)
        return by_zero(e, span);
    switch (op) {
    case OPERATOR_ADD:
        return value_float(a + b);
    case OPERATOR_SUB:
        return value_float(a - b);
    case OPERATOR_MUL:
        return value_float(a * b);
    case OPERATOR_DIV:
        return value_float(a / b);
    case OPERATOR_FLOORDIV:
        return value_float(float_floordiv(a, b));
    case OPERATOR_MOD:
        return value_float(float_mod(a, b));
    case OPERATOR_POW:
        return float_pow(e, a, b, span);
    default:
        return eval_error(e, DIAG_operand_types, span, "'%s' takes ints, not floats",
                          operator_text(op));
    }
}

Value eval_arithmetic(Eval *e, Operator op, Value a, Value b, Span span) {
    bool bitwise = op == OPERATOR_BITAND || op == OPERATOR_BITOR || op == OPERATOR_BITXOR;
    if (bitwise && a.kind == VALUE_BOOL && b.kind == VALUE_BOOL)
        return value_bool(value_truth(int_arithmetic(e, op, a.u.boolean, b.u.boolean, span)));
    if (value_is_integral(a) && value_is_integral(b))
        return int_arithmetic(e, op, value_integer(a), value_integer(b), span);
    return float_arithmetic(e, op, value_number(a), value_number(b), span);
}
