/* Ops that move elements: merged with their neighbours, or found to move nothing. */
#include "fold.h"

Op *fold_reshape(Fold *f, const Op *op) {
    const Op *x = op->in[0];
    if (shape_equal(x->shape, op->shape))
        return f->made[x->id];
    if (x->kind != OP_RESHAPE)
        return NULL;
    return op_reshape(f->to, f->made[x->in[0]->id], op->shape);
}

/* Whether the axes that are longer than 1 keep their order: then no element moves. */
static bool keeps_order(const Op *op) {
    int last = -1;
    for (int i = 0; i < op->shape.rank; i++) {
        if (op->shape.dim[i] == 1)
            continue;
        if (op->u.perm[i] < last)
            return false;
        last = op->u.perm[i];
    }
    return true;
}

Op *fold_transpose(Fold *f, const Op *op) {
    const Op *x = op->in[0];
    if (keeps_order(op))
        return op_reshape(f->to, f->made[x->id], op->shape);
    if (x->kind != OP_TRANSPOSE)
        return NULL;
    int perm[SHAPE_MAX];
    for (int i = 0; i < op->shape.rank; i++)
        perm[i] = x->u.perm[op->u.perm[i]];
    return op_transpose(f->to, f->made[x->in[0]->id], perm);
}

static bool pads_only_outwards(const Op *op) {
    for (int i = 0; i < op->shape.rank; i++) {
        if (op->u.pad.before[i] < 0 || op->u.pad.after[i] < 0)
            return false;
    }
    return true;
}

Op *fold_pad(Fold *f, const Op *op) {
    const Op *x = op->in[0];
    if (shape_equal(x->shape, op->shape) && pads_only_outwards(op))
        return f->made[x->id];
    if (x->kind != OP_PAD || x->u.pad.value != op->u.pad.value || !pads_only_outwards(x) ||
        !pads_only_outwards(op))
        return NULL;
    int64_t before[SHAPE_MAX], after[SHAPE_MAX];
    for (int i = 0; i < op->shape.rank; i++) {
        before[i] = x->u.pad.before[i] + op->u.pad.before[i];
        after[i] = x->u.pad.after[i] + op->u.pad.after[i];
    }
    return op_pad(f->to, f->made[x->in[0]->id], before, after, op->u.pad.value);
}

static bool is_nonnegative(const Op *op) {
    while (op->kind == OP_RESHAPE || op->kind == OP_POOL || op->kind == OP_TRANSPOSE)
        op = op->in[0];
    return op->kind == OP_MAP && elt_nonnegative(op->u.map);
}

/* A maximum may take zeros for nothing if no cell is below them and each window has a real cell. */
static bool maximum_ignores_zeros(const Op *pool, const Op *pad) {
    const Spatial *w = &pool->u.pool.window;
    if (pool->u.pool.kind != POOL_MAX || !is_nonnegative(pad->in[0]))
        return false;
    for (int i = 0; i < w->n; i++) {
        int64_t reach = (w->kernel[i] - 1) * w->dilation[i] + 1;
        if (w->dilation[i] != 1 || w->before[i] + pad->u.pad.before[i] >= reach ||
            w->after[i] + pad->u.pad.after[i] >= reach)
            return false;
    }
    return true;
}

Op *fold_pad_into_window(Fold *f, const Op *op) {
    const Op *pad = op->in[0];
    if (pad->kind != OP_PAD || pad->u.pad.value != 0 || !pads_only_outwards(pad))
        return NULL;
    Spatial w = op->kind == OP_CONV ? op->u.conv.window : op->u.pool.window;
    if (pad->u.pad.before[w.n] || pad->u.pad.after[w.n])
        return NULL; /* channels were padded */
    if (op->kind == OP_POOL && !maximum_ignores_zeros(op, pad))
        return NULL;
    for (int i = 0; i < w.n; i++) {
        w.before[i] += pad->u.pad.before[i];
        w.after[i] += pad->u.pad.after[i];
    }
    Op *x = f->made[pad->in[0]->id];
    if (op->kind == OP_POOL)
        return op_pool(f->to, x, op->u.pool.kind, w);
    return op_conv(f->to, x, f->made[op->in[1]->id], op->nin > 2 ? f->made[op->in[2]->id] : NULL, w,
                   op->u.conv.groups);
}

static bool is_single_window(const Spatial *w) {
    for (int i = 0; i < w->n; i++) {
        if (w->kernel[i] != 1 || w->stride[i] != 1 || w->before[i] || w->after[i])
            return false;
    }
    return true;
}

static bool does_nothing(const Op *op) {
    switch (op->kind) {
    case OP_POOL:
        return is_single_window(&op->u.pool.window);
    case OP_CONCAT:
        return op->nin == 1;
    case OP_RESIZE:
    case OP_REDUCE:
        return shape_equal(op->shape, op->in[0]->shape);
    case OP_SLICE:
        for (int i = 0; i < op->shape.rank; i++) {
            if (op->u.slice.step[i] < 0)
                return false;
        }
        return shape_equal(op->shape, op->in[0]->shape);
    default:
        return false;
    }
}

Op *fold_trivial(Fold *f, const Op *op) {
    return does_nothing(op) ? f->made[op->in[0]->id] : NULL;
}
