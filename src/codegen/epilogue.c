/* The epilogue on one vector of accumulated values: y = tree(acc, operands...), or its softmax. */
#include "elementary.h"
#include "emit.h"

#include <assert.h>

EpilogueValues emit_epilogue_channels(Emit *e, const Epilogue *epilogue, LLVMValueRef *operands,
                                      LLVMValueRef channel, int lanes, int count) {
    EpilogueValues v = {0};
    assert(epilogue->noperands <= EPILOGUE_OPERANDS_MAX);
    for (int i = 0; i < epilogue->noperands; i++) {
        if (epilogue->operands[i].kind == OPERAND_CHANNEL)
            v.value[i + 1] = emit_load_part(e, emit_at(e, operands[i], channel), lanes, count);
        else if (epilogue->operands[i].kind == OPERAND_SCALAR)
            v.value[i + 1] = emit_splat(e, emit_load(e, operands[i], 1), lanes);
    }
    return v;
}

/* The first `count` lanes of x; -infinity, which adds nothing to a softmax, in the others. */
static LLVMValueRef existing_lanes(Emit *e, LLVMValueRef x, int count) {
    enum { LANES_MAX = 16 };
    const int lanes = emit_lanes(x);
    LLVMValueRef exists[LANES_MAX];
    assert(lanes <= LANES_MAX);
    for (int i = 0; i < lanes; i++)
        exists[i] = LLVMConstInt(e->i1, i < count, false);
    return LLVMBuildSelect(e->builder, LLVMConstVector(exists, (unsigned)lanes), x,
                           emit_number(e, lanes, -__builtin_inf()), "");
}

/* As softmax.c's, of all channels at once. */
static LLVMValueRef emit_softmax(Emit *e, bool log, LLVMValueRef x, int count) {
    const int lanes = emit_lanes(x);
    x = existing_lanes(e, x, count);
    x = emit_fsub(e, x, emit_splat(e, emit_max_lanes(e, x), lanes));
    LLVMValueRef y = math_exp(e->builder, x), sum = emit_sum_lanes(e, y);
    if (log)
        return emit_fsub(e, x, emit_splat(e, math_log(e->builder, sum), lanes));
    LLVMValueRef scale = emit_fdiv(e, emit_number(e, 1, 1), sum);
    return emit_fmul(e, y, emit_splat(e, scale, lanes));
}

static LLVMValueRef emit_tree(Emit *e, const Epilogue *epilogue, LLVMValueRef *operands,
                              const EpilogueValues *channels, LLVMValueRef acc, LLVMValueRef index,
                              int count) {
    if (!epilogue->tree)
        return acc;
    EpilogueValues v = *channels;
    v.value[0] = acc;
    for (int i = 0; i < epilogue->noperands; i++)
        if (!v.value[i + 1])
            v.value[i + 1] =
                emit_load_part(e, emit_at(e, operands[i], index), emit_lanes(acc), count);
    return emit_elt(e, epilogue->tree, v.value);
}

LLVMValueRef emit_epilogue(Emit *e, const Epilogue *epilogue, LLVMValueRef *operands,
                           const EpilogueValues *channels, LLVMValueRef acc, LLVMValueRef index,
                           int count) {
    LLVMValueRef y = emit_tree(e, epilogue, operands, channels, acc, index, count);
    const Op *softmax = epilogue->softmax;
    return softmax ? emit_softmax(e, softmax->u.softmax.log, y, count) : y;
}

LLVMValueRef emit_epilogue_pool(Emit *e, const Epilogue *epilogue, LLVMValueRef *values, int n) {
    LLVMValueRef all = values[0];
    for (int i = 1; i < n; i++)
        all = epilogue->pool_kind == POOL_MAX ? emit_fmax(e, all, values[i])
                                              : emit_fadd(e, all, values[i]);
    if (epilogue->pool && epilogue->pool_kind == POOL_AVERAGE)
        all = emit_fmul(e, all, emit_number(e, emit_lanes(all), 1.0 / n));
    return all;
}
