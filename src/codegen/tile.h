/* The inner loop of convolutions and matrix products: a tile of pixels x channels in registers. */
#ifndef TILE_H
#define TILE_H

#include "emit.h"

enum { TILE_PIXELS_MAX = 32, TILE_ACCUMULATORS_MAX = 64 };

/* One run of products: for i in [0, length)
 *     acc[pixel][v] += a[offset[pixel] + i] * b[i * panel + v * vector length] */
typedef struct TileRun {
    int pixels, vectors;
    int64_t panel;                   /* floats from one row of b to the next */
    int64_t offset[TILE_PIXELS_MAX]; /* floats */
    bool skip[TILE_PIXELS_MAX];      /* this pixel takes no part */
} TileRun;

void emit_tile_run(Emit *e, const TileRun *t, LLVMValueRef a, LLVMValueRef b, LLVMValueRef length,
                   LLVMValueRef *acc);

#endif
