/* SOFTMAX: y = e^(x - m) / sum e^(x - m), m the maximum over the axes; or its logarithm,
 * x - m - log sum e^(x - m). Three sweeps: m; e^(x - m), kept in the output, and its sum; the
 * scaling. Along a kept run each lane has a softmax of its own; a reduced run is one softmax, and
 * if it is short it stays in registers throughout. */
#include "elementary.h"
#include "nest.h"
#include "run.h"

enum { VECTORS = 4, REGISTERS = 8 };

typedef LLVMValueRef Combine(Emit *e, LLVMValueRef a, LLVMValueRef b);

typedef struct Softmax {
    Partition p;
    bool log;
    /* While emitting: */
    LLVMValueRef in, out;                      /* where the softmax at hand, or its run, begins */
    LLVMValueRef max[VECTORS], scale[VECTORS]; /* of each vector of a kept piece; of all: [0] */
    const Piece *piece;
    FoldBody *sweep;
} Softmax;

static LLVMValueRef minus_infinity(Emit *e, int lanes) {
    return emit_number(e, lanes, -__builtin_inf());
}

static LLVMValueRef exponential(Emit *e, LLVMValueRef x, LLVMValueRef max) {
    return math_exp(e->builder, emit_fsub(e, x, max));
}

/* What the last sweep multiplies with or subtracts. */
static LLVMValueRef scale_of(Emit *e, const Softmax *s, LLVMValueRef sum) {
    if (s->log)
        return math_log(e->builder, sum);
    return emit_fdiv(e, emit_number(e, emit_lanes(sum), 1), sum);
}

/* x: the element, or what the second sweep left of it. */
static LLVMValueRef scaled(Emit *e, const Softmax *s, LLVMValueRef x, LLVMValueRef max,
                           LLVMValueRef scale) {
    return s->log ? emit_fsub(e, emit_fsub(e, x, max), scale) : emit_fmul(e, x, scale);
}

/* ---- a kept run: a piece of it at each place of the reduced axes ---- */

static void max_sweep(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *acc, void *user) {
    const Softmax *s = user;
    (void)out;
    for (int v = 0; v < s->piece->vectors; v++)
        acc[v] = emit_fmax(e, acc[v], emit_piece_load(e, s->piece, v, in));
}

static void sum_sweep(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *acc, void *user) {
    const Softmax *s = user;
    for (int v = 0; v < s->piece->vectors; v++) {
        LLVMValueRef y = exponential(e, emit_piece_load(e, s->piece, v, in), s->max[v]);
        acc[v] = emit_fadd(e, acc[v], y);
        if (!s->log)
            emit_piece_store(e, s->piece, v, y, out);
    }
}

static void scale_sweep(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *carried,
                        void *user) {
    const Softmax *s = user;
    (void)carried;
    for (int v = 0; v < s->piece->vectors; v++) {
        LLVMValueRef x = emit_piece_load(e, s->piece, v, s->log ? in : out);
        emit_piece_store(e, s->piece, v, scaled(e, s, x, s->max[v], s->scale[v]), out);
    }
}

static void softmax_piece(Emit *e, const Piece *piece, void *user) {
    Softmax *s = user;
    LLVMValueRef sum[VECTORS];
    s->piece = piece;
    for (int v = 0; v < piece->vectors; v++) {
        s->max[v] = minus_infinity(e, piece->lanes);
        sum[v] = emit_number(e, piece->lanes, 0);
    }
    emit_nest(e, &s->p.reduced, s->in, s->out, s->max, piece->vectors, max_sweep, s);
    emit_nest(e, &s->p.reduced, s->in, s->out, sum, piece->vectors, sum_sweep, s);
    for (int v = 0; v < piece->vectors; v++)
        s->scale[v] = scale_of(e, s, sum[v]);
    emit_nest(e, &s->p.reduced, s->in, s->out, NULL, 0, scale_sweep, s);
}

/* ---- a reduced run ---- */

/* Lanes that do not exist: no maximum, and e^-inf adds nothing. */
static LLVMValueRef load_existing(Emit *e, const Piece *p, int v, LLVMValueRef in) {
    return emit_piece_load_filled(e, p, v, in, -__builtin_inf());
}

static LLVMValueRef combine_all(Emit *e, LLVMValueRef *values, int n, Combine *combine) {
    for (; n > 1; n = (n + 1) / 2)
        for (int i = 0; i < n / 2; i++)
            values[i] = combine(e, values[i], values[n - 1 - i]);
    return emit_fold_lanes(e, values[0], combine);
}

static LLVMValueRef spread(Emit *e, LLVMValueRef number, const Piece *p) {
    return emit_splat(e, number, p->lanes);
}

