/* POOL: the maximum or average of windows over 1 to 3 spatial axes, NHWC; vectors over channels.
 *
 * Along each axis a window covers the taps [low, high) that lie inside the input. Outputs of the
 * innermost axis whose windows lie wholly inside form the middle, where these are constants; the
 * edges before and after find them at run time. As in TensorFlow, the maximum begins with the
 * lowest finite number and passes over NaN, and the average counts only cells inside. */
#include "run.h"

#include <assert.h>
#include <float.h>

enum { VECTORS = 4, UNROLLED_TAPS = 16 };

typedef struct Taps {
    LLVMValueRef low, high; /* constants where all taps are inside */
    LLVMValueRef first;     /* input index of tap 0, may be negative */
} Taps;

typedef struct Pool {
    const Spatial *w;
    bool max;
    int64_t in[SPATIAL_MAX], out[SPATIAL_MAX], channels;
    int64_t in_stride[SPATIAL_MAX], out_stride[SPATIAL_MAX]; /* floats from one cell to the next */
    /* While emitting: the window, and where its result goes. */
    Taps taps[SPATIAL_MAX];
    LLVMValueRef output;
} Pool;

static Pool pool_of(const Kernel *k) {
    const Op *op = k->op;
    Pool p = {.w = &op->u.pool.window, .max = op->u.pool.kind == POOL_MAX};
    p.channels = op->shape.dim[p.w->n];
    int64_t in_stride = p.channels, out_stride = p.channels;
    for (int i = p.w->n - 1; i >= 0; i--) {
        assert(p.w->dilation[i] == 1);
        p.in[i] = op->in[0]->shape.dim[i];
        p.out[i] = op->shape.dim[i];
        p.in_stride[i] = in_stride;
        p.out_stride[i] = out_stride;
        in_stride *= p.in[i];
        out_stride *= p.out[i];
    }
    return p;
}

/* ---- one window ---- */

static LLVMValueRef combine(Emit *e, const Pool *p, LLVMValueRef acc, LLVMValueRef x) {
    return p->max ? emit_fmax(e, acc, x) : emit_fadd(e, acc, x);
}

static bool is_constant(const Taps *t) {
    return LLVMIsAConstantInt(t->low) && LLVMIsAConstantInt(t->high);
}

/* Taps of this axis and those inside, all together. */
static int64_t taps_from(const Pool *p, int axis) {
    int64_t taps = 1;
    for (; axis < p->w->n; axis++)
        taps *= p->w->kernel[axis];
    return taps;
}

static void fold_axes(Emit *e, const Pool *p, int axis, const Piece *piece, LLVMValueRef offset,
                      LLVMValueRef *acc);

static void fold_tap(Emit *e, const Pool *p, int axis, LLVMValueRef tap, const Piece *piece,
                     LLVMValueRef offset, LLVMValueRef *acc) {
    LLVMValueRef cell = emit_iadd(e, p->taps[axis].first, tap);
    cell = emit_imul(e, cell, p->in_stride[axis]);
    fold_axes(e, p, axis + 1, piece, emit_iadd(e, offset, cell), acc);
}

/* Folds the taps of this axis and those inside; offset: the input's cell along the outer axes. */
static void fold_axes(Emit *e, const Pool *p, int axis, const Piece *piece, LLVMValueRef offset,
                      LLVMValueRef *acc) {
    if (axis == p->w->n) {
        LLVMValueRef cell = emit_at(e, e->in[0], offset);
        for (int v = 0; v < piece->vectors; v++)
            acc[v] = combine(e, p, acc[v], emit_piece_load(e, piece, v, cell));
        return;
    }
    const Taps *t = &p->taps[axis];
    if (is_constant(t) && taps_from(p, axis) <= UNROLLED_TAPS) {
        for (int64_t i = 0; i < p->w->kernel[axis]; i++)
            fold_tap(e, p, axis, emit_int(e, i), piece, offset, acc);
        return;
    }
    Loop l = emit_loop_begin(e, t->low, t->high, 1, acc, piece->vectors);
    fold_tap(e, p, axis, l.index, piece, offset, acc);
    emit_loop_end(e, &l, acc);
}

