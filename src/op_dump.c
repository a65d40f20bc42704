/* --emit ops: one op a line, "%7 = conv %5 %6 (28, 28, 32)  kernel 3x3 ...  # conv2d". */
#include "op.h"

static const char *const reduce_names[] = {
    [REDUCE_SUM] = "sum", [REDUCE_MEAN] = "mean", [REDUCE_MAX] = "max", [REDUCE_MIN] = "min"};
static const char *const pool_names[] = {[POOL_MAX] = "max", [POOL_AVERAGE] = "average"};
static const char *const resize_names[] = {
    [RESIZE_NEAREST] = "nearest",   [RESIZE_BILINEAR] = "bilinear", [RESIZE_BICUBIC] = "bicubic",
    [RESIZE_LANCZOS3] = "lanczos3", [RESIZE_LANCZOS5] = "lanczos5",
};

const char *pool_kind_name(PoolKind kind) {
    return pool_names[kind];
}

static char *joined(Arena *a, const int64_t *numbers, int n, const char *separator) {
    char *text = arena_strdup(a, "");
    for (int i = 0; i < n; i++)
        text = arena_printf(a, "%s%s%lld", text, i ? separator : "", (long long)numbers[i]);
    return text;
}

static bool all_equal(const int64_t *numbers, int n, int64_t value) {
    for (int i = 0; i < n; i++) {
        if (numbers[i] != value)
            return false;
    }
    return true;
}

char *spatial_str(Arena *a, const Spatial *w) {
    char *text = joined(a, w->kernel, w->n, "x");
    if (!all_equal(w->stride, w->n, 1))
        text = arena_printf(a, "%s stride %s", text, joined(a, w->stride, w->n, "x"));
    if (!all_equal(w->dilation, w->n, 1))
        text = arena_printf(a, "%s dilation %s", text, joined(a, w->dilation, w->n, "x"));
    if (!all_equal(w->before, w->n, 0) || !all_equal(w->after, w->n, 0))
        text = arena_printf(a, "%s pad %s..%s", text, joined(a, w->before, w->n, "x"),
                            joined(a, w->after, w->n, "x"));
    return text;
}

static char *axes_str(Arena *a, unsigned axes) {
    char *text = arena_strdup(a, "axes");
    for (int i = 0; i < SHAPE_MAX; i++) {
        if (axes >> i & 1)
            text = arena_printf(a, "%s %d", text, i);
    }
    return text;
}

static char *constant_str(Arena *a, const Op *op) {
    if (op->u.constant.weight)
        return arena_printf(a, "%s", op->u.constant.weight->name);
    if (op_is_scalar(op))
        return arena_printf(a, "%.9g", (double)op->u.constant.data[0]);
    return arena_strdup(a, "");
}

static char *perm_str(Arena *a, const Op *op) {
    int64_t perm[SHAPE_MAX];
    for (int i = 0; i < op->shape.rank; i++)
        perm[i] = op->u.perm[i];
    return joined(a, perm, op->shape.rank, " ");
}

char *op_details(Arena *a, const Op *op) {
    int rank = op->shape.rank;
    switch (op->kind) {
    case OP_CONST:
        return constant_str(a, op);
    case OP_CONV:
        if (op->u.conv.groups == 1)
            return spatial_str(a, &op->u.conv.window);
        return arena_printf(a, "%s groups %lld", spatial_str(a, &op->u.conv.window),
                            (long long)op->u.conv.groups);
    case OP_POOL:
        return arena_printf(a, "%s %s", pool_names[op->u.pool.kind],
                            spatial_str(a, &op->u.pool.window));
    case OP_MAP:
        return elt_str(a, op->u.map);
    case OP_REDUCE:
        return arena_printf(a, "%s %s", reduce_names[op->u.reduce.kind],
                            axes_str(a, op->u.reduce.axes));
    case OP_SOFTMAX:
        return arena_printf(a, "%s%s", op->u.softmax.log ? "log " : "",
                            axes_str(a, op->u.softmax.axes));
    case OP_PAD:
        return arena_printf(a, "%s..%s with %.9g", joined(a, op->u.pad.before, rank, "x"),
                            joined(a, op->u.pad.after, rank, "x"), op->u.pad.value);
    case OP_TRANSPOSE:
        return perm_str(a, op);
    case OP_CONCAT:
        return arena_printf(a, "axis %d", op->u.axis);
    case OP_SLICE:
        return arena_printf(a, "from %s step %s", joined(a, op->u.slice.start, rank, "x"),
                            joined(a, op->u.slice.step, rank, "x"));
    case OP_RESIZE:
        return arena_strdup(a, resize_names[op->u.resize]);
    case OP_INPUT:
    case OP_MATMUL:
    case OP_SPARSEMAX:
    case OP_RESHAPE:
        break;
    }
    return arena_strdup(a, "");
}

static void dump_op(Arena *a, const Op *op, FILE *out) {
    char *line = arena_printf(a, "%%%d = %s", op->id, op_kind_name(op->kind));
    for (int i = 0; i < op->nin; i++)
        line = arena_printf(a, "%s%s%%%d", line, i ? ", " : " ", op->in[i]->id);
    fprintf(out, "%-28s %s", line, shape_str_dims(a, op->shape));
    char *details = op_details(a, op);
    if (*details)
        fprintf(out, "  %s", details);
    if (op->layer)
        fprintf(out, "  # %s", op->layer->name);
    fputc('\n', out);
}

void ops_dump(const Ops *g, FILE *out) {
    Arena *a = arena_new();
    for (size_t i = 0; i < g->ops.count; i++)
        dump_op(a, g->ops.at[i], out);
    fprintf(out, "output %%%d\n", g->output->id);
    arena_free(a);
}
