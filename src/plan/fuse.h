/* Fusion: which ops become one kernel. */
#ifndef FUSE_H
#define FUSE_H

#include "op.h"

enum { FUSE_OPERANDS = 8 }; /* at most, beside the accumulator */

/* One kernel to be: `op`, then y = tree(op, operands...), then `softmax` or `pool`. */
typedef struct Fusion {
    const Op *op;
    const Op *result;    /* the last op of the chain */
    const Elt *tree;     /* NULL: identity */
    const Op **operands; /* inputs 1.. of the tree */
    int noperands;
    const Op *softmax; /* of y, over the last axis; NULL: none, as always with a pool */
    const Op *pool;    /* NULL: none */
} Fusion;
typedef Vec(Fusion) Fusions;

/* In an order in which every operand is there when it is read. Inputs, constants and views have no
 * kernel. lanes: of the target's vectors. */
Fusions fuse(Arena *a, const Ops *g, int lanes);

/* The op whose buffer holds op's value: reshapes only look at the one that they reshape. */
const Op *op_storage(const Op *op);

#endif
