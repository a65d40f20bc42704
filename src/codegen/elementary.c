/* Elementary functions in single precision: the argument is reduced, a polynomial does the rest.
 * The coefficients are minimax (relative error, rounded one by one to float); products that must be
 * exact are so because their constants have few bits, hence FMA is welcome but not needed. */
#include "elementary.h"

#include "real.h"

#define LOG2_E 0x1.715476p0
/* ln 2 in two parts; the first has 9 bits, so that its product with an exponent is exact. */
#define LN2_HIGH 0x1.63p-1
#define LN2_LOW  (-0x1.bd0106p-13)

#define POLY(r, x, table) real_poly(r, x, table, (int)(sizeof(table) / sizeof *(table)))

/* e^x = 2^n e^r with |r| <= ln 2 / 2. */
typedef struct Reduced {
    LLVMValueRef n;
    Real r;
} Reduced;

static Reduced exp_reduce(const RealOps *r, Real x) {
    RealRound n = real_round(r, real_mul(r, x, real_number(r, LOG2_E)));
    Real rest = real_fma(r, n.real, real_number(r, -LN2_HIGH), x);
    return (Reduced){n.integer, real_fma(r, n.real, real_number(r, -LN2_LOW), rest)};
}

/* (e^x - 1 - x) / x^2 */
static Real exp_tail(const RealOps *r, Real x) {
    static const double c[] = {0x1p-1,       0x1.555554p-3,  0x1.5554e8p-5,
                               0x1.11131p-7, 0x1.6d4cfcp-10, 0x1.9df8d8p-13};
    return POLY(r, x, c);
}

/* e^x - 1 for a reduced argument. */
static Real expm1_reduced(const RealOps *r, Real x) {
    return real_fma(r, real_mul(r, x, x), exp_tail(r, x), x);
}

/* y * 2^n in two steps: neither factor overflows nor is subnormal, and only the last product
 * rounds. */
static Real scale(const RealOps *r, Real y, LLVMValueRef n) {
    LLVMValueRef half = LLVMBuildAShr(r->b, n, real_integer(r, 1), "");
    LLVMValueRef rest = LLVMBuildSub(r->b, n, half, "");
    return real_mul(r, real_mul(r, y, real_power_of_two(r, half)), real_power_of_two(r, rest));
}

/* Beyond the clamp's ends the result is 0 or infinity all the same. */
LLVMValueRef math_exp(LLVMBuilderRef b, LLVMValueRef x) {
    RealOps ops = real_ops(b, x), *r = &ops;
    Reduced e = exp_reduce(r, real_clamp(r, x, -104, 89));
    return scale(r, real_add(r, expm1_reduced(r, e.r), real_number(r, 1)), e.n);
}

/* 2^n (e^r - 1 + (1 - 2^-n)); nothing is added for n = 0, so small results keep all their bits. The
 * lower clamp gives -1; for large n the 2^-n is lost anyway and might be subnormal. */
LLVMValueRef math_expm1(LLVMBuilderRef b, LLVMValueRef x) {
    RealOps ops = real_ops(b, x), *r = &ops;
    Reduced e = exp_reduce(r, real_clamp(r, x, -20, 89));
    LLVMValueRef most = real_integer(r, 64);
    LLVMValueRef n = LLVMBuildSelect(b, LLVMBuildICmp(b, LLVMIntSLT, e.n, most, ""), e.n, most, "");
    Real inverse = real_power_of_two(r, LLVMBuildNeg(b, n, ""));
    Real rest = real_sub(r, real_number(r, 1), inverse);
    Real y = scale(r, real_add(r, expm1_reduced(r, e.r), rest), e.n);
    return real_copysign(r, y, x);
}

/* e^-|x| keeps its precision where 1 / (1 + e^-x) would overflow. What 1 + e^-|x| lost in rounding
 * is put right to first order. */
LLVMValueRef math_sigmoid(LLVMBuilderRef b, LLVMValueRef x) {
    RealOps ops = real_ops(b, x), *r = &ops;
    Real one = real_number(r, 1), zero = real_number(r, 0);
    Real e = math_exp(b, LLVMBuildFNeg(b, real_abs(r, x), ""));
    Real sum = real_add(r, one, e);
    Real over = real_sub(r, real_sub(r, sum, one), e);
    Real y = real_div(r, real_choose(r, LLVMRealOLT, x, zero, e, one), sum);
    return real_fma(r, y, over, y);
}

/* Odd polynomial up to 0.625, 1 - 2 / (e^2x + 1) above. */
LLVMValueRef math_tanh(LLVMBuilderRef b, LLVMValueRef x) {
    static const double c[] = {-0x1.555532p-2, 0x1.1106f6p-3, -0x1.b835a4p-5, 0x1.51f8cep-6,
                               -0x1.750ce4p-8};
    RealOps ops = real_ops(b, x), *r = &ops;
    Real one = real_number(r, 1);
    Real square = real_mul(r, x, x);
    Real small = real_fma(r, real_mul(r, x, square), POLY(r, square, c), x);

    Real a = real_abs(r, x);
    Real e = math_exp(b, real_add(r, a, a));
    Real ratio = real_div(r, real_number(r, 2), real_add(r, e, one));
    Real y = real_choose(r, LLVMRealOLT, a, real_number(r, 0.625), small, real_sub(r, one, ratio));
    return real_copysign(r, y, x);
}

