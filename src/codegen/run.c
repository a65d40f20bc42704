/* A run of constant length as a loop over pieces and a last piece with a tail. */
#include "run.h"

static int power_of_two_from(int64_t n) {
    int p = 1;
    while (p < n)
        p *= 2;
    return p;
}

/* The piece that is left; no vectors if none is. */
static Piece last_piece(Emit *e, int64_t length, int most) {
    int lanes = e->target->vector;
    int64_t rest = length % ((int64_t)most * lanes);
    Piece p = {.index = emit_int(e, length - rest), .lanes = lanes};
    p.vectors = (int)((rest + lanes - 1) / lanes);
    p.count = (int)(rest - (int64_t)(p.vectors - 1) * lanes);
    return p;
}

void emit_run_rest(Emit *e, int64_t length, int most, PieceBody *body, void *user) {
    Piece p = last_piece(e, length, most);
    if (p.vectors == 1)
        p.lanes = power_of_two_from(p.count);
    if (p.vectors > 0)
        body(e, &p, user);
}

void emit_run(Emit *e, int64_t length, int most, PieceBody *body, void *user) {
    int lanes = e->target->vector;
    int64_t step = (int64_t)most * lanes, whole = length / step * step;
    if (whole > 0) {
        Loop l = emit_loop_begin(e, emit_int(e, 0), emit_int(e, whole), step, NULL, 0);
        body(e, &(Piece){.index = l.index, .vectors = most, .lanes = lanes, .count = lanes}, user);
        emit_loop_end(e, &l, NULL);
    }
    emit_run_rest(e, length, most, body, user);
}

void emit_run_fold(Emit *e, int64_t length, int most, LLVMValueRef *carried, FoldBody *body,
                   void *user) {
    int lanes = e->target->vector;
    int64_t step = (int64_t)most * lanes, whole = length / step * step;
    if (whole > 0) {
        Loop l = emit_loop_begin(e, emit_int(e, 0), emit_int(e, whole), step, carried, most);
        body(e, &(Piece){l.index, most, lanes, lanes}, carried, user);
        emit_loop_end(e, &l, carried);
    }
    Piece p = last_piece(e, length, most);
    if (p.vectors > 0)
        body(e, &p, carried, user);
}

static LLVMValueRef piece_at(Emit *e, const Piece *p, int v, LLVMValueRef base) {
    return emit_at_const(e, emit_at(e, base, p->index), (int64_t)v * p->lanes);
}

static int piece_count(const Piece *p, int v) {
    return v == p->vectors - 1 ? p->count : p->lanes;
}

LLVMValueRef emit_piece_load(Emit *e, const Piece *p, int v, LLVMValueRef base) {
    return emit_load_part(e, piece_at(e, p, v, base), p->lanes, piece_count(p, v));
}

LLVMValueRef emit_piece_load_filled(Emit *e, const Piece *p, int v, LLVMValueRef base,
                                    double filler) {
    enum { LANES_MAX = 64 };
    LLVMValueRef x = emit_piece_load(e, p, v, base), from[LANES_MAX];
    if (piece_count(p, v) == p->lanes || filler == 0)
        return x;
    for (int i = 0; i < p->lanes; i++)
        from[i] = LLVMConstInt(e->i32, (unsigned)(i < p->count ? i : i + p->lanes), false);
    return LLVMBuildShuffleVector(e->builder, x, emit_number(e, p->lanes, filler),
                                  LLVMConstVector(from, (unsigned)p->lanes), "");
}

void emit_piece_store(Emit *e, const Piece *p, int v, LLVMValueRef value, LLVMValueRef base) {
    emit_store_part(e, value, piece_at(e, p, v, base), piece_count(p, v));
}
