/* Which ops become one kernel: a convolution or matrix product takes along what is done to each of
 * its values (activation, residual) and a pooling whose windows do not overlap:
 *
 *     conv -> map -> map -> max pool 2x2        becomes one kernel with an epilogue
 *     matmul -> map -> softmax                  too, if a vector holds all channels
 *
 * as long as nobody else reads what is in between. */
#include "fuse.h"

#include <stdlib.h>

enum { TREE_MAX = 256, POOL_CELLS_MAX = 9 };

typedef struct Fuser {
    Arena *arena;
    int lanes;
    const int *uses;
    const Op **user; /* by op id: its last user */
} Fuser;

const Op *op_storage(const Op *op) {
    while (op->kind == OP_RESHAPE)
        op = op->in[0];
    return op;
}

static bool is_anchor(const Op *op) {
    return op->kind == OP_CONV || op->kind == OP_MATMUL;
}

/* A vector over the last axis, or one number, or a tensor of the whole shape. */
static bool fits_epilogue(const Op *operand, Shape shape) {
    if (shape_equal(operand->shape, shape))
        return true;
    if (operand->kind != OP_CONST)
        return false;
    int64_t numel = op_numel(operand), strides[SHAPE_MAX];
    broadcast_strides(operand->shape, shape, strides);
    return numel == 1 || (numel == shape.dim[shape.rank - 1] && strides[shape.rank - 1] == 1);
}

/* Takes the map that reads f->result into the epilogue; false if it cannot. */
static bool take_map(Fuser *u, Fusion *f, const Op *map) {
    const Op *accumulator = f->result;
    if (!shape_equal(map->shape, accumulator->shape) || f->noperands + map->nin - 1 > FUSE_OPERANDS)
        return false;
    int size = elt_size(map->u.map) * (f->tree ? elt_size(f->tree) : 1);
    if (size > TREE_MAX)
        return false;
    for (int i = 0; i < map->nin; i++) {
        if (map->in[i] != accumulator && !fits_epilogue(map->in[i], map->shape))
            return false;
    }
    const Elt **replacement = arena_array(u->arena, (size_t)map->nin, sizeof(const Elt *));
    for (int i = 0; i < map->nin; i++) {
        if (map->in[i] == accumulator) {
            replacement[i] = f->tree ? f->tree : elt_input(u->arena, 0);
        } else {
            f->operands[f->noperands++] = map->in[i];
            replacement[i] = elt_input(u->arena, f->noperands);
        }
    }
    f->tree = elt_substitute(u->arena, map->u.map, replacement);
    f->result = map;
    return true;
}

static bool is_depthwise(const Op *op) {
    return op->kind == OP_CONV && op->u.conv.groups > 1 &&
           op->in[1]->shape.dim[op->u.conv.window.n] == 1;
}

/* Windows side by side, small enough for one tile to hold whole ones in registers. */
static bool take_pool(Fusion *f, const Op *pool) {
    const Spatial *w = &pool->u.pool.window;
    if (w->n != 2 || is_depthwise(f->op))
        return false;
    for (int i = 0; i < w->n; i++) {
        if (w->stride[i] != w->kernel[i] || w->before[i] || w->after[i] || w->dilation[i] != 1)
            return false;
    }
    if (w->kernel[0] * w->kernel[1] > POOL_CELLS_MAX)
        return false;
    f->pool = pool;
    f->result = pool;
    return true;
}

/* Over the channels of a pixel, if they are in one vector: then every tile has whole sums. */
static bool take_softmax(const Fuser *u, Fusion *f, const Op *softmax) {
    const Shape *s = &softmax->shape;
    bool grouped = f->op->kind == OP_CONV && f->op->u.conv.groups > 1;
    if (grouped || softmax->u.softmax.axes != 1u << (s->rank - 1) || s->dim[s->rank - 1] > u->lanes)
        return false;
    f->softmax = softmax;
    f->result = softmax;
    return true;
}

static void extend(Fuser *u, Fusion *f) {
    while (u->uses[f->result->id] == 1 && u->user[f->result->id]) {
        const Op *next = u->user[f->result->id];
        bool taken = next->kind == OP_MAP       ? take_map(u, f, next)
                     : next->kind == OP_POOL    ? take_pool(f, next)
                     : next->kind == OP_SOFTMAX ? take_softmax(u, f, next)
                                                : false;
        if (!taken || f->pool || f->softmax)
            return;
    }
}

static int by_result(const void *x, const void *y) {
    return ((const Fusion *)x)->result->id - ((const Fusion *)y)->result->id;
}

static bool has_kernel(const Op *op, const Ops *g) {
    if (op->kind == OP_RESHAPE) /* a view, unless the caller's memory would have to be one */
        return op == g->output && !has_kernel(op_storage(op), g);
    return op->kind != OP_INPUT && op->kind != OP_CONST;
}

Fusions fuse(Arena *a, const Ops *g, int lanes) {
    Fuser u = {.arena = a, .lanes = lanes, .uses = ops_count_uses(g, a)};
    u.user = arena_array(a, g->ops.count, sizeof *u.user);
    for (size_t i = 0; i < g->ops.count; i++) {
        for (int k = 0; k < g->ops.at[i]->nin; k++)
            u.user[g->ops.at[i]->in[k]->id] = g->ops.at[i];
    }
    bool *taken = arena_array(a, g->ops.count, sizeof *taken);
    Fusions fusions = {0};
    for (size_t i = 0; i < g->ops.count; i++) {
        const Op *op = g->ops.at[i];
        if (taken[op->id] || !has_kernel(op, g))
            continue;
        Fusion f = {.op = op, .result = op};
        if (is_anchor(op)) {
            f.operands = arena_array(a, FUSE_OPERANDS, sizeof *f.operands);
            extend(&u, &f);
        }
        for (const Op *done = op; done != f.result; done = u.user[done->id])
            taken[u.user[done->id]->id] = true;
        vec_push(a, &fusions, f);
    }
    if (fusions.count)
        qsort(fusions.at, fusions.count, sizeof *fusions.at, by_result);
    return fusions;
}