static LLVMValueRef count_cells(Emit *e, const Pool *p) {
    LLVMValueRef count = emit_int(e, 1);
    for (int i = 0; i < p->w->n; i++)
        count = LLVMBuildMul(e->builder, count, emit_isub(e, p->taps[i].high, p->taps[i].low), "");
    return LLVMBuildSIToFP(e->builder, count, e->f32, "");
}

static void pool_channels(Emit *e, const Piece *piece, void *user) {
    const Pool *p = user;
    LLVMValueRef acc[PIECE_VECTORS_MAX];
    for (int v = 0; v < piece->vectors; v++)
        acc[v] = emit_number(e, piece->lanes, p->max ? -FLT_MAX : 0);
    fold_axes(e, p, 0, piece, emit_int(e, 0), acc);
    LLVMValueRef count = p->max ? NULL : emit_splat(e, count_cells(e, p), piece->lanes);
    for (int v = 0; v < piece->vectors; v++) {
        LLVMValueRef y = p->max ? acc[v] : emit_fdiv(e, acc[v], count);
        emit_piece_store(e, piece, v, y, p->output);
    }
}

/* ---- all windows ---- */

/* The outputs [from, to) of an axis whose windows lie wholly inside the input. */
typedef struct Middle {
    int64_t from, to;
} Middle;

static Middle middle_of(const Pool *p, int axis) {
    int64_t stride = p->w->stride[axis], before = p->w->before[axis];
    int64_t room = p->in[axis] + before - p->w->kernel[axis];
    Middle m = {(before + stride - 1) / stride, room < 0 ? 0 : room / stride + 1};
    m.to = m.to < p->out[axis] ? m.to : p->out[axis];
    m.from = m.from < m.to ? m.from : m.to;
    return m;
}

static Taps taps_at(Emit *e, const Pool *p, int axis, LLVMValueRef output, bool inside) {
    LLVMValueRef zero = emit_int(e, 0), all = emit_int(e, p->w->kernel[axis]);
    LLVMValueRef first =
        emit_isub(e, emit_imul(e, output, p->w->stride[axis]), emit_int(e, p->w->before[axis]));
    if (inside)
        return (Taps){zero, all, first};
    return (Taps){
        .low = emit_imax(e, zero, emit_isub(e, zero, first)),
        .high = emit_imin(e, all, emit_isub(e, emit_int(e, p->in[axis]), first)),
        .first = first,
    };
}

static void pool_axis(Emit *e, Pool *p, int axis, LLVMValueRef from, LLVMValueRef to);

static void pool_outputs(Emit *e, Pool *p, int axis, LLVMValueRef from, LLVMValueRef to,
                         bool inside) {
    LLVMValueRef output = p->output;
    Loop l = emit_loop_begin(e, from, to, 1, NULL, 0);
    p->output = emit_at(e, output, emit_imul(e, l.index, p->out_stride[axis]));
    p->taps[axis] = taps_at(e, p, axis, l.index, inside);
    if (axis + 1 < p->w->n)
        pool_axis(e, p, axis + 1, emit_int(e, 0), emit_int(e, p->out[axis + 1]));
    else
        emit_run(e, p->channels, VECTORS, pool_channels, p);
    emit_loop_end(e, &l, NULL);
    p->output = output;
}

/* The outputs [from, to) of an axis. Only the innermost one, where it pays, is cut in three. */
static void pool_axis(Emit *e, Pool *p, int axis, LLVMValueRef from, LLVMValueRef to) {
    Middle m = middle_of(p, axis);
    bool all = m.from == 0 && m.to == p->out[axis];
    if (all || axis + 1 < p->w->n || m.from == m.to) {
        pool_outputs(e, p, axis, from, to, all);
        return;
    }
    LLVMValueRef middle = emit_int(e, m.from), after = emit_int(e, m.to);
    if (m.from > 0)
        pool_outputs(e, p, axis, from, emit_imin(e, to, middle), false);
    pool_outputs(e, p, axis, emit_imax(e, from, middle), emit_imin(e, to, after), true);
    if (m.to < p->out[axis])
        pool_outputs(e, p, axis, emit_imax(e, from, after), to, false);
}

void emit_kernel_pool(Emit *e, const Kernel *k) {
    Pool p = pool_of(k);
    p.output = e->out;
    pool_axis(e, &p, 0, e->begin, e->end);
}
