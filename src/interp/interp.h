/* What the files of the interpreter share. Each op kind is one function of its operands' values;
 * they are written to be obviously right, and sum in double. */
#ifndef INTERP_H
#define INTERP_H

#include "op.h"

/* interp_conv(), interp_matmul(), ... for every row of OP_KINDS that computes. */
#define OP(name, suffix) void interp_##suffix(const Op *op, const float *const *in, float *out);
OP_KINDS(OP)
#undef OP

/* Walks all positions of a shape in row-major order: for (at = {0}; ; ) { ...; if
 * (!index_next(at, shape)) break; } */
bool index_next(int64_t *at, const Shape *s);

/* Row-major element number of a position. */
int64_t index_offset(const int64_t *at, const Shape *s);

#endif