/* log(2^n (1 + f)), |f| <= 1/3 */
static Real log_reduced(const RealOps *r, LLVMValueRef n, Real f) {
    static const double c[] = {0x1.555556p-2,  -0x1.ffff18p-3, 0x1.9997eep-3,
                               -0x1.55978cp-3, 0x1.24eb6ep-3,  -0x1.f3b02cp-4,
                               0x1.b91efap-4,  -0x1.06c2bap-3, 0x1.e9d18ap-4};
    Real e = LLVMBuildSIToFP(r->b, n, r->real, "");
    Real square = real_mul(r, f, f);
    Real y = real_mul(r, real_mul(r, f, square), POLY(r, f, c));
    y = real_fma(r, e, real_number(r, LN2_LOW), y);
    y = real_fma(r, square, real_number(r, -0.5), y);
    return real_fma(r, e, real_number(r, LN2_HIGH), real_add(r, f, y));
}

/* Puts the logarithm's limits in place: NaN below `pole`, -inf at it, x itself for inf and NaN. */
static Real log_limits(const RealOps *r, Real x, double pole, Real y) {
    Real at = real_number(r, pole), inf = real_number(r, __builtin_inf());
    y = real_choose(r, LLVMRealOEQ, x, at, LLVMBuildFNeg(r->b, inf, ""), y);
    y = real_choose(r, LLVMRealOLT, x, at, real_number(r, __builtin_nan("")), y);
    return real_choose(r, LLVMRealOLT, x, inf, y, x);
}

LLVMValueRef math_log(LLVMBuilderRef b, LLVMValueRef x) {
    RealOps ops = real_ops(b, x), *r = &ops;
    Real normal = real_number(r, 0x1p-126);
    LLVMValueRef subnormal = LLVMBuildFCmp(b, LLVMRealOLT, x, normal, "");
    Real grown = real_mul(r, x, real_number(r, 0x1p23));
    RealParts p = real_split(r, LLVMBuildSelect(b, subnormal, grown, x, ""));
    LLVMValueRef less = LLVMBuildSub(b, p.exponent, real_integer(r, 23), "");
    LLVMValueRef n = LLVMBuildSelect(b, subnormal, less, p.exponent, "");
    Real y = log_reduced(r, n, real_sub(r, p.mantissa, real_number(r, 1)));
    return log_limits(r, x, 0, y);
}

/* 1 + x = 2^n (1 + f) with f = (2^-n - 1) + 2^-n x, whose rounding does not matter; for large n
 * the 1 is lost anyway and 2^-n might be subnormal. */
LLVMValueRef math_log1p(LLVMBuilderRef b, LLVMValueRef x) {
    RealOps ops = real_ops(b, x), *r = &ops;
    Real one = real_number(r, 1);
    RealParts p = real_split(r, real_add(r, one, x));
    Real inverse = real_power_of_two(r, LLVMBuildNeg(b, p.exponent, ""));
    Real f = real_fma(r, x, inverse, real_sub(r, inverse, one));
    LLVMValueRef large = LLVMBuildICmp(b, LLVMIntSGT, p.exponent, real_integer(r, 30), "");
    f = LLVMBuildSelect(b, large, real_sub(r, p.mantissa, one), f, "");
    Real y = real_copysign(r, log_reduced(r, p.exponent, f), x);
    return log_limits(r, x, -1, y);
}

/* Odd polynomial below 1; above, 1 - e^p(x), where p is close to log(erfc x). */
LLVMValueRef math_erf(LLVMBuilderRef b, LLVMValueRef x) {
    static const double low[] = {0x1.06eba8p-3, -0x1.81273ep-2,  0x1.ce2ce6p-4, -0x1.b7f71ap-6,
                                 0x1.53f224p-8, -0x1.a3515ep-11, 0x1.4771fcp-14};
    static const double high[] = {0x1.8b3e02p-13, -0x1.212c2cp0,  -0x1.4434f6p-1, -0x1.bc1898p-4,
                                  0x1.9d0b4ap-6,  -0x1.13985ap-8, 0x1.ceea24p-12, -0x1.6c082ep-16};
    RealOps ops = real_ops(b, x), *r = &ops;
    Real one = real_number(r, 1);
    Real small = real_fma(r, x, POLY(r, real_mul(r, x, x), low), x);
    Real a = real_abs(r, x);
    Real power = POLY(r, real_clamp(r, a, 0, 4), high);
    Real large = real_copysign(r, real_sub(r, one, math_exp(b, power)), x);
    return real_choose(r, LLVMRealOLT, a, one, small, large);
}

/* Through integers, since not every target rounds in hardware; from 2^23 all numbers are whole. */
LLVMValueRef math_floor(LLVMBuilderRef b, LLVMValueRef x) {
    RealOps ops = real_ops(b, x), *r = &ops;
    Real whole = real_number(r, 0x1p23), a = real_abs(r, x);
    Real small = real_choose(r, LLVMRealOLT, a, whole, x, real_number(r, 0));
    Real y = LLVMBuildSIToFP(b, LLVMBuildFPToSI(b, small, r->integer, ""), r->real, "");
    y = real_choose(r, LLVMRealOGT, y, x, real_sub(r, y, real_number(r, 1)), y);
    return real_choose(r, LLVMRealOLT, a, whole, real_copysign(r, y, x), x);
}

LLVMValueRef math_abs(LLVMBuilderRef b, LLVMValueRef x) {
    RealOps r = real_ops(b, x);
    return real_abs(&r, x);
}
