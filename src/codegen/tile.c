/* acc[pixel][v] += a[pixel][i] * b[i][v]: rolled, for the loop body fills the FMA units already and
 * a longer one spills. */
#include "tile.h"

static void emit_products(Emit *e, const TileRun *t, LLVMValueRef a, LLVMValueRef b,
                          LLVMValueRef *acc) {
    const int lanes = e->target->vector;
    LLVMValueRef weights[TILE_ACCUMULATORS_MAX];
    for (int v = 0; v < t->vectors; v++)
        weights[v] = emit_load_aligned(e, emit_at_const(e, b, (int64_t)v * lanes), lanes);
    for (int p = 0; p < t->pixels; p++) {
        if (t->skip[p])
            continue;
        LLVMValueRef x = emit_load(e, emit_at_const(e, a, t->offset[p]), 1);
        LLVMValueRef splat = emit_splat(e, x, lanes);
        for (int v = 0; v < t->vectors; v++) {
            LLVMValueRef *sum = &acc[p * t->vectors + v];
            *sum = emit_fma(e, splat, weights[v], *sum);
        }
    }
}

void emit_tile_run(Emit *e, const TileRun *t, LLVMValueRef a, LLVMValueRef b, LLVMValueRef length,
                   LLVMValueRef *acc) {
    if (LLVMIsAConstantInt(length) && LLVMConstIntGetSExtValue(length) == 1) {
        emit_products(e, t, a, b, acc);
        return;
    }
    Loop l = emit_loop_begin(e, emit_int(e, 0), length, 1, acc, t->pixels * t->vectors);
    emit_products(e, t, emit_at(e, a, l.index), emit_at(e, b, emit_imul(e, l.index, t->panel)),
                  acc);
    emit_loop_end(e, &l, acc);
}
