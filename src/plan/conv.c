/* Convolutions and matrix products: their geometry, the family that computes them, their weights.
 */
#include "planner.h"

#include <math.h>

/* Spatial axes of op as height and width: the missing ones are 1. */
static ConvGeometry window_geometry(const Op *op, const Spatial *w, int64_t groups) {
    const int64_t *in = op->in[0]->shape.dim, *out = op->shape.dim;
    if (w->n > 2)
        BUG("no kernel for convolutions over %d axes", w->n);
    int x = w->n - 1; /* the axis of columns; rows are before it */
    ConvGeometry g = {
        .ih = 1,
        .iw = in[x],
        .ic = in[x + 1],
        .oh = 1,
        .ow = out[x],
        .oc = out[x + 1],
        .kh = 1,
        .kw = w->kernel[x],
        .stride_h = 1,
        .stride_w = w->stride[x],
        .dilation_h = 1,
        .dilation_w = w->dilation[x],
        .left = w->before[x],
        .groups = groups,
    };
    if (w->n == 2) {
        g.ih = in[0];
        g.oh = out[0];
        g.kh = w->kernel[0];
        g.stride_h = w->stride[0];
        g.dilation_h = w->dilation[0];
        g.top = w->before[0];
    }
    return g;
}

/* All leading axes are pixels: as an image if there are two of them, else as one row. */
static ConvGeometry matmul_geometry(const Op *op) {
    const Shape *in = &op->in[0]->shape;
    int64_t ic = in->dim[in->rank - 1], pixels = op_numel(op->in[0]) / ic;
    int64_t height = in->rank == 3 ? in->dim[0] : 1, width = pixels / height;
    return (ConvGeometry){
        .ih = height,
        .iw = width,
        .ic = ic,
        .oh = height,
        .ow = width,
        .oc = op->shape.dim[in->rank - 1],
        .kh = 1,
        .kw = 1,
        .stride_h = 1,
        .stride_w = 1,
        .dilation_h = 1,
        .dilation_w = 1,
        .groups = 1,
    };
}

static bool is_pointwise(const ConvGeometry *g) {
    return g->kh == 1 && g->kw == 1 && g->stride_h == 1 && g->stride_w == 1 && g->ih == g->oh &&
           g->iw == g->ow && g->groups == 1;
}

/* The window covers exactly the whole input, once. */
static bool is_product(const ConvGeometry *g) {
    return g->oh == 1 && g->ow == 1 && g->kh == g->ih && g->kw == g->iw && g->dilation_h == 1 &&
           g->dilation_w == 1 && g->top == 0 && g->left == 0 && g->groups == 1;
}

static ConvGeometry geometry(const Fusion *f) {
    ConvGeometry g = f->op->kind == OP_MATMUL
                         ? matmul_geometry(f->op)
                         : window_geometry(f->op, &f->op->u.conv.window, f->op->u.conv.groups);
    if (is_pointwise(&g) && !f->pool) {
        g.iw *= g.ih;
        g.ow = g.iw;
        g.ih = g.oh = 1;
    }
    if (is_product(&g) && !f->pool) {
        g.ic *= g.kh * g.kw;
        g.ih = g.iw = g.kh = g.kw = 1;
        g.stride_h = g.stride_w = 1;
    }
    return g;
}

static double flops(const ConvGeometry *g) {
    double terms = (double)(g->kh * g->kw) * (double)(g->ic / g->groups);
    return 2 * terms * (double)g->oc * (double)g->oh * (double)g->ow;
}

/* One row of output: memory speed, so wide panels that give the prefetcher long runs, but enough of
 * them for the threads. */
static void plan_matvec(const Target *t, Kernel *k) {
    enum { WIDEST = 8, PANELS = 16 };
    int64_t vectors = ceil_div(k->conv.oc, t->vector);
    int64_t wide = ceil_div(vectors, PANELS);
    wide = wide < 4 ? 4 : wide > WIDEST ? WIDEST : wide;
    k->kind = KERNEL_MATVEC;
    k->tiling.rows = k->tiling.columns = 1;
    k->tiling.vectors = (int)(wide < vectors ? wide : vectors);
    k->tiling.strip = 1;
    k->tiling.panels = ceil_div(vectors, k->tiling.vectors);
    k->tasks = k->tiling.panels;
}

