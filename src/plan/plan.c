/* Ops -> Plan: kernels, then buffers. */
#include "planner.h"

static int64_t product(const int64_t *dim, int n) {
    int64_t p = 1;
    for (int i = 0; i < n; i++)
        p *= dim[i];
    return p;
}

/* Blocks of a few thousand values: long enough to be worth a call, short enough to share out. Whole
 * rows where an operand repeats along or across them. */
static void plan_map(Kernel *k) {
    enum { GRAIN = 4096 };
    const Shape *s = &k->op->shape;
    int64_t numel = op_numel(k->op), row = s->rank ? s->dim[s->rank - 1] : 1;
    bool broadcasts = false;
    for (int i = 0; i < k->op->nin; i++)
        broadcasts |= !shape_equal(k->op->in[i]->shape, *s) && !op_is_scalar(k->op->in[i]);
    k->grain = broadcasts ? ceil_div(GRAIN, row) * row : GRAIN;
    k->grain = k->grain < numel ? k->grain : numel;
    k->tasks = ceil_div(numel, k->grain);
    k->flops = (double)numel * (elt_size(k->op->u.map) - k->op->nin);
}

/* One task for each index of axis 0, unless that axis is reduced. */
static int64_t rows_of(const Op *op, unsigned reduced_axes) {
    return op->shape.rank && !(reduced_axes & 1) ? op->shape.dim[0] : 1;
}

static void plan_other(Kernel *k) {
    const Op *op = k->op;
    unsigned reduced = 0;
    switch (op->kind) {
    case OP_POOL:
        k->kind = KERNEL_POOL;
        k->flops =
            (double)op_numel(op) * (double)product(op->u.pool.window.kernel, op->u.pool.window.n);
        break;
    case OP_MAP:
        k->kind = KERNEL_MAP;
        plan_map(k);
        return;
    case OP_REDUCE:
        k->kind = KERNEL_REDUCE;
        reduced = op->u.reduce.axes;
        k->flops = (double)op_numel(op->in[0]);
        break;
    case OP_SOFTMAX:
        k->kind = KERNEL_SOFTMAX;
        reduced = op->u.softmax.axes;
        k->flops = 5.0 * (double)op_numel(op);
        break;
    case OP_SPARSEMAX:
        k->kind = KERNEL_SPARSEMAX;
        reduced = 1u << (op->shape.rank - 1);
        k->flops = 5.0 * (double)op_numel(op);
        break;
    case OP_RESIZE:
        k->kind = op->u.resize == RESIZE_NEAREST ? KERNEL_MOVE : KERNEL_RESIZE;
        break;
    case OP_PAD:
    case OP_RESHAPE:
    case OP_TRANSPOSE:
    case OP_CONCAT:
    case OP_SLICE:
        k->kind = KERNEL_MOVE;
        break;
    case OP_INPUT:
    case OP_CONST:
    case OP_CONV:
    case OP_MATMUL:
        BUG("%s is no kernel of its own", op_kind_name(op->kind));
    }
    k->tasks = rows_of(op, reduced);
}

static void plan_kernel(Planner *p, const Fusion *f) {
    Kernel k = {
        .name = op_name(f->op),
        .op = f->op,
        .result = f->result,
        .nin = f->op->nin,
        .in = arena_array(p->arena, (size_t)f->op->nin, sizeof(Ref)),
    };
    if (f->op->kind == OP_CONV || f->op->kind == OP_MATMUL)
        plan_conv(p, &k, f);
    else
        plan_other(&k);
    vec_push(p->arena, &p->kernels, k);
}

/* Offsets are 64-bit; packing and scratch take a few times what the values do. */
static bool fits(const Ops *g, const Model *m, Diag *d) {
    double bytes = 0;
    for (size_t i = 0; i < g->ops.count; i++)
        bytes += 4.0 * (double)op_numel(g->ops.at[i]);
    if (bytes < 0x1p56)
        return true;
    return diag_error(d, DIAG_too_large, m->span, "model '%s' would need %.2g bytes", m->name,
                      bytes);
}

const Plan *plan(Arena *a, const Ops *g, const Model *m, const PlanOptions *options, Diag *d) {
    if (!fits(g, m, d))
        return NULL;
    Planner p = {.arena = a, .target = options->target, .math = options->math, .ops = g};
    Fusions fusions = fuse(a, g, options->target->vector);
    for (size_t i = 0; i < fusions.count; i++)
        plan_kernel(&p, &fusions.at[i]);
    plan_buffers(&p, &fusions);
    Plan *result = arena_alloc(a, sizeof *result);
    *result = (Plan){
        .target = options->target,
        .model_name = m->name,
        .input = g->input->shape,
        .output = g->output->shape,
        .kernels = p.kernels.at,
        .nkernels = (int)p.kernels.count,
        .weights = p.weights.at,
        .nweights = (int)p.weights.count,
        .weights_bytes = p.weights_bytes,
        .workspace_bytes = p.workspace_bytes,
    };
    for (int i = 0; i < result->nkernels; i++) {
        int64_t scratch = align_up(result->kernels[i].scratch_bytes);
        if (scratch > result->scratch_bytes)
            result->scratch_bytes = scratch;
    }
    return result;
}
