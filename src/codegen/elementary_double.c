/* erfc and pow: a float's relative precision asks for more digits inside than a float has, so these
 * work on twice as wide vectors of double and round once, at the end. */
#include "elementary.h"

#include "real.h"

#define POLY(r, x, table) real_poly(r, x, table, (int)(sizeof(table) / sizeof *(table)))

static LLVMTypeRef wide_type(LLVMTypeRef type) {
    LLVMTypeRef wide = LLVMDoubleTypeInContext(LLVMGetTypeContext(type));
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return wide;
    return LLVMVectorType(wide, LLVMGetVectorSize(type));
}

static Real widen(LLVMBuilderRef b, Real x) {
    return LLVMBuildFPExt(b, x, wide_type(LLVMTypeOf(x)), "");
}

/* 2^x; the clamp lies beyond what a float holds. */
static Real exp2_wide(const RealOps *r, Real x) {
    static const double c[] = {
        0.9999999999997375,     0.6931471805454132,    0.24022650699125728,
        0.05550410943788614,    0.009618128508212457,  0.0013333447780732935,
        0.00015403864771371459, 1.531087822742593e-05, 1.3175065745504863e-06};
    x = real_clamp(r, x, -200, 200);
    RealRound n = real_round(r, x);
    return real_mul(r, POLY(r, real_sub(r, x, n.real), c), real_power_of_two(r, n.integer));
}

/* log2 of a positive normal number, by the series of artanh((m - 1) / (m + 1)). */
static Real log2_wide(const RealOps *r, Real x) {
    static const double c[] = {2.885390081777931,   0.961796693915767,  0.5770780204937362,
                               0.41219795819776317, 0.3206435680072551, 0.2606808320364652,
                               0.25093952748688436};
    RealParts p = real_split(r, x);
    Real one = real_number(r, 1);
    Real s = real_div(r, real_sub(r, p.mantissa, one), real_add(r, p.mantissa, one));
    Real e = LLVMBuildSIToFP(r->b, p.exponent, r->real, "");
    return real_fma(r, s, POLY(r, real_mul(r, s, s), c), e);
}

/* e^(-x^2) p(q) / (1 + 2x) for x >= 0, with q = (x - 3) / (x + 3) to tame the tail; mirrored for
 * the rest. */
LLVMValueRef math_erfc(LLVMBuilderRef b, LLVMValueRef x) {
    static const double c[] = {
        1.2530080582663956,     -0.13562110690372456,    -0.04756229390354986,
        0.1296452013380127,     -0.11927365299115744,    0.0683073646998619,
        -0.023771056024215937,  0.002533551287544206,    0.0018942911081699708,
        -0.0007900109213667007, -0.00012674703258471859, 0.00012670234170383246,
        3.310238456471671e-05};
    RealOps single = real_ops(b, x);
    Real wide = widen(b, x);
    RealOps ops = real_ops(b, wide), *r = &ops;
    Real a = real_clamp(r, real_abs(r, wide), 0, 11);
    Real three = real_number(r, 3), one = real_number(r, 1), two = real_number(r, 2);
    Real q = real_div(r, real_sub(r, a, three), real_add(r, a, three));
    Real power = real_mul(r, real_mul(r, a, a), real_number(r, -0x1.71547652b82fep0));
    Real top = real_mul(r, exp2_wide(r, power), POLY(r, q, c));
    Real y = real_div(r, top, real_fma(r, a, two, one));
    y = real_choose(r, LLVMRealOLT, wide, real_number(r, 0), real_sub(r, two, y), y);
    return LLVMBuildFPTrunc(b, y, single.real, "");
}

/* Which floats are whole numbers, and which of those odd. From 2^24 on all are even. */
typedef struct Whole {
    LLVMValueRef whole, odd;
} Whole;

static Whole find_whole(const RealOps *r, Real y) {
    LLVMValueRef even =
        LLVMBuildFCmp(r->b, LLVMRealOGE, real_abs(r, y), real_number(r, 0x1p24), "");
    Real small =
        real_choose(r, LLVMRealOLT, real_abs(r, y), real_number(r, 0x1p24), y, real_number(r, 0));
    LLVMValueRef i = LLVMBuildFPToSI(r->b, small, r->integer, "");
    LLVMValueRef same =
        LLVMBuildFCmp(r->b, LLVMRealOEQ, LLVMBuildSIToFP(r->b, i, r->real, ""), y, "");
    LLVMValueRef low = LLVMBuildAnd(r->b, i, real_integer(r, 1), "");
    LLVMValueRef odd = LLVMBuildICmp(r->b, LLVMIntNE, low, real_integer(r, 0), "");
    return (Whole){LLVMBuildOr(r->b, even, same, ""), LLVMBuildAnd(r->b, odd, same, "")};
}

/* log2 with its limits at 0, infinity and NaN. */
static Real log2_limits(const RealOps *r, Real x) {
    Real zero = real_number(r, 0), inf = real_number(r, __builtin_inf());
    Real y = log2_wide(r, x);
    y = real_choose(r, LLVMRealOEQ, x, zero, LLVMBuildFNeg(r->b, inf, ""), y);
    return real_choose(r, LLVMRealOLT, x, inf, y, x);
}

/* |x|^y = 2^(y log2 |x|); the exponent is 0 where C's pow says 1 whatever the other is. Then the
 * sign, and NaN for fractional powers of negative finite numbers. */
LLVMValueRef math_pow(LLVMBuilderRef b, LLVMValueRef x, LLVMValueRef y) {
    RealOps single = real_ops(b, x);
    Real wide = widen(b, real_abs(&single, x)), power = widen(b, y);
    RealOps ops = real_ops(b, wide), *r = &ops;
    Real zero = real_number(r, 0);
    Real log = log2_limits(r, wide);
    Real exponent = real_mul(r, power, log);
    exponent = real_choose(r, LLVMRealOEQ, log, zero, zero, exponent);
    exponent = real_choose(r, LLVMRealOEQ, power, zero, zero, exponent);
    Real magnitude = LLVMBuildFPTrunc(b, exp2_wide(r, exponent), single.real, "");

    Whole n = find_whole(&single, y);
    Real signed_ = real_copysign(&single, magnitude, x);
    Real result = LLVMBuildSelect(b, n.odd, signed_, magnitude, "");
    LLVMValueRef negative = LLVMBuildAnd(
        b, LLVMBuildFCmp(b, LLVMRealOLT, x, real_number(&single, 0), ""),
        LLVMBuildFCmp(b, LLVMRealOGT, x, real_number(&single, -__builtin_inf()), ""), "");
    LLVMValueRef undefined = LLVMBuildAnd(b, negative, LLVMBuildNot(b, n.whole, ""), "");
    return LLVMBuildSelect(b, undefined, real_number(&single, __builtin_nan("")), result, "");
}
