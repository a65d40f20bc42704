/* The inner loop of depthwise convolutions: one tap for a tile of pixels x channels. */
#ifndef DEPTHWISE_H
#define DEPTHWISE_H

#include "tile.h"

/* Output channel o reads input channel o / multiplier. */
typedef struct DepthwiseChannels {
    LLVMValueRef first; /* number of the tile's first output channel */
    int64_t count;      /* output channels of the tile */
    int64_t multiplier;
} DepthwiseChannels;

/* acc[pixel][v] += input[offset[pixel] + channels of v] * weights[v] */
void emit_depthwise_tap(Emit *e, const TileRun *t, const DepthwiseChannels *c, LLVMValueRef input,
                        LLVMValueRef weights, LLVMValueRef *acc);

#endif
