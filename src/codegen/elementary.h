/* Elementary functions as vector code. Each takes a float or a vector of floats and gives the same
 * type, without a call to any library; docs/numerics.md has the measured errors. All are right for
 * NaN, infinities, zeros and subnormals, and do not need hardware FMA. */
#ifndef ELEMENTARY_H
#define ELEMENTARY_H

#include <llvm-c/Core.h>

LLVMValueRef math_exp(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_expm1(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_log(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_log1p(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_tanh(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_sigmoid(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_erf(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_floor(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_abs(LLVMBuilderRef b, LLVMValueRef x);

/* Computed in double, at about half the speed: elementary_double.c. */
LLVMValueRef math_erfc(LLVMBuilderRef b, LLVMValueRef x);
LLVMValueRef math_pow(LLVMBuilderRef b, LLVMValueRef x, LLVMValueRef y);

#endif
