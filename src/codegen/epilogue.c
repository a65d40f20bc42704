/* The epilogue on one vector of accumulated values: y = tree(acc, operands...). */
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

LLVMValueRef emit_epilogue(Emit *e, const Epilogue *epilogue, LLVMValueRef *operands,
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

LLVMValueRef emit_epilogue_pool(Emit *e, const Epilogue *epilogue, LLVMValueRef *values, int n) {
    LLVMValueRef all = values[0];
    for (int i = 1; i < n; i++)
        all = epilogue->pool_kind == POOL_MAX ? emit_fmax(e, all, values[i])
                                              : emit_fadd(e, all, values[i]);
    if (epilogue->pool && epilogue->pool_kind == POOL_AVERAGE)
        all = emit_fmul(e, all, emit_number(e, emit_lanes(all), 1.0 / n));
    return all;
}
