/* The microkernels of a direct convolution: one internal function for each shape of tile. */
#ifndef CONV_TILE_H
#define CONV_TILE_H

#include "emit.h"

/* Where a tile lies along one axis of the output, which decides how padding is left out. */
typedef enum TilePlace {
    TILE_INSIDE,  /* every tap of every pixel lies in the input */
    TILE_AT,      /* at `first`: which taps its pixels have is known; columns only */
    TILE_CLIPPED, /* each of its rows or columns has a range of taps known when it runs */
} TilePlace;

typedef struct TileAxis {
    TilePlace place;
    int64_t first; /* TILE_AT: the first output column */
    int count;     /* rows or columns */
} TileAxis;

typedef struct ConvTile {
    TileAxis rows, columns;
    int64_t channels; /* of its panel: the last panel may have fewer */
} ConvTile;

/* What a tile's function is called with. */
typedef struct ConvTileArgs {
    LLVMValueRef input;         /* channel 0 of the group's input, cell (0, 0) */
    LLVMValueRef weights, bias; /* its panel's; bias is NULL if the kernel has none */
    LLVMValueRef row, column;   /* of the output, before pooling: the tile's first pixel */
    LLVMValueRef channel;       /* number of its panel's first */
} ConvTileArgs;

/* A call of the tile's function, which is emitted if it is not there yet. */
void emit_conv_tile(Emit *e, const Kernel *k, const ConvTile *t, const ConvTileArgs *args);

/* conv.c: cuts a CONV or DEPTHWISE kernel into tiles. */
void emit_tiled_convolution(Emit *e, const Kernel *k);

#endif
