/* What the files of the planner share; nobody else includes it. */
#ifndef PLANNER_H
#define PLANNER_H

#include "fuse.h"
#include "plan.h"

typedef struct Planner {
    Arena *arena;
    const Target *target;
    MathMode math;
    const Ops *ops;
    Vec(Kernel) kernels;
    Vec(PackedWeight) weights;
    int64_t weights_bytes;
    int64_t workspace_bytes;
} Planner;

enum { PLAN_ALIGN = 64 }; /* bytes: a cache line, and the widest vector */

static inline int64_t ceil_div(int64_t n, int64_t d) {
    return (n + d - 1) / d;
}

static inline int64_t align_up(int64_t bytes) {
    return ceil_div(bytes, PLAN_ALIGN) * PLAN_ALIGN;
}

/* weights.c: gives a constant its place in the blob; the same constant packed the same way
 * once. Only constant, packing, panel, winograd and groups are read. */
Ref plan_weight(Planner *p, PackedWeight weight);

/* conv.c: everything of a CONV, WINOGRAD, DEPTHWISE or MATVEC kernel but its buffers. */
void plan_conv(Planner *p, Kernel *k, const Fusion *f);

/* A way to compute a convolution, and what it costs in cycles of one core. */
typedef struct Tiled {
    ConvTiling tiling;
    int64_t tasks, scratch_bytes;
    double cycles; /* infinite: it cannot */
} Tiled;

/* tiling.c: the best tile for a direct convolution. pool: the epilogue's, or NULL. */
Tiled plan_tile_direct(const Target *t, const ConvGeometry *g, const Spatial *pool);
/* The same for F(m,3). */
Tiled plan_tile_winograd(const Target *t, const ConvGeometry *g, const Spatial *pool, int m);

/* buffers.c: where every value lives. Sets in, out and epilogue operands of all kernels that
 * are not weights, and workspace_bytes. */
void plan_buffers(Planner *p, const Fusions *fusions);

#endif
