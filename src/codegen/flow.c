/* Integers, loops and branches. */
#include "emit.h"

LLVMValueRef emit_int(Emit *e, int64_t value) {
    return LLVMConstInt(e->i64, (uint64_t)value, true);
}

LLVMValueRef emit_iadd(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    return LLVMBuildNSWAdd(e->builder, a, b, "");
}

LLVMValueRef emit_isub(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    return LLVMBuildNSWSub(e->builder, a, b, "");
}

LLVMValueRef emit_imul(Emit *e, LLVMValueRef a, int64_t factor) {
    return factor == 1 ? a : LLVMBuildNSWMul(e->builder, a, emit_int(e, factor), "");
}

/* Unsigned division by a constant is a shift or a multiplication; signed needs a correction. */
LLVMValueRef emit_idiv(Emit *e, LLVMValueRef a, int64_t divisor) {
    return divisor == 1 ? a : LLVMBuildUDiv(e->builder, a, emit_int(e, divisor), "");
}

LLVMValueRef emit_irem(Emit *e, LLVMValueRef a, int64_t divisor) {
    return divisor == 1 ? emit_int(e, 0) : LLVMBuildURem(e->builder, a, emit_int(e, divisor), "");
}

LLVMValueRef emit_imin(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef less = LLVMBuildICmp(e->builder, LLVMIntSLT, a, b, "");
    return LLVMBuildSelect(e->builder, less, a, b, "");
}

LLVMValueRef emit_imax(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef less = LLVMBuildICmp(e->builder, LLVMIntSLT, a, b, "");
    return LLVMBuildSelect(e->builder, less, b, a, "");
}

static LLVMBasicBlockRef new_block(Emit *e, const char *name) {
    return LLVMAppendBasicBlockInContext(e->context, e->function, name);
}

static bool is_surely_less(LLVMValueRef a, LLVMValueRef b) {
    return LLVMIsAConstantInt(a) && LLVMIsAConstantInt(b) &&
           LLVMConstIntGetSExtValue(a) < LLVMConstIntGetSExtValue(b);
}

static LLVMValueRef new_phi(Emit *e, LLVMValueRef value, LLVMBasicBlockRef from) {
    LLVMValueRef phi = LLVMBuildPhi(e->builder, LLVMTypeOf(value), "");
    LLVMAddIncoming(phi, &value, &from, 1);
    return phi;
}

Loop emit_loop_begin(Emit *e, LLVMValueRef from, LLVMValueRef to, int64_t step,
                     LLVMValueRef *carried, int ncarried) {
    LLVMBasicBlockRef before = LLVMGetInsertBlock(e->builder);
    Loop l = {
        .body = new_block(e, "loop"),
        .exit = new_block(e, "done"),
        .to = to,
        .step = step,
        .ncarried = ncarried,
        .phis = arena_array(e->arena, (size_t)ncarried, sizeof *l.phis),
        .initial = arena_array(e->arena, (size_t)ncarried, sizeof *l.initial),
    };
    if (is_surely_less(from, to)) {
        LLVMBuildBr(e->builder, l.body);
    } else {
        l.before = before;
        LLVMBuildCondBr(e->builder, LLVMBuildICmp(e->builder, LLVMIntSLT, from, to, ""), l.body,
                        l.exit);
    }
    LLVMPositionBuilderAtEnd(e->builder, l.body);
    l.index = new_phi(e, from, before);
    for (int i = 0; i < ncarried; i++) {
        l.initial[i] = carried[i];
        carried[i] = l.phis[i] = new_phi(e, carried[i], before);
    }
    return l;
}

void emit_loop_end(Emit *e, Loop *l, LLVMValueRef *carried) {
    LLVMBasicBlockRef latch = LLVMGetInsertBlock(e->builder);
    LLVMValueRef next = emit_iadd(e, l->index, emit_int(e, l->step));
    LLVMValueRef more = LLVMBuildICmp(e->builder, LLVMIntSLT, next, l->to, "");
    LLVMBuildCondBr(e->builder, more, l->body, l->exit);
    LLVMAddIncoming(l->index, &next, &latch, 1);
    for (int i = 0; i < l->ncarried; i++)
        LLVMAddIncoming(l->phis[i], &carried[i], &latch, 1);
    LLVMPositionBuilderAtEnd(e->builder, l->exit);
    if (!l->before)
        return;
    for (int i = 0; i < l->ncarried; i++) {
        carried[i] = new_phi(e, carried[i], latch);
        LLVMAddIncoming(carried[i], &l->initial[i], &l->before, 1);
    }
}

Loop emit_count_begin(Emit *e, int64_t count) {
    return emit_loop_begin(e, emit_int(e, 0), emit_int(e, count), 1, NULL, 0);
}

void emit_count_end(Emit *e, Loop *l) {
    emit_loop_end(e, l, NULL);
}

Loop emit_tasks_begin(Emit *e) {
    return emit_loop_begin(e, e->begin, e->end, 1, NULL, 0);
}

void emit_tasks_end(Emit *e, Loop *l) {
    emit_loop_end(e, l, NULL);
}

If emit_if_begin(Emit *e, LLVMValueRef condition) {
    LLVMBasicBlockRef then = new_block(e, "then");
    If i = {.join = new_block(e, "join")};
    LLVMBuildCondBr(e->builder, condition, then, i.join);
    LLVMPositionBuilderAtEnd(e->builder, then);
    return i;
}

If emit_if_between(Emit *e, LLVMValueRef index, int64_t from, int64_t to) {
    LLVMValueRef low = LLVMBuildICmp(e->builder, LLVMIntSGE, index, emit_int(e, from), "");
    LLVMValueRef high = LLVMBuildICmp(e->builder, LLVMIntSLT, index, emit_int(e, to), "");
    return emit_if_begin(e, LLVMBuildAnd(e->builder, low, high, ""));
}

void emit_if_end(Emit *e, If *i) {
    LLVMBuildBr(e->builder, i->join);
    LLVMPositionBuilderAtEnd(e->builder, i->join);
}
