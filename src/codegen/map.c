/* MAP: y[i] = tree(x0[i], x1[i], ...) with operands broadcast to the output as numpy does it.
 *
 *     flat   every operand is one number or has all elements: one long run
 *     cycle  besides, operands of a few channels: their values, repeated until the pattern fills
 *            whole vectors, stay in registers
 *     rows   anything else: run by run of the last axis */
#include "run.h"

#include <assert.h>

enum { OPERANDS_MAX = 64, UNROLL = 2, CYCLE_MAX = 8 };

typedef struct MapOperand {
    enum { OPERAND_ONE, OPERAND_ALL, OPERAND_CHANNELS, OPERAND_STRIDED } kind;
    int64_t strides[SHAPE_MAX];
    /* While emitting: */
    LLVMValueRef base;             /* of the run at hand */
    LLVMValueRef number;           /* the run's only value; NULL if it has more */
    LLVMValueRef cycle[CYCLE_MAX]; /* the run's values; NULL: read them */
} MapOperand;

typedef struct Map {
    const Kernel *k;
    int64_t numel, row; /* elements of the output; of its last axis */
    LLVMValueRef out;   /* of the run at hand */
    int noperands;
    MapOperand operand[OPERANDS_MAX];
} Map;

static int operand_kind(const Op *x, const Op *out, const int64_t *strides) {
    if (op_is_scalar(x))
        return OPERAND_ONE;
    if (op_numel(x) == op_numel(out))
        return OPERAND_ALL;
    int last = out->shape.rank - 1;
    for (int i = 0; i < last; i++)
        if (strides[i] != 0)
            return OPERAND_STRIDED;
    return strides[last] == 1 ? OPERAND_CHANNELS : OPERAND_STRIDED;
}

static Map map_of(Emit *e, const Kernel *k) {
    const Op *op = k->op;
    assert(op->nin <= OPERANDS_MAX);
    Map m = {.k = k, .numel = op_numel(op), .row = 1, .noperands = op->nin, .out = e->out};
    if (op->shape.rank)
        m.row = op->shape.dim[op->shape.rank - 1];
    for (int i = 0; i < op->nin; i++) {
        MapOperand *o = &m.operand[i];
        broadcast_strides(op->in[i]->shape, op->shape, o->strides);
        o->kind = operand_kind(op->in[i], op, o->strides);
        o->base = e->in[i];
        if (o->kind == OPERAND_ONE)
            o->number = emit_load(e, e->in[i], 1);
    }
    return m;
}

static void map_piece(Emit *e, const Piece *p, void *user) {
    const Map *m = user;
    for (int v = 0; v < p->vectors; v++) {
        LLVMValueRef in[OPERANDS_MAX] = {0};
        for (int i = 0; i < m->noperands; i++) {
            const MapOperand *o = &m->operand[i];
            in[i] = o->number     ? emit_splat(e, o->number, p->lanes)
                    : o->cycle[v] ? o->cycle[v]
                                  : emit_piece_load(e, p, v, o->base);
        }
        emit_piece_store(e, p, v, emit_elt(e, m->k->op->u.map, in), m->out);
    }
}

/* The first element that is none of this thread's. */
static LLVMValueRef share_end(Emit *e, const Map *m) {
    return emit_imin(e, emit_imul(e, e->end, m->k->grain), emit_int(e, m->numel));
}

/* Whole pieces of this thread's elements from `from` on. Gives where they end. */
static LLVMValueRef map_pieces(Emit *e, Map *m, LLVMValueRef from, LLVMValueRef to, int vectors) {
    int64_t step = (int64_t)vectors * e->target->vector;
    LLVMValueRef last = emit_isub(e, to, emit_int(e, step - 1));
    LLVMValueRef at = from;
    Loop l = emit_loop_begin(e, from, last, step, &at, 1);
    Piece p = {l.index, vectors, e->target->vector, e->target->vector};
    map_piece(e, &p, m);
    at = emit_iadd(e, at, emit_int(e, step));
    emit_loop_end(e, &l, &at);
    return at;
}

/* A share that is not the last is a multiple of the piece, so only the output's end is left. */
static void map_flat(Emit *e, Map *m) {
    LLVMValueRef from = emit_imul(e, e->begin, m->k->grain);
    map_pieces(e, m, from, share_end(e, m), UNROLL);
    LLVMValueRef some = LLVMBuildICmp(e->builder, LLVMIntSLT, e->begin, e->end, "");
    LLVMValueRef last = LLVMBuildICmp(e->builder, LLVMIntEQ, e->end, emit_int(e, m->k->tasks), "");
    If ends = emit_if_begin(e, LLVMBuildAnd(e->builder, some, last, ""));
    emit_run_rest(e, m->numel, UNROLL, map_piece, m);
    emit_if_end(e, &ends);
}

