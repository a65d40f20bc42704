/* MOVE: nothing is computed. Pad, crop, slice, concatenation, transposition and plain copies are
 * boxes that are copied; a resize by nearest neighbour is a resize. */
#include "box.h"
#include "run.h"

/* Floats from one index to the next, for each axis of a dense tensor. */
static void dense_strides(const Shape *s, int64_t *strides) {
    int64_t stride = 1;
    for (int i = s->rank - 1; i >= 0; i--) {
        strides[i] = stride;
        stride *= s->dim[i];
    }
}

/* The box of the whole output, read with strides that the caller sets; axes of length 1 stand in
 * for those that a scalar has not. */
static Box whole_box(const Op *op) {
    Box b = {.axes = {.n = op->shape.rank}};
    int64_t strides[SHAPE_MAX];
    dense_strides(&op->shape, strides);
    for (int i = 0; i < b.axes.n; i++)
        b.axes.at[i] = (Axis){op->shape.dim[i], strides[i], strides[i]};
    if (b.axes.n == 0)
        b.axes.at[b.axes.n++] = (Axis){1, 1, 1};
    return b;
}

static void move_transpose(Emit *e, const Op *op) {
    Box b = whole_box(op);
    int64_t strides[SHAPE_MAX];
    dense_strides(&op->in[0]->shape, strides);
    for (int i = 0; i < op->shape.rank; i++)
        b.axes.at[i].in = strides[op->u.perm[i]];
    emit_copy_box(e, &b, e->in[0]);
}

static void move_slice(Emit *e, const Op *op) {
    Box b = whole_box(op);
    int64_t strides[SHAPE_MAX];
    dense_strides(&op->in[0]->shape, strides);
    for (int i = 0; i < op->shape.rank; i++) {
        b.in += op->u.slice.start[i] * strides[i];
        b.axes.at[i].in = op->u.slice.step[i] * strides[i];
    }
    emit_copy_box(e, &b, e->in[0]);
}

static void move_concat(Emit *e, const Op *op) {
    int64_t at = 0;
    for (int n = 0; n < op->nin; n++) {
        const Shape *in = &op->in[n]->shape;
        Box b = whole_box(op);
        int64_t strides[SHAPE_MAX];
        dense_strides(in, strides);
        for (int i = 0; i < in->rank; i++) {
            b.axes.at[i].n = in->dim[i];
            b.axes.at[i].in = strides[i];
        }
        b.out = at * b.axes.at[op->u.axis].out;
        b.first = op->u.axis == 0 ? at : 0;
        emit_copy_box(e, &b, e->in[n]);
        at += in->dim[op->u.axis];
    }
}

/* ---- padding ---- */

/* Where the input's cells are in the output: [from, to) of each axis. */
typedef struct Inside {
    int64_t from[SHAPE_MAX], to[SHAPE_MAX];
    int64_t strides[SHAPE_MAX]; /* the output's */
    bool empty;
} Inside;

static Inside inside_of(const Op *op) {
    Inside in = {0};
    dense_strides(&op->shape, in.strides);
    for (int i = 0; i < op->shape.rank; i++) {
        int64_t before = op->u.pad.before[i], dim = op->shape.dim[i];
        int64_t to = before + op->in[0]->shape.dim[i];
        in.from[i] = before > 0 ? before : 0;
        in.to[i] = to < dim ? to : dim;
        in.empty |= in.to[i] <= in.from[i];
    }
    return in;
}

typedef struct Fill {
    LLVMValueRef out;
    int64_t length;
    double value;
} Fill;

static void fill_piece(Emit *e, const Piece *p, void *user) {
    const Fill *f = user;
    for (int v = 0; v < p->vectors; v++)
        emit_piece_store(e, p, v, emit_number(e, p->lanes, f->value), f->out);
}

static void fill_run(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *carried,
                     void *user) {
    enum { VECTORS = 8 };
    Fill *f = user;
    (void)in, (void)carried;
    f->out = out;
    emit_run(e, f->length, VECTORS, fill_piece, f);
}

/* Fills the cells [from, to) of one axis: with all of the axes after it, and what is inside of
 * those before it. */
static void fill_cells(Emit *e, const Op *op, const Inside *in, int axis, int64_t from,
                       int64_t to) {
    if (to <= from)
        return;
    Fill fill = {.length = in->strides[axis] * (axis ? to - from : 1), .value = op->u.pad.value};
    int64_t first = axis ? in->from[0] : from, last = axis ? in->to[0] : to;
    int64_t offset = axis ? from * in->strides[axis] : 0;
    Axes outer = {0};
    for (int i = 1; i < axis; i++) {
        outer.at[outer.n++] = (Axis){in->to[i] - in->from[i], 0, in->strides[i]};
        offset += in->from[i] * in->strides[i];
    }
    Loop l = emit_loop_begin(e, emit_imax(e, e->begin, emit_int(e, first)),
                             emit_imin(e, e->end, emit_int(e, last)), 1, NULL, 0);
    LLVMValueRef out = emit_at(e, e->out, emit_imul(e, l.index, in->strides[0]));
    emit_nest(e, &outer, NULL, emit_at_const(e, out, offset), NULL, 0, fill_run, &fill);
    emit_loop_end(e, &l, NULL);
}

static void move_pad(Emit *e, const Op *op) {
    Inside in = inside_of(op);
    if (in.empty) { /* every cell is before or after along some axis; along the first will do */
        in.from[0] = in.to[0] = op->shape.dim[0];
    }
    for (int i = 0; i < op->shape.rank; i++) {
        fill_cells(e, op, &in, i, 0, in.from[i]);
        fill_cells(e, op, &in, i, in.to[i], op->shape.dim[i]);
        if (in.empty)
            return;
    }
    Box b = whole_box(op);
    int64_t strides[SHAPE_MAX];
    dense_strides(&op->in[0]->shape, strides);
    for (int i = 0; i < op->shape.rank; i++) {
        b.axes.at[i].n = in.to[i] - in.from[i];
        b.axes.at[i].in = strides[i];
        b.in += (in.from[i] - op->u.pad.before[i]) * strides[i];
        b.out += in.from[i] * in.strides[i];
    }
    b.first = in.from[0];
    emit_copy_box(e, &b, e->in[0]);
}

void emit_kernel_move(Emit *e, const Kernel *k) {
    const Op *op = k->op;
    switch (op->kind) {
    case OP_TRANSPOSE:
        move_transpose(e, op);
        break;
    case OP_SLICE:
        move_slice(e, op);
        break;
    case OP_CONCAT:
        move_concat(e, op);
        break;
    case OP_PAD:
        move_pad(e, op);
        break;
    case OP_RESHAPE: {
        Box b = whole_box(op);
        emit_copy_box(e, &b, e->in[0]);
        break;
    }
    case OP_RESIZE:
        emit_kernel_resize(e, k);
        break;
    default:
        BUG("%s does not only move", op_kind_name(op->kind));
    }
}
