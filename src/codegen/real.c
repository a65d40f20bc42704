/* Arithmetic on floats and doubles, and on their bits. */
#include "real.h"

#include <stdbool.h>

/* The layout of float and double. */
typedef struct Layout {
    int bits, fraction, bias;
    double round; /* adding it leaves the nearest integer in the low bits of the sum */
    int64_t two_thirds;
} Layout;

static const Layout FLOAT = {32, 23, 127, 0x1.8p23, 0x3f2aaaab};
static const Layout DOUBLE = {64, 52, 1023, 0x1.8p52, 0x3fe5555555555555};

static LLVMTypeRef element(LLVMTypeRef type) {
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

static const Layout *layout(const RealOps *r) {
    return LLVMGetTypeKind(element(r->real)) == LLVMDoubleTypeKind ? &DOUBLE : &FLOAT;
}

static LLVMValueRef splat(LLVMTypeRef type, LLVMValueRef constant) {
    enum { LANES_MAX = 64 };
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return constant;
    LLVMValueRef lanes[LANES_MAX];
    unsigned n = LLVMGetVectorSize(type);
    for (unsigned i = 0; i < n; i++)
        lanes[i] = constant;
    return LLVMConstVector(lanes, n);
}

RealOps real_ops(LLVMBuilderRef b, Real x) {
    RealOps r = {.b = b, .real = LLVMTypeOf(x)};
    LLVMTypeRef integer =
        LLVMIntTypeInContext(LLVMGetTypeContext(r.real), (unsigned)layout(&r)->bits);
    r.integer = LLVMGetTypeKind(r.real) == LLVMVectorTypeKind
                    ? LLVMVectorType(integer, LLVMGetVectorSize(r.real))
                    : integer;
    return r;
}

Real real_number(const RealOps *r, double number) {
    return splat(r->real, LLVMConstReal(element(r->real), number));
}

LLVMValueRef real_integer(const RealOps *r, int64_t i) {
    return splat(r->integer, LLVMConstInt(element(r->integer), (uint64_t)i, true));
}

Real real_add(const RealOps *r, Real x, Real y) {
    return LLVMBuildFAdd(r->b, x, y, "");
}
Real real_sub(const RealOps *r, Real x, Real y) {
    return LLVMBuildFSub(r->b, x, y, "");
}
Real real_mul(const RealOps *r, Real x, Real y) {
    return LLVMBuildFMul(r->b, x, y, "");
}
Real real_div(const RealOps *r, Real x, Real y) {
    return LLVMBuildFDiv(r->b, x, y, "");
}

/* A constant folds to a plain constant, which takes no flags. */
static Real may_contract(Real x) {
    if (LLVMIsAInstruction(x))
        LLVMSetFastMathFlags(x, LLVMFastMathAllowContract);
    return x;
}

Real real_fma(const RealOps *r, Real x, Real y, Real z) {
    Real product = may_contract(LLVMBuildFMul(r->b, x, y, ""));
    return may_contract(LLVMBuildFAdd(r->b, product, z, ""));
}

Real real_poly(const RealOps *r, Real x, const double *c, int n) {
    Real y = real_number(r, c[n - 1]);
    for (int i = n - 2; i >= 0; i--)
        y = real_fma(r, y, x, real_number(r, c[i]));
    return y;
}

Real real_choose(const RealOps *r, LLVMRealPredicate predicate, Real x, Real y, Real a, Real b) {
    return LLVMBuildSelect(r->b, LLVMBuildFCmp(r->b, predicate, x, y, ""), a, b, "");
}

Real real_clamp(const RealOps *r, Real x, double low, double high) {
    Real l = real_number(r, low), h = real_number(r, high);
    x = real_choose(r, LLVMRealOGT, x, h, h, x);
    return real_choose(r, LLVMRealOLT, x, l, l, x);
}

LLVMValueRef real_bits(const RealOps *r, Real x) {
    return LLVMBuildBitCast(r->b, x, r->integer, "");
}

Real real_from_bits(const RealOps *r, LLVMValueRef bits) {
    return LLVMBuildBitCast(r->b, bits, r->real, "");
}

static LLVMValueRef sign_mask(const RealOps *r) {
    return real_integer(r, layout(r)->bits == 64 ? INT64_MIN : INT32_MIN);
}

Real real_abs(const RealOps *r, Real x) {
    LLVMValueRef rest = LLVMBuildNot(r->b, sign_mask(r), "");
    return real_from_bits(r, LLVMBuildAnd(r->b, real_bits(r, x), rest, ""));
}

Real real_copysign(const RealOps *r, Real magnitude, Real sign) {
    LLVMValueRef bit = LLVMBuildAnd(r->b, real_bits(r, sign), sign_mask(r), "");
    LLVMValueRef rest = real_bits(r, real_abs(r, magnitude));
    return real_from_bits(r, LLVMBuildOr(r->b, rest, bit, ""));
}

/* Subtracting 2/3's bits moves the exponent's step from 1 to 2/3. */
RealParts real_split(const RealOps *r, Real x) {
    const Layout *l = layout(r);
    LLVMValueRef shift = real_integer(r, l->fraction);
    LLVMValueRef bits = real_bits(r, x);
    LLVMValueRef above = LLVMBuildSub(r->b, bits, real_integer(r, l->two_thirds), "");
    RealParts p;
    p.exponent = LLVMBuildAShr(r->b, above, shift, "");
    bits = LLVMBuildSub(r->b, bits, LLVMBuildShl(r->b, p.exponent, shift, ""), "");
    p.mantissa = real_from_bits(r, bits);
    return p;
}

RealRound real_round(const RealOps *r, Real x) {
    Real magic = real_number(r, layout(r)->round);
    Real sum = real_add(r, x, magic);
    RealRound n;
    n.integer = LLVMBuildSub(r->b, real_bits(r, sum), LLVMConstBitCast(magic, r->integer), "");
    n.real = real_sub(r, sum, magic);
    return n;
}

Real real_power_of_two(const RealOps *r, LLVMValueRef n) {
    const Layout *l = layout(r);
    LLVMValueRef biased = LLVMBuildAdd(r->b, n, real_integer(r, l->bias), "");
    return real_from_bits(r, LLVMBuildShl(r->b, biased, real_integer(r, l->fraction), ""));
}
