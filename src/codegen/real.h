/* Arithmetic on LLVM values of one floating type, scalar or vector, with constants splatted: the
 * notation in which elementary.c and elementary_double.c are written. */
#ifndef REAL_H
#define REAL_H

#include <llvm-c/Core.h>
#include <stdint.h>

typedef LLVMValueRef Real;

typedef struct RealOps {
    LLVMBuilderRef b;
    LLVMTypeRef real;
    LLVMTypeRef integer; /* of the same width and count */
} RealOps;

RealOps real_ops(LLVMBuilderRef b, Real x);

Real real_number(const RealOps *r, double number);
Real real_add(const RealOps *r, Real x, Real y);
Real real_sub(const RealOps *r, Real x, Real y);
Real real_mul(const RealOps *r, Real x, Real y);
Real real_div(const RealOps *r, Real x, Real y);

/* x * y + z in one rounding where the target can, in two where it cannot. */
Real real_fma(const RealOps *r, Real x, Real y, Real z);

/* c[0] + c[1] x + ... by Horner's rule. */
Real real_poly(const RealOps *r, Real x, const double *c, int n);

/* x where x is NaN; else the nearest number of [low, high]. */
Real real_clamp(const RealOps *r, Real x, double low, double high);

/* predicate(x, y) ? a : b */
Real real_choose(const RealOps *r, LLVMRealPredicate predicate, Real x, Real y, Real a, Real b);

Real real_abs(const RealOps *r, Real x);
Real real_copysign(const RealOps *r, Real magnitude, Real sign);

/* Bits. */
LLVMValueRef real_bits(const RealOps *r, Real x);
Real real_from_bits(const RealOps *r, LLVMValueRef bits);
LLVMValueRef real_integer(const RealOps *r, int64_t i);

/* x split as 2^e * m with m in [2/3, 4/3): e as an integer, m as a real. x normal and positive. */
typedef struct RealParts {
    LLVMValueRef exponent;
    Real mantissa;
} RealParts;
RealParts real_split(const RealOps *r, Real x);

/* x rounded to the nearest integer, |x| < 2^22, as both. */
typedef struct RealRound {
    LLVMValueRef integer;
    Real real;
} RealRound;
RealRound real_round(const RealOps *r, Real x);

/* 2^n for a normal result. */
Real real_power_of_two(const RealOps *r, LLVMValueRef n);

#endif