/* The whole softmax in registers. */
static void short_run(Emit *e, const Piece *p, void *user) {
    Softmax *s = user;
    LLVMValueRef x[REGISTERS], y[REGISTERS], sum[REGISTERS];
    for (int v = 0; v < p->vectors; v++)
        sum[v] = x[v] = load_existing(e, p, v, s->in);
    LLVMValueRef max = spread(e, combine_all(e, sum, p->vectors, emit_fmax), p);
    for (int v = 0; v < p->vectors; v++)
        sum[v] = y[v] = exponential(e, x[v], max);
    LLVMValueRef scale = scale_of(e, s, combine_all(e, sum, p->vectors, emit_fadd));
    for (int v = 0; v < p->vectors; v++) {
        LLVMValueRef value = scaled(e, s, s->log ? x[v] : y[v], max, spread(e, scale, p));
        emit_piece_store(e, p, v, value, s->out);
    }
}

static void max_piece(Emit *e, const Piece *p, LLVMValueRef *acc, void *user) {
    const Softmax *s = user;
    for (int v = 0; v < p->vectors; v++)
        acc[v] = emit_fmax(e, acc[v], load_existing(e, p, v, s->in));
}

static void sum_piece(Emit *e, const Piece *p, LLVMValueRef *acc, void *user) {
    const Softmax *s = user;
    for (int v = 0; v < p->vectors; v++) {
        LLVMValueRef y = exponential(e, load_existing(e, p, v, s->in), spread(e, s->max[0], p));
        acc[v] = emit_fadd(e, acc[v], y);
        if (!s->log)
            emit_piece_store(e, p, v, y, s->out);
    }
}

static void scale_piece(Emit *e, const Piece *p, LLVMValueRef *acc, void *user) {
    const Softmax *s = user;
    (void)acc;
    for (int v = 0; v < p->vectors; v++) {
        LLVMValueRef x = emit_piece_load(e, p, v, s->log ? s->in : s->out);
        x = scaled(e, s, x, spread(e, s->max[0], p), spread(e, s->scale[0], p));
        emit_piece_store(e, p, v, x, s->out);
    }
}

static void sweep_run(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *acc, void *user) {
    Softmax *s = user;
    s->in = in;
    s->out = out;
    emit_run_fold(e, s->p.run, VECTORS, acc, s->sweep, s);
}

/* body over the run at each place of the reduced axes; gives what it carried, as one number. */
static LLVMValueRef sweep(Emit *e, Softmax *s, FoldBody *body, double identity, Combine *combine) {
    LLVMValueRef acc[VECTORS], in = s->in, out = s->out;
    for (int v = 0; v < VECTORS; v++)
        acc[v] = emit_number(e, e->target->vector, identity);
    s->sweep = body;
    emit_nest(e, &s->p.reduced, in, out, acc, VECTORS, sweep_run, s);
    s->in = in;
    s->out = out;
    return combine_all(e, acc, VECTORS, combine);
}

static void long_run(Emit *e, Softmax *s) {
    s->max[0] = sweep(e, s, max_piece, -__builtin_inf(), emit_fmax);
    s->scale[0] = scale_of(e, s, sweep(e, s, sum_piece, 0, emit_fadd));
    sweep(e, s, scale_piece, 0, emit_fadd); /* which carries nothing */
}

static void softmax_at(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *carried,
                       void *user) {
    Softmax *s = user;
    (void)carried;
    s->in = in;
    s->out = out;
    int64_t vectors = (s->p.run + e->target->vector - 1) / e->target->vector;
    if (!s->p.run_reduced)
        emit_run(e, s->p.run, VECTORS, softmax_piece, s);
    else if (s->p.reduced.n == 0 && vectors <= REGISTERS)
        emit_run(e, s->p.run, REGISTERS, short_run, s);
    else
        long_run(e, s);
}

/* The result is not reduced: it has the input's strides. */
static void write_as_read(Axes *axes) {
    for (int i = 0; i < axes->n; i++)
        axes->at[i].out = axes->at[i].in;
}

void emit_kernel_softmax(Emit *e, const Kernel *k) {
    const Op *op = k->op;
    Softmax s = {.p = partition_of(&op->shape, op->u.softmax.axes), .log = op->u.softmax.log};
    write_as_read(&s.p.kept);
    write_as_read(&s.p.reduced);
    Loop l = emit_tasks_begin(e);
    LLVMValueRef offset = emit_imul(e, l.index, s.p.task_in);
    emit_nest(e, &s.p.kept, emit_at(e, e->in[0], offset), emit_at(e, e->out, offset), NULL, 0,
              softmax_at, &s);
    emit_tasks_end(e, &l);
}
