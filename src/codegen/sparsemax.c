/* SPARSEMAX over the last axis: y = max(x - tau, 0). The support is made of the largest elements
 * z1 >= z2 >= ... while z_j > (z1 + ... + z_j - 1) / j. They are met in that order, equal ones
 * together, by looking for the next smaller one in each round: no sorting, no memory. As Keras 3
 * computes it, tau is (sum of the support's partial sums - 1) / size of the support. */
#include "run.h"

enum { VECTORS = 4 };

typedef LLVMValueRef Combine(Emit *e, LLVMValueRef a, LLVMValueRef b);

typedef struct Row {
    int64_t n;
    LLVMValueRef in, out;
    LLVMValueRef number; /* what a sweep compares with */
} Row;

/* ---- sweeps over the row ---- */

/* The largest element below the number. */
static void next_piece(Emit *e, const Piece *p, LLVMValueRef *acc, void *user) {
    const Row *r = user;
    LLVMValueRef none = emit_number(e, p->lanes, -__builtin_inf());
    for (int v = 0; v < p->vectors; v++) {
        LLVMValueRef x = emit_piece_load_filled(e, p, v, r->in, -__builtin_inf());
        LLVMValueRef limit = emit_splat(e, r->number, p->lanes);
        LLVMValueRef below = LLVMBuildFCmp(e->builder, LLVMRealOLT, x, limit, "");
        acc[v] = emit_fmax(e, acc[v], LLVMBuildSelect(e->builder, below, x, none, ""));
    }
}

/* How many elements equal the number. */
static void count_piece(Emit *e, const Piece *p, LLVMValueRef *acc, void *user) {
    const Row *r = user;
    LLVMValueRef one = emit_number(e, p->lanes, 1), zero = emit_number(e, p->lanes, 0);
    for (int v = 0; v < p->vectors; v++) {
        LLVMValueRef x = emit_piece_load_filled(e, p, v, r->in, __builtin_nan(""));
        LLVMValueRef wanted = emit_splat(e, r->number, p->lanes);
        LLVMValueRef equal = LLVMBuildFCmp(e->builder, LLVMRealOEQ, x, wanted, "");
        acc[v] = emit_fadd(e, acc[v], LLVMBuildSelect(e->builder, equal, one, zero, ""));
    }
}

static LLVMValueRef sweep(Emit *e, Row *r, LLVMValueRef number, FoldBody *body, double identity,
                          Combine *combine) {
    LLVMValueRef acc[VECTORS];
    for (int v = 0; v < VECTORS; v++)
        acc[v] = emit_number(e, e->target->vector, identity);
    r->number = number;
    emit_run_fold(e, r->n, VECTORS, acc, body, r);
    LLVMValueRef low = combine(e, acc[0], acc[1]), high = combine(e, acc[2], acc[3]);
    return emit_fold_lanes(e, combine(e, low, high), combine);
}

/* The last sweep: the number is tau. */
static void store_piece(Emit *e, const Piece *p, void *user) {
    const Row *r = user;
    for (int v = 0; v < p->vectors; v++) {
        LLVMValueRef x = emit_piece_load(e, p, v, r->in);
        x = emit_fsub(e, x, emit_splat(e, r->number, p->lanes));
        emit_piece_store(e, p, v, emit_fmax(e, x, emit_number(e, p->lanes, 0)), r->out);
    }
}

/* ---- the support ---- */

/* Of the elements taken in so far, all floats: */
enum { LAST, SUM, TOTAL /* of partial sums */, SIZE, STATE };

/* Whether elements equal to z belong to the support; NaN and -inf, the end, do not. Of equal ones
 * all do or none. */
static LLVMValueRef belongs(Emit *e, LLVMValueRef *state, LLVMValueRef z) {
    LLVMValueRef one = emit_number(e, 1, 1);
    LLVMValueRef over = emit_fsub(e, emit_fadd(e, state[SUM], z), one);
    LLVMValueRef threshold = emit_fdiv(e, over, emit_fadd(e, state[SIZE], one));
    LLVMValueRef room = emit_fsub(e, z, threshold);
    return LLVMBuildFCmp(e->builder, LLVMRealOGT, room, emit_number(e, 1, 0), "");
}

/* Takes in n elements equal to z: their partial sums add up to n SUM + z n (n + 1) / 2. */
static void take(Emit *e, LLVMValueRef *state, LLVMValueRef z, LLVMValueRef n) {
    LLVMValueRef one = emit_number(e, 1, 1), half = emit_number(e, 1, 0.5);
    LLVMValueRef pairs = emit_fmul(e, emit_fmul(e, n, emit_fadd(e, n, one)), half);
    LLVMValueRef partial = emit_fma(e, n, state[SUM], emit_fmul(e, z, pairs));
    state[LAST] = z;
    state[TOTAL] = emit_fadd(e, state[TOTAL], partial);
    state[SUM] = emit_fma(e, z, n, state[SUM]);
    state[SIZE] = emit_fadd(e, state[SIZE], n);
}

static LLVMBasicBlockRef new_block(Emit *e, const char *name) {
    return LLVMAppendBasicBlockInContext(e->context, e->function, name);
}

/* while (belongs(z = next)) take(z): gives tau. */
static LLVMValueRef find_tau(Emit *e, Row *r) {
    LLVMBasicBlockRef before = LLVMGetInsertBlock(e->builder);
    LLVMBasicBlockRef round = new_block(e, "round"), more = new_block(e, "more");
    LLVMBasicBlockRef done = new_block(e, "done");
    LLVMBuildBr(e->builder, round);
    LLVMPositionBuilderAtEnd(e->builder, round);
    LLVMValueRef phi[STATE], state[STATE];
    for (int i = 0; i < STATE; i++) {
        LLVMValueRef first = emit_number(e, 1, i == LAST ? __builtin_inf() : 0);
        state[i] = phi[i] = LLVMBuildPhi(e->builder, e->f32, "");
        LLVMAddIncoming(phi[i], &first, &before, 1);
    }
    LLVMValueRef z = sweep(e, r, phi[LAST], next_piece, -__builtin_inf(), emit_fmax);
    LLVMBuildCondBr(e->builder, belongs(e, state, z), more, done);
    LLVMPositionBuilderAtEnd(e->builder, more);
    take(e, state, z, sweep(e, r, z, count_piece, 0, emit_fadd));
    more = LLVMGetInsertBlock(e->builder);
    LLVMBuildBr(e->builder, round);
    for (int i = 0; i < STATE; i++)
        LLVMAddIncoming(phi[i], &state[i], &more, 1);
    LLVMPositionBuilderAtEnd(e->builder, done);
    return emit_fdiv(e, emit_fsub(e, phi[TOTAL], emit_number(e, 1, 1)), phi[SIZE]);
}

/* A task is an index of axis 0, or everything if that is the last axis. */
void emit_kernel_sparsemax(Emit *e, const Kernel *k) {
    const Op *op = k->op;
    Row r = {.n = op->shape.dim[op->shape.rank - 1]};
    int64_t rows = op_numel(op) / r.n / k->tasks;
    Loop l =
        emit_loop_begin(e, emit_imul(e, e->begin, rows), emit_imul(e, e->end, rows), 1, NULL, 0);
    LLVMValueRef offset = emit_imul(e, l.index, r.n);
    r.in = emit_at(e, e->in[0], offset);
    r.out = emit_at(e, e->out, offset);
    r.number = find_tau(e, &r);
    emit_run(e, r.n, VECTORS, store_piece, &r);
    emit_loop_end(e, &l, NULL);
}
