/* The op graph: one constructor for each kind, which knows the shape rule and nothing else. */
#include "op.h"

#include <string.h>

static const char *const kind_names[] = {
#define OP(name, suffix) [OP_##name] = #suffix,
    OP_KINDS(OP)
#undef OP
};

const char *op_kind_name(OpKind kind) {
    return kind_names[kind];
}

Ops *ops_new(Arena *a) {
    Ops *g = arena_alloc(a, sizeof *g);
    g->arena = a;
    return g;
}

void ops_set_layer(Ops *g, const Layer *layer) {
    g->layer = layer;
}

int64_t op_numel(const Op *op) {
    int64_t numel;
    if (!shape_numel(op->shape, &numel))
        BUG("op %d has no size", op->id);
    return numel;
}

bool op_is_scalar(const Op *op) {
    return op_numel(op) == 1;
}

const char *op_name(const Op *op) {
    return op->layer ? op->layer->name : kind_names[op->kind];
}

const float *op_const_data(const Op *op) {
    const Weight *w = op->u.constant.weight;
    return w ? w->data : op->u.constant.data;
}

int *ops_count_uses(const Ops *g, Arena *a) {
    int *uses = arena_array(a, g->ops.count, sizeof *uses);
    for (size_t i = 0; i < g->ops.count; i++) {
        const Op *op = g->ops.at[i];
        for (int k = 0; k < op->nin; k++)
            uses[op->in[k]->id]++;
    }
    if (g->output)
        uses[g->output->id]++;
    return uses;
}

static Op *append(Ops *g, OpKind kind, Shape shape, Op *const *in, int nin) {
    Op **operands = arena_array(g->arena, (size_t)nin, sizeof *operands);
    for (int i = 0; i < nin; i++)
        operands[i] = in[i];
    Op *op = arena_alloc(g->arena, sizeof *op);
    *op = (Op){
        .kind = kind,
        .id = (int)g->ops.count,
        .shape = shape,
        .in = operands,
        .nin = nin,
        .layer = g->layer,
    };
    op->shape.batch = DIM_NONE;
    vec_push(g->arena, &g->ops, op);
    return op;
}

static void require(bool fits, const char *what) {
    if (!fits)
        BUG("%s: the operands do not fit", what);
}

Op *op_input(Ops *g, Shape shape) {
    g->input = append(g, OP_INPUT, shape, NULL, 0);
    return g->input;
}

Op *op_weight(Ops *g, const Weight *weight) {
    Op *op = append(g, OP_CONST, weight->shape, NULL, 0);
    op->u.constant.weight = weight;
    return op;
}

Op *op_constant(Ops *g, Shape shape, const float *data) {
    Op *op = append(g, OP_CONST, shape, NULL, 0);
    op->u.constant.data = data;
    return op;
}

Op *op_scalar(Ops *g, double value) {
    float *data = arena_alloc(g->arena, sizeof *data);
    *data = (float)value;
    return op_constant(g, shape_from(NULL, 0), data);
}

/* The shape of x after a window has gone over its leading axes; the last axis becomes `channels`.
 */
static Shape windowed(Shape x, const Spatial *w, int64_t channels) {
    require(x.rank == w->n + 1, "window");
    Shape out = x;
    for (int i = 0; i < w->n; i++) {
        int64_t reach = (w->kernel[i] - 1) * w->dilation[i] + 1;
        int64_t room = x.dim[i] + w->before[i] + w->after[i] - reach;
        require(room >= 0 && w->stride[i] > 0, "window");
        out.dim[i] = room / w->stride[i] + 1;
    }
    out.dim[w->n] = channels;
    return out;
}

Op *op_conv(Ops *g, Op *x, Op *kernel, Op *bias, Spatial window, int64_t groups) {
    int n = window.n;
    require(kernel->shape.rank == n + 2 && groups > 0, "conv");
    require(kernel->shape.dim[n] * groups == x->shape.dim[n], "conv's kernel");
    int64_t out = kernel->shape.dim[n + 1];
    require(out % groups == 0 && (!bias || op_numel(bias) == out), "conv's bias");
    for (int i = 0; i < n; i++)
        require(kernel->shape.dim[i] == window.kernel[i], "conv's window");
    Op *op = append(g, OP_CONV, windowed(x->shape, &window, out), (Op *[]){x, kernel, bias},
                    bias ? 3 : 2);
    op->u.conv.window = window;
    op->u.conv.groups = groups;
    return op;
}

