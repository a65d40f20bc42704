/* REDUCE: sum, mean, maximum or minimum over a set of axes. A kept run is reduced vector by vector
 * of its elements; a reduced run into a few vectors, whose lanes are folded at the end. */
#include "nest.h"
#include "run.h"

enum { VECTORS = 4, LONG = 256 };

typedef LLVMValueRef Combine(Emit *e, LLVMValueRef a, LLVMValueRef b);

typedef struct Reduce {
    Partition p;
    Combine *combine;
    double identity, divisor;
    bool sum;
    /* While emitting: */
    const Piece *piece;
    LLVMValueRef in, out;
} Reduce;

/* x if it is NaN or comes after a in the order: unlike emit_fmax(), NaN always gets through. */
static LLVMValueRef choose(Emit *e, LLVMRealPredicate order, LLVMValueRef a, LLVMValueRef x) {
    LLVMValueRef after = LLVMBuildFCmp(e->builder, order, a, x, "");
    LLVMValueRef nan = LLVMBuildFCmp(e->builder, LLVMRealUNO, x, x, "");
    return LLVMBuildSelect(e->builder, LLVMBuildOr(e->builder, after, nan, ""), x, a, "");
}

static LLVMValueRef maximum(Emit *e, LLVMValueRef a, LLVMValueRef x) {
    return choose(e, LLVMRealOLT, a, x);
}

static LLVMValueRef minimum(Emit *e, LLVMValueRef a, LLVMValueRef x) {
    return choose(e, LLVMRealOGT, a, x);
}

static Reduce reduce_of(const Kernel *k) {
    const Op *op = k->op;
    const Shape *s = &op->in[0]->shape;
    Reduce r = {.p = partition_of(s, op->u.reduce.axes), .divisor = 1};
    switch (op->u.reduce.kind) {
    case REDUCE_MEAN:
        r.divisor = (double)op_numel(op->in[0]) / (double)op_numel(op);
        /* fall through */
    case REDUCE_SUM:
        r.combine = emit_fadd;
        r.sum = true;
        break;
    case REDUCE_MAX:
        r.combine = maximum;
        r.identity = -__builtin_inf();
        break;
    case REDUCE_MIN:
        r.combine = minimum;
        r.identity = __builtin_inf();
        break;
    }
    return r;
}

static LLVMValueRef finish(Emit *e, const Reduce *r, LLVMValueRef acc) {
    return r->divisor == 1 ? acc : emit_fdiv(e, acc, emit_number(e, emit_lanes(acc), r->divisor));
}

static void clear(Emit *e, const Reduce *r, int lanes, LLVMValueRef *acc) {
    for (int v = 0; v < VECTORS; v++)
        acc[v] = emit_number(e, lanes, r->identity);
}

/* ---- a kept run ---- */

static void add_piece(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *acc, void *user) {
    const Reduce *r = user;
    (void)out;
    for (int v = 0; v < r->piece->vectors; v++)
        acc[v] = r->combine(e, acc[v], emit_piece_load(e, r->piece, v, in));
}

/* The outermost of several axes adds up sums of its own, so that long sums lose fewer digits. */
static void add_partial(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *acc, void *user) {
    Reduce *r = user;
    Axes rest = {.n = r->p.reduced.n - 1};
    for (int i = 0; i < rest.n; i++)
        rest.at[i] = r->p.reduced.at[i + 1];
    LLVMValueRef part[VECTORS];
    clear(e, r, r->piece->lanes, part);
    emit_nest(e, &rest, in, out, part, r->piece->vectors, add_piece, r);
    for (int v = 0; v < r->piece->vectors; v++)
        acc[v] = r->combine(e, acc[v], part[v]);
}

static void reduce_piece(Emit *e, const Piece *piece, void *user) {
    Reduce *r = user;
    LLVMValueRef acc[VECTORS];
    r->piece = piece;
    clear(e, r, piece->lanes, acc);
    if (r->p.reduced.n > 1) {
        Axes outer = {.n = 1, .at = {r->p.reduced.at[0]}};
        emit_nest(e, &outer, r->in, NULL, acc, piece->vectors, add_partial, r);
    } else {
        emit_nest(e, &r->p.reduced, r->in, NULL, acc, piece->vectors, add_piece, r);
    }
    for (int v = 0; v < piece->vectors; v++)
        emit_piece_store(e, piece, v, finish(e, r, acc[v]), r->out);
}

/* A long axis as two, if its length has a divisor. */
static void split_long_axis(Axes *axes) {
    Axis *a = &axes->at[axes->n - 1];
    if (axes->n == 0 || a->n < LONG)
        return;
    for (int64_t d = LONG / 2; d >= LONG / 16; d--) {
        if (a->n % d == 0) {
            axes->at[axes->n++] = (Axis){d, a->in, a->out};
            a->n /= d;
            a->in *= d;
            return;
        }
    }
}

/* ---- a reduced run ---- */

static void add_run_piece(Emit *e, const Piece *p, LLVMValueRef *acc, void *user) {
    const Reduce *r = user;
    for (int v = 0; v < p->vectors; v++) {
        LLVMValueRef x = emit_piece_load_filled(e, p, v, r->in, r->identity);
        acc[v] = r->combine(e, acc[v], x);
    }
}

static void add_run(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *acc, void *user) {
    Reduce *r = user;
    (void)out;
    r->in = in;
    emit_run_fold(e, r->p.run, VECTORS, acc, add_run_piece, r);
}

static void reduce_run(Emit *e, Reduce *r) {
    LLVMValueRef acc[VECTORS];
    clear(e, r, e->target->vector, acc);
    emit_nest(e, &r->p.reduced, r->in, NULL, acc, VECTORS, add_run, r);
    LLVMValueRef low = r->combine(e, acc[0], acc[1]), high = r->combine(e, acc[2], acc[3]);
    LLVMValueRef y = emit_fold_lanes(e, r->combine(e, low, high), r->combine);
    emit_store(e, finish(e, r, y), r->out);
}

static void reduce_at(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *carried,
                      void *user) {
    Reduce *r = user;
    (void)carried;
    r->in = in;
    r->out = out;
    if (r->p.run_reduced)
        reduce_run(e, r);
    else
        emit_run(e, r->p.run, VECTORS, reduce_piece, r);
}

void emit_kernel_reduce(Emit *e, const Kernel *k) {
    Reduce r = reduce_of(k);
    if (r.sum && !r.p.run_reduced)
        split_long_axis(&r.p.reduced);
    Loop l = emit_tasks_begin(e);
    LLVMValueRef in = emit_at(e, e->in[0], emit_imul(e, l.index, r.p.task_in));
    LLVMValueRef out = emit_at(e, e->out, emit_imul(e, l.index, r.p.task_out));
    emit_nest(e, &r.p.kept, in, out, NULL, 0, reduce_at, &r);
    emit_tasks_end(e, &l);
}
