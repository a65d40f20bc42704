/* Copies between layouts. */
#ifndef TRANSPOSE_H
#define TRANSPOSE_H

#include "emit.h"

/* A matrix whose rows are contiguous in the input and whose columns are contiguous in the output:
 * element (r, c) goes from in[r * in_stride + c] to out[c * out_stride + r]. Columns [from, to) are
 * copied, by square blocks in registers. */
typedef struct Transpose {
    LLVMValueRef in, out;
    int64_t rows, in_stride, out_stride;
    LLVMValueRef from, to;
} Transpose;
void emit_transpose(Emit *e, const Transpose *t);

#endif
