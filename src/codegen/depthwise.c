/* Depthwise convolutions are cut into tiles as the others are (conv.c, conv_tile.c), but a vector
 * of channels of the output reads a vector of channels of the input. */
#include "depthwise.h"

#include "conv_tile.h"

#include <string.h>

/* Input channels of the `lanes` output channels from channel on: (channel + lane) / multiplier. */
static LLVMValueRef emit_gather(Emit *e, const DepthwiseChannels *c, LLVMValueRef input,
                                LLVMValueRef channel, int lanes, int count) {
    LLVMValueRef steps[16], mask[16];
    for (int i = 0; i < lanes; i++) {
        steps[i] = emit_int(e, i);
        mask[i] = LLVMConstInt(e->i1, i < count, false);
    }
    LLVMTypeRef indices = LLVMVectorType(e->i64, (unsigned)lanes);
    LLVMValueRef zeros = LLVMConstNull(LLVMVectorType(e->i32, (unsigned)lanes));
    LLVMValueRef all = LLVMBuildInsertElement(e->builder, LLVMGetPoison(indices), channel,
                                              LLVMConstInt(e->i32, 0, false), "");
    all = LLVMBuildShuffleVector(e->builder, all, LLVMGetPoison(indices), zeros, "");
    all = LLVMBuildAdd(e->builder, all, LLVMConstVector(steps, (unsigned)lanes), "");
    for (int i = 0; i < lanes; i++)
        steps[i] = emit_int(e, c->multiplier);
    all = LLVMBuildUDiv(e->builder, all, LLVMConstVector(steps, (unsigned)lanes), "");
    LLVMValueRef pointers = LLVMBuildGEP2(e->builder, e->f32, input, &all, 1, "");
    LLVMTypeRef overload[] = {emit_vec(e, lanes), LLVMTypeOf(pointers)};
    const char *name = "llvm.masked.gather";
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef args[] = {pointers, LLVMConstInt(e->i32, sizeof(float), false),
                           LLVMConstVector(mask, (unsigned)lanes), LLVMConstNull(overload[0])};
    return LLVMBuildCall2(e->builder, LLVMIntrinsicGetType(e->context, id, overload, 2),
                          LLVMGetIntrinsicDeclaration(e->module, id, overload, 2), args, 4, "");
}

void emit_depthwise_tap(Emit *e, const TileRun *t, const DepthwiseChannels *c, LLVMValueRef input,
                        LLVMValueRef weights, LLVMValueRef *acc) {
    const int lanes = e->target->vector;
    LLVMValueRef first = c->multiplier == 1 ? emit_at(e, input, c->first) : input;
    for (int v = 0; v < t->vectors; v++) {
        int64_t done = (int64_t)v * lanes, left = c->count - done;
        int count = left < lanes ? (int)left : lanes;
        LLVMValueRef w = emit_load_aligned(e, emit_at_const(e, weights, done), lanes);
        for (int p = 0; p < t->pixels; p++) {
            if (t->skip[p])
                continue;
            LLVMValueRef x;
            if (c->multiplier == 1)
                x = emit_load_part(e, emit_at_const(e, first, t->offset[p] + done), lanes, count);
            else
                x = emit_gather(e, c, emit_at_const(e, first, t->offset[p]),
                                emit_iadd(e, c->first, emit_int(e, done)), lanes, count);
            LLVMValueRef *sum = &acc[p * t->vectors + v];
            *sum = emit_fma(e, x, w, *sum);
        }
    }
}

void emit_kernel_depthwise(Emit *e, const Kernel *k) {
    emit_tiled_convolution(e, k);
}