/* Finds each operand's part of row r of the output. */
static void select_row(Emit *e, Map *m, LLVMValueRef r) {
    const Shape *s = &m->k->op->shape;
    m->out = emit_at(e, e->out, emit_imul(e, r, m->row));
    for (int i = 0; i < m->noperands; i++)
        m->operand[i].base = e->in[i];
    for (int axis = s->rank - 2; axis >= 0; axis--) {
        LLVMValueRef index = emit_irem(e, r, s->dim[axis]);
        r = emit_idiv(e, r, s->dim[axis]);
        for (int i = 0; i < m->noperands; i++) {
            MapOperand *o = &m->operand[i];
            if (o->strides[axis] != 0)
                o->base = emit_at(e, o->base, emit_imul(e, index, o->strides[axis]));
        }
    }
    for (int i = 0; i < m->noperands; i++) {
        MapOperand *o = &m->operand[i];
        if (o->kind != OPERAND_ONE)
            o->number = s->rank && o->strides[s->rank - 1] == 0 ? emit_load(e, o->base, 1) : NULL;
    }
}

static void map_rows(Emit *e, Map *m, LLVMValueRef from) {
    LLVMValueRef to = emit_idiv(e, share_end(e, m), m->row);
    Loop l = emit_loop_begin(e, emit_idiv(e, from, m->row), to, 1, NULL, 0);
    select_row(e, m, l.index);
    emit_run(e, m->row, UNROLL, map_piece, m);
    emit_loop_end(e, &l, NULL);
}

/* Vectors until the channels begin a vector again; 0 if these operands do not run in a cycle. */
static int cycle_length(const Map *m, int lanes) {
    bool channels = false;
    for (int i = 0; i < m->noperands; i++) {
        if (m->operand[i].kind == OPERAND_STRIDED)
            return 0;
        channels |= m->operand[i].kind == OPERAND_CHANNELS;
    }
    int n = 1;
    while (n <= CYCLE_MAX && n * lanes % m->row != 0)
        n++;
    return channels && n <= CYCLE_MAX ? n : 0;
}

/* channels[i % row] for the lanes i of vector v. */
static LLVMValueRef cycle_vector(Emit *e, const Map *m, LLVMValueRef channels, int v) {
    int lanes = e->target->vector;
    LLVMValueRef value = LLVMGetPoison(emit_vec(e, lanes));
    for (int lane = 0; lane < lanes; lane++) {
        LLVMValueRef at = emit_at_const(e, channels, (v * lanes + lane) % m->row);
        value = LLVMBuildInsertElement(e->builder, value, emit_load(e, at, 1),
                                       LLVMConstInt(e->i32, (unsigned)lane, false), "");
    }
    return value;
}

/* Shares begin with a row, hence with a cycle. The rows that fill no whole cycle come last. */
static void map_cycle(Emit *e, Map *m, int cycle) {
    Map whole = *m;
    int vectors = cycle < UNROLL ? UNROLL / cycle * cycle : cycle;
    for (int i = 0; i < m->noperands; i++)
        for (int v = 0; v < vectors && m->operand[i].kind == OPERAND_CHANNELS; v++)
            whole.operand[i].cycle[v] =
                v < cycle ? cycle_vector(e, m, e->in[i], v) : whole.operand[i].cycle[v % cycle];
    LLVMValueRef from = emit_imul(e, e->begin, m->k->grain);
    map_rows(e, m, map_pieces(e, &whole, from, share_end(e, m), vectors));
}

static bool is_flat(const Map *m, int lanes) {
    if (m->k->tasks > 1 && m->k->grain % (UNROLL * lanes) != 0)
        return false;
    for (int i = 0; i < m->noperands; i++)
        if (m->operand[i].kind != OPERAND_ONE && m->operand[i].kind != OPERAND_ALL)
            return false;
    return true;
}

void emit_kernel_map(Emit *e, const Kernel *k) {
    Map m = map_of(e, k);
    int cycle = cycle_length(&m, e->target->vector);
    if (is_flat(&m, e->target->vector))
        map_flat(e, &m);
    else if (cycle)
        map_cycle(e, &m, cycle);
    else
        map_rows(e, &m, emit_imul(e, e->begin, k->grain));
}
