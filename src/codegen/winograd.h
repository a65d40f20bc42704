/* What the parts of the Winograd kernel share. */
#ifndef WINOGRAD_H
#define WINOGRAD_H

#include "emit.h"

enum { WINOGRAD_ALPHA_MAX = 6, WINOGRAD_PRODUCTS_MAX = 36 };

typedef struct Winograd {
    const Kernel *k;
    int m, alpha, products; /* products: alpha^2 */
    int lanes;
    int64_t panel;                        /* channels of a full panel */
    int64_t columns, tiles, blocks;       /* of m x m outputs; columns: tiles side by side */
    int64_t input_stride, product_stride; /* floats from one product's matrix to the next */
    LLVMValueRef input, product;          /* V and P in scratch */
} Winograd;

typedef struct WinogradTask {
    LLVMValueRef panel;
    LLVMValueRef first, tiles; /* first tile of the block, and how many */
} WinogradTask;

/* winograd_transform.c: in place on alpha values that lie `step` apart: B^T d, and A^T p, which
 * leaves m. They fit G of plan_pack_weights(): points 0, 1, -1, infinity; for m = 4 also 2, -2. */
void emit_winograd_input(Emit *e, int m, LLVMValueRef *d, int step);
void emit_winograd_output(Emit *e, int m, LLVMValueRef *p, int step);

/* winograd_input.c: fills V for a block's tiles. */
void emit_winograd_inputs(Emit *e, const Winograd *w, const WinogradTask *t);

/* winograd_output.c: the results of a block's tiles and one panel of `channels` channels, from P.
 */
void emit_winograd_outputs(Emit *e, const Winograd *w, const WinogradTask *t, int64_t channels);

#endif
