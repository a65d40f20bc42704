/* Dense on one row: y[o] = epilogue(bias[o] + sum of x[i] * w[i][o]), at the speed at which the
 * weights come from memory. A task is a panel of outputs in registers. Its terms are read in
 * several streams, as one core gets more from memory that way than from one place; and where it has
 * few vectors, streams have sums of their own so that additions need not wait for each other. */
#include "emit.h"

enum {
    SUMS = 8,   /* running at a time: multiply-adds in flight */
    STREAMS = 4 /* at least: a sixth faster than one where weights come from memory */
};

typedef struct Matvec {
    const Kernel *k;
    int lanes, vectors, side; /* side: sums of an output that run side by side */
    int streams;              /* a multiple of side: terms of an iteration */
    int64_t panel, channels;
    LLVMValueRef weights, bias, first; /* of the panel; first: its first output */
} Matvec;

/* acc[s % side][v] += x[term] * w[term][v], term = i + s * step, for s < terms. */
static void emit_terms(Emit *e, const Matvec *m, LLVMValueRef i, int64_t step, int terms,
                       LLVMValueRef *acc) {
    for (int s = 0; s < terms; s++) {
        LLVMValueRef term = emit_iadd(e, i, emit_int(e, s * step));
        LLVMValueRef x = emit_splat(e, emit_load(e, emit_at(e, e->in[0], term), 1), m->lanes);
        LLVMValueRef row = emit_at(e, m->weights, emit_imul(e, term, m->panel));
        for (int v = 0; v < m->vectors; v++) {
            LLVMValueRef w =
                emit_load_aligned(e, emit_at_const(e, row, (int64_t)v * m->lanes), m->lanes);
            LLVMValueRef *sum = &acc[s % m->side * m->vectors + v];
            *sum = emit_fma(e, x, w, *sum);
        }
    }
}

/* acc[v]: bias plus all products. */
static void emit_sums(Emit *e, const Matvec *m, LLVMValueRef *acc) {
    for (int i = 0; i < m->side * m->vectors; i++)
        acc[i] = emit_number(e, m->lanes, 0);
    for (int v = 0; v < m->vectors && m->bias; v++)
        acc[v] = emit_load_aligned(e, emit_at_const(e, m->bias, (int64_t)v * m->lanes), m->lanes);
    const int64_t terms = m->k->conv.ic, length = terms / m->streams;
    Loop l = emit_loop_begin(e, emit_int(e, 0), emit_int(e, length), 1, acc, m->side * m->vectors);
    emit_terms(e, m, l.index, length, m->streams, acc);
    emit_loop_end(e, &l, acc);
    const int64_t whole = length * m->streams;
    emit_terms(e, m, emit_int(e, whole), 1, (int)(terms - whole), acc);
    for (int i = m->vectors; i < m->side * m->vectors; i++)
        acc[i % m->vectors] = emit_fadd(e, acc[i % m->vectors], acc[i]);
}

static void emit_panel(Emit *e, const Matvec *m) {
    LLVMValueRef acc[SUMS * 2];
    emit_sums(e, m, acc);
    const Epilogue *ep = &m->k->epilogue;
    for (int v = 0; v < m->vectors; v++) {
        int64_t left = m->channels - (int64_t)v * m->lanes;
        int count = left < m->lanes ? (int)left : m->lanes;
        LLVMValueRef output = emit_iadd(e, m->first, emit_int(e, (int64_t)v * m->lanes));
        EpilogueValues channels =
            emit_epilogue_channels(e, ep, e->operand, output, m->lanes, count);
        LLVMValueRef y = emit_epilogue(e, ep, e->operand, &channels, acc[v], output, count);
        emit_store_part(e, y, emit_at(e, e->out, output), count);
    }
}

/* Panels [from, to) have `channels` outputs each. */
static void emit_panels(Emit *e, Matvec *m, LLVMValueRef from, LLVMValueRef to, int64_t channels) {
    Loop l = emit_loop_begin(e, from, to, 1, NULL, 0);
    m->channels = channels;
    m->vectors = (int)((channels + m->lanes - 1) / m->lanes);
    m->side = m->vectors < SUMS ? SUMS / m->vectors : 1;
    m->streams = (STREAMS + m->side - 1) / m->side * m->side;
    m->first = emit_imul(e, l.index, m->panel);
    m->weights = emit_at(e, e->weights, emit_imul(e, l.index, m->k->conv.ic * m->panel));
    m->bias = e->bias ? emit_at(e, e->bias, m->first) : NULL;
    emit_panel(e, m);
    emit_loop_end(e, &l, NULL);
}

void emit_kernel_matvec(Emit *e, const Kernel *k) {
    Matvec m = {.k = k, .lanes = e->target->vector};
    if (k->tiling.vectors > 2 * SUMS)
        BUG("%s: a panel of %d vectors", k->name, k->tiling.vectors);
    m.panel = (int64_t)k->tiling.vectors * m.lanes;
    int64_t full = k->conv.oc / m.panel, rest = k->conv.oc % m.panel;
    LLVMValueRef full_end = emit_imin(e, e->end, emit_int(e, full));
    if (full)
        emit_panels(e, &m, e->begin, full_end, m.panel);
    if (rest)
        emit_panels(e, &m, emit_imax(e, e->begin, emit_int(e, full)), e->end, rest);
}
