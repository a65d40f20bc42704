/* Square blocks are transposed in registers: log2(side) rounds of shuffles between pairs of rows.
 */
#include "transpose.h"

enum { SIDE_MAX = 16 };

/* Takes lanes of a and b by turns, `run` at a time, from their low or high halves of 2 * run:
 * {a0 b0 a2 b2} and {a1 b1 a3 b3} for a run of 1. */
static LLVMValueRef exchange(Emit *e, LLVMValueRef a, LLVMValueRef b, int run, bool high) {
    LLVMValueRef from[SIDE_MAX];
    int lanes = emit_lanes(a);
    for (int i = 0; i < lanes; i++) {
        int block = i / (2 * run), within = i % (2 * run);
        int lane = block * 2 * run + within % run + (high ? run : 0);
        from[i] = LLVMConstInt(e->i32, (unsigned)(within < run ? lane : lane + lanes), false);
    }
    return LLVMBuildShuffleVector(e->builder, a, b, LLVMConstVector(from, (unsigned)lanes), "");
}

/* Transposes the square in place: blocks of 1, 2, 4, ... are swapped across the diagonal. */
static void transpose_square(Emit *e, LLVMValueRef *row, int side) {
    for (int run = 1; run < side; run *= 2)
        for (int i = 0; i < side; i++) {
            if (i & run)
                continue;
            LLVMValueRef a = row[i], b = row[i + run];
            row[i] = exchange(e, a, b, run, false);
            row[i + run] = exchange(e, a, b, run, true);
        }
}

/* The block at (r, c); the first `rows` rows and `columns` columns of the square exist. */
static void transpose_block(Emit *e, const Transpose *t, LLVMValueRef r, LLVMValueRef c, int rows,
                            int columns) {
    int side = e->target->vector;
    LLVMValueRef row[SIDE_MAX];
    LLVMValueRef in = emit_at(e, emit_at(e, t->in, emit_imul(e, r, t->in_stride)), c);
    LLVMValueRef out = emit_at(e, emit_at(e, t->out, emit_imul(e, c, t->out_stride)), r);
    for (int i = 0; i < side; i++)
        row[i] = i < rows ? emit_load_part(e, emit_at_const(e, in, i * t->in_stride), side, columns)
                          : LLVMGetPoison(emit_vec(e, side));
    transpose_square(e, row, side);
    for (int i = 0; i < columns; i++)
        emit_store_part(e, row[i], emit_at_const(e, out, i * t->out_stride), rows);
}

static void transpose_columns(Emit *e, const Transpose *t, LLVMValueRef c, int columns) {
    int side = e->target->vector;
    int64_t whole = t->rows / side * side;
    if (whole > 0) {
        Loop l = emit_loop_begin(e, emit_int(e, 0), emit_int(e, whole), side, NULL, 0);
        transpose_block(e, t, l.index, c, side, columns);
        emit_loop_end(e, &l, NULL);
    }
    if (whole < t->rows)
        transpose_block(e, t, emit_int(e, whole), c, (int)(t->rows - whole), columns);
}

/* Whole squares, then column by column. */
void emit_transpose(Emit *e, const Transpose *t) {
    LLVMValueRef at = t->from;
    for (int columns = e->target->vector; columns >= 1; columns = columns > 4 ? 4 : columns - 3) {
        LLVMValueRef last = emit_isub(e, t->to, emit_int(e, columns - 1));
        Loop l = emit_loop_begin(e, at, last, columns, &at, 1);
        transpose_columns(e, t, l.index, columns);
        at = emit_iadd(e, at, emit_int(e, columns));
        emit_loop_end(e, &l, &at);
    }
}