/* Vectors of channels, at most `most`, with which a whole row of sums leaves registers for inputs
 * and weights; 0 if none. */
static int64_t whole_row_vectors(const Target *t, int64_t width, int64_t most) {
    enum { OTHERS = 8, LEAST = 2 };
    int64_t fit = (t->registers - OTHERS) / width;
    fit = fit < most ? fit : most;
    return fit < LEAST ? 0 : fit;
}

/* Half of the registers hold sums, the others inputs and weights; without FMA two of these hold
 * products. Long rows go two at a time, as both read what is between them; short ones leave little
 * to a task, so it gets more channels, and the whole row in one tile if that fits. */
static void plan_depthwise(const Target *t, Kernel *k) {
    enum { LONG = 28, WIDE = 4 };
    const ConvGeometry *g = &k->conv;
    bool is_long = g->ow >= LONG && g->oh > 1;
    int64_t vectors = ceil_div(g->oc, t->vector), most = is_long ? 2 : WIDE;
    vectors = vectors < most ? vectors : most;
    int64_t whole = whole_row_vectors(t, g->ow, vectors), rows = is_long ? 2 : 1;
    vectors = whole ? whole : vectors;
    int64_t sums = t->registers / 2 - (t->fma ? 0 : 2), columns = sums / (vectors * rows);
    columns = whole || columns > g->ow ? g->ow : columns < 1 ? 1 : columns;
    k->kind = KERNEL_DEPTHWISE;
    k->tiling = (ConvTiling){
        .rows = (int)rows,
        .columns = (int)columns,
        .vectors = (int)vectors,
        .strip = g->ow,
        .panels = ceil_div(g->oc, vectors * t->vector),
    };
    k->tasks = ceil_div(g->oh, rows) * k->tiling.panels;
}

static void plan_direct_or_winograd(Planner *p, Kernel *k) {
    const Spatial *pool = k->epilogue.pool ? &k->epilogue.pool_window : NULL;
    Tiled best = plan_tile_direct(p->target, &k->conv, pool);
    for (int m = 2; m <= 4 && p->math == MATH_FAST; m += 2) {
        Tiled winograd = plan_tile_winograd(p->target, &k->conv, pool, m);
        if (winograd.cycles < best.cycles)
            best = winograd;
    }
    k->kind = best.tiling.winograd ? KERNEL_WINOGRAD : KERNEL_CONV;
    k->tiling = best.tiling;
    k->tasks = best.tasks;
    k->scratch_bytes = best.scratch_bytes;
}

static void pack(Planner *p, Kernel *k) {
    int panel = k->tiling.vectors * p->target->vector;
    int64_t groups = k->kind == KERNEL_DEPTHWISE ? 1 : k->conv.groups;
    PackedWeight w = {.constant = k->op->in[1], .panel = panel, .groups = groups};
    w.packing = k->kind == KERNEL_WINOGRAD ? PACK_WINOGRAD : PACK_PANELS;
    w.winograd = k->tiling.winograd;
    k->weights = plan_weight(p, w);
    if (k->op->nin > 2) {
        w = (PackedWeight){.constant = k->op->in[2], .panel = panel, .groups = groups};
        w.packing = PACK_PADDED;
        k->bias = plan_weight(p, w);
    }
}

void plan_conv(Planner *p, Kernel *k, const Fusion *f) {
    k->epilogue.tree = f->tree;
    k->epilogue.noperands = f->noperands;
    k->epilogue.softmax = f->softmax;
    if (f->pool) {
        k->epilogue.pool = true;
        k->epilogue.pool_kind = f->pool->u.pool.kind;
        k->epilogue.pool_window = f->pool->u.pool.window;
    }
    k->conv = geometry(f);
    k->flops = flops(&k->conv);
    if (k->conv.oh * k->conv.ow == 1 && is_pointwise(&k->conv))
        plan_matvec(p->target, k);
    else if (k->conv.groups > 1 && k->conv.groups == k->conv.ic)
        plan_depthwise(p->target, k);
    else
        plan_direct_or_winograd(p, k);
    pack(p, k);
}