Op *op_matmul(Ops *g, Op *x, Op *kernel, Op *bias) {
    Shape shape = x->shape;
    require(shape.rank > 0 && kernel->shape.rank == 2, "matmul");
    require(shape.dim[shape.rank - 1] == kernel->shape.dim[0], "matmul's kernel");
    shape.dim[shape.rank - 1] = kernel->shape.dim[1];
    require(!bias || op_numel(bias) == kernel->shape.dim[1], "matmul's bias");
    return append(g, OP_MATMUL, shape, (Op *[]){x, kernel, bias}, bias ? 3 : 2);
}

Op *op_pool(Ops *g, Op *x, PoolKind kind, Spatial window) {
    int64_t channels = x->shape.dim[window.n];
    Op *op = append(g, OP_POOL, windowed(x->shape, &window, channels), &x, 1);
    op->u.pool.kind = kind;
    op->u.pool.window = window;
    return op;
}

/* numpy's rule: shapes are aligned at their last axes, and an axis of length 1 repeats. */
static Shape broadcast(Shape x, Shape y) {
    Shape out = x.rank >= y.rank ? x : y, other = x.rank >= y.rank ? y : x;
    int shift = out.rank - other.rank;
    for (int i = 0; i < other.rank; i++) {
        int64_t *dim = &out.dim[i + shift];
        require(*dim == other.dim[i] || *dim == 1 || other.dim[i] == 1, "map");
        if (*dim == 1)
            *dim = other.dim[i];
    }
    return out;
}

void broadcast_strides(Shape x, Shape out, int64_t *strides) {
    int64_t step = 1;
    int shift = out.rank - x.rank;
    for (int i = out.rank - 1; i >= 0; i--) {
        int64_t dim = i >= shift ? x.dim[i - shift] : 1;
        strides[i] = dim == 1 ? 0 : step;
        step *= dim;
    }
}

Op *op_map(Ops *g, const Elt *tree, Op *const *operands, int n) {
    require(n > 0 && elt_inputs(tree) <= n, "map");
    Shape shape = operands[0]->shape;
    for (int i = 1; i < n; i++)
        shape = broadcast(shape, operands[i]->shape);
    Op *op = append(g, OP_MAP, shape, operands, n);
    op->u.map = tree;
    return op;
}

Op *op_map1(Ops *g, const Elt *tree, Op *x) {
    return op_map(g, tree, &x, 1);
}

Op *op_reduce(Ops *g, Op *x, ReduceKind kind, unsigned axes) {
    Shape shape = x->shape;
    for (int i = 0; i < shape.rank; i++) {
        if (axes >> i & 1)
            shape.dim[i] = 1;
    }
    Op *op = append(g, OP_REDUCE, shape, &x, 1);
    op->u.reduce.kind = kind;
    op->u.reduce.axes = axes;
    return op;
}

Op *op_softmax(Ops *g, Op *x, unsigned axes, bool log) {
    Op *op = append(g, OP_SOFTMAX, x->shape, &x, 1);
    op->u.softmax.axes = axes;
    op->u.softmax.log = log;
    return op;
}

Op *op_sparsemax(Ops *g, Op *x) {
    return append(g, OP_SPARSEMAX, x->shape, &x, 1);
}

Op *op_pad(Ops *g, Op *x, const int64_t *before, const int64_t *after, double value) {
    Shape shape = x->shape;
    for (int i = 0; i < shape.rank; i++) {
        shape.dim[i] += before[i] + after[i];
        require(shape.dim[i] > 0, "pad");
    }
    Op *op = append(g, OP_PAD, shape, &x, 1);
    for (int i = 0; i < shape.rank; i++) {
        op->u.pad.before[i] = before[i];
        op->u.pad.after[i] = after[i];
    }
    op->u.pad.value = value;
    return op;
}

Op *op_reshape(Ops *g, Op *x, Shape shape) {
    Op *op = append(g, OP_RESHAPE, shape, &x, 1);
    require(op_numel(op) == op_numel(x), "reshape");
    return op;
}

Op *op_transpose(Ops *g, Op *x, const int *perm) {
    Shape shape = x->shape;
    for (int i = 0; i < shape.rank; i++)
        shape.dim[i] = x->shape.dim[perm[i]];
    Op *op = append(g, OP_TRANSPOSE, shape, &x, 1);
    memcpy(op->u.perm, perm, (size_t)shape.rank * sizeof *perm);
    return op;
}

Op *op_concat(Ops *g, Op *const *x, int n, int axis) {
    require(n > 0 && axis < x[0]->shape.rank, "concat");
    Shape shape = x[0]->shape;
    for (int i = 1; i < n; i++) {
        Shape part = x[i]->shape;
        shape.dim[axis] += part.dim[axis];
        part.dim[axis] = shape.dim[axis];
        require(shape_equal(part, shape), "concat");
    }
    Op *op = append(g, OP_CONCAT, shape, x, n);
    op->u.axis = axis;
    return op;
}

Op *op_slice(Ops *g, Op *x, const int64_t *start, const int64_t *step, const int64_t *length) {
    Shape shape = x->shape;
    for (int i = 0; i < shape.rank; i++) {
        int64_t last = start[i] + (length[i] - 1) * step[i];
        require(length[i] > 0 && start[i] >= 0 && start[i] < x->shape.dim[i] && last >= 0 &&
                    last < x->shape.dim[i],
                "slice");
        shape.dim[i] = length[i];
    }
    Op *op = append(g, OP_SLICE, shape, &x, 1);
    memcpy(op->u.slice.start, start, (size_t)shape.rank * sizeof *start);
    memcpy(op->u.slice.step, step, (size_t)shape.rank * sizeof *step);
    return op;
}

Op *op_resize(Ops *g, Op *x, ResizeKind kind, Shape shape) {
    require(shape.rank == x->shape.rank &&
                shape.dim[shape.rank - 1] == x->shape.dim[shape.rank - 1],
            "resize");
    Op *op = append(g, OP_RESIZE, shape, &x, 1);
    op->u.resize = kind;
    return op;
}

Op *op_rebuild(Ops *g, const Op *op, Op *const *in) {
    switch (op->kind) {
    case OP_INPUT:
        return op_input(g, op->shape);
    case OP_CONST: {
        Op *same = op_constant(g, op->shape, op->u.constant.data);
        same->u.constant.weight = op->u.constant.weight;
        return same;
    }
    case OP_CONV:
        return op_conv(g, in[0], in[1], op->nin > 2 ? in[2] : NULL, op->u.conv.window,
                       op->u.conv.groups);
    case OP_MATMUL:
        return op_matmul(g, in[0], in[1], op->nin > 2 ? in[2] : NULL);
    case OP_POOL:
        return op_pool(g, in[0], op->u.pool.kind, op->u.pool.window);
    case OP_MAP:
        return op_map(g, op->u.map, in, op->nin);
    case OP_REDUCE:
        return op_reduce(g, in[0], op->u.reduce.kind, op->u.reduce.axes);
    case OP_SOFTMAX:
        return op_softmax(g, in[0], op->u.softmax.axes, op->u.softmax.log);
    case OP_SPARSEMAX:
        return op_sparsemax(g, in[0]);
    case OP_PAD:
        return op_pad(g, in[0], op->u.pad.before, op->u.pad.after, op->u.pad.value);
    case OP_RESHAPE:
        return op_reshape(g, in[0], op->shape);
    case OP_TRANSPOSE:
        return op_transpose(g, in[0], op->u.perm);
    case OP_CONCAT:
        return op_concat(g, in, op->nin, op->u.axis);
    case OP_SLICE:
        return op_slice(g, in[0], op->u.slice.start, op->u.slice.step, op->shape.dim);
    case OP_RESIZE:
        return op_resize(g, in[0], op->u.resize, op->shape);
    }
    BUG("op of kind %d", (int)op->kind);
}
