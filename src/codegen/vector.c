/* Floats and vectors of them. */
#include "emit.h"

LLVMTypeRef emit_vec(Emit *e, int lanes) {
    return lanes == 1 ? e->f32 : LLVMVectorType(e->f32, (unsigned)lanes);
}

int emit_lanes(LLVMValueRef v) {
    LLVMTypeRef type = LLVMTypeOf(v);
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? (int)LLVMGetVectorSize(type) : 1;
}

static LLVMValueRef constant_vector(Emit *e, LLVMValueRef (*lane)(Emit *e, int i, int64_t user),
                                    int lanes, int64_t user) {
    LLVMValueRef *values = arena_array(e->arena, (size_t)lanes, sizeof *values);
    for (int i = 0; i < lanes; i++)
        values[i] = lane(e, i, user);
    return LLVMConstVector(values, (unsigned)lanes);
}

LLVMValueRef emit_number(Emit *e, int lanes, double value) {
    LLVMValueRef scalar = LLVMConstReal(e->f32, value);
    if (lanes == 1)
        return scalar;
    LLVMValueRef *values = arena_array(e->arena, (size_t)lanes, sizeof *values);
    for (int i = 0; i < lanes; i++)
        values[i] = scalar;
    return LLVMConstVector(values, (unsigned)lanes);
}

LLVMValueRef emit_splat(Emit *e, LLVMValueRef scalar, int lanes) {
    if (lanes == 1)
        return scalar;
    LLVMTypeRef type = emit_vec(e, lanes);
    LLVMValueRef first = LLVMBuildInsertElement(e->builder, LLVMGetPoison(type), scalar,
                                                LLVMConstInt(e->i32, 0, false), "");
    LLVMValueRef zeros = LLVMConstNull(LLVMVectorType(e->i32, (unsigned)lanes));
    return LLVMBuildShuffleVector(e->builder, first, LLVMGetPoison(type), zeros, "");
}

LLVMValueRef emit_at(Emit *e, LLVMValueRef base, LLVMValueRef index) {
    return LLVMBuildInBoundsGEP2(e->builder, e->f32, base, &index, 1, "");
}

LLVMValueRef emit_at_const(Emit *e, LLVMValueRef base, int64_t index) {
    return index == 0 ? base : emit_at(e, base, emit_int(e, index));
}

static LLVMValueRef load(Emit *e, LLVMValueRef at, int lanes, unsigned alignment) {
    LLVMValueRef value = LLVMBuildLoad2(e->builder, emit_vec(e, lanes), at, "");
    LLVMSetAlignment(value, alignment);
    return value;
}

LLVMValueRef emit_load(Emit *e, LLVMValueRef at, int lanes) {
    return load(e, at, lanes, sizeof(float));
}

LLVMValueRef emit_load_aligned(Emit *e, LLVMValueRef at, int lanes) {
    return load(e, at, lanes, sizeof(float) * (unsigned)lanes);
}

static void store(Emit *e, LLVMValueRef value, LLVMValueRef at, unsigned alignment) {
    LLVMSetAlignment(LLVMBuildStore(e->builder, value, at), alignment);
}

void emit_store(Emit *e, LLVMValueRef value, LLVMValueRef at) {
    store(e, value, at, sizeof(float));
}

void emit_store_aligned(Emit *e, LLVMValueRef value, LLVMValueRef at) {
    store(e, value, at, sizeof(float) * (unsigned)emit_lanes(value));
}

static LLVMValueRef mask_lane(Emit *e, int i, int64_t count) {
    return LLVMConstInt(e->i1, i < count, false);
}

LLVMValueRef emit_load_part(Emit *e, LLVMValueRef at, int lanes, int count) {
    if (count == lanes)
        return emit_load(e, at, lanes);
    LLVMTypeRef type = emit_vec(e, lanes), overload[] = {type, e->ptr};
    unsigned id = LLVMLookupIntrinsicID("llvm.masked.load", 16);
    LLVMValueRef args[] = {at, LLVMConstInt(e->i32, sizeof(float), false),
                           constant_vector(e, mask_lane, lanes, count), LLVMConstNull(type)};
    return LLVMBuildCall2(e->builder, LLVMIntrinsicGetType(e->context, id, overload, 2),
                          LLVMGetIntrinsicDeclaration(e->module, id, overload, 2), args, 4, "");
}

static LLVMValueRef lane_from(Emit *e, int i, int64_t first) {
    return LLVMConstInt(e->i32, (uint64_t)(i + first), false);
}

/* `count` lanes of v from `first` on. */
static LLVMValueRef take_lanes(Emit *e, LLVMValueRef v, int first, int count) {
    if (count == 1)
        return LLVMBuildExtractElement(e->builder, v, lane_from(e, 0, first), "");
    return LLVMBuildShuffleVector(e->builder, v, LLVMGetPoison(LLVMTypeOf(v)),
                                  constant_vector(e, lane_from, count, first), "");
}

/* By powers of two: the masked stores of AVX2, unlike those of AVX-512, are slow on AMD CPUs. */
static void store_in_pieces(Emit *e, LLVMValueRef value, LLVMValueRef at, int count) {
    int first = 0;
    for (int size = emit_lanes(value); size > 0; size /= 2) {
        if (!(count & size))
            continue;
        emit_store(e, take_lanes(e, value, first, size), emit_at_const(e, at, first));
        first += size;
    }
}

void emit_store_part(Emit *e, LLVMValueRef value, LLVMValueRef at, int count) {
    int lanes = emit_lanes(value);
    if (count == lanes) {
        emit_store(e, value, at);
        return;
    }
    if (e->target->vector == 8) {
        store_in_pieces(e, value, at, count);
        return;
    }
    LLVMTypeRef overload[] = {LLVMTypeOf(value), e->ptr};
    unsigned id = LLVMLookupIntrinsicID("llvm.masked.store", 17);
    LLVMValueRef args[] = {value, at, LLVMConstInt(e->i32, sizeof(float), false),
                           constant_vector(e, mask_lane, lanes, count)};
    LLVMBuildCall2(e->builder, LLVMIntrinsicGetType(e->context, id, overload, 2),
                   LLVMGetIntrinsicDeclaration(e->module, id, overload, 2), args, 4, "");
}

LLVMValueRef emit_fadd(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    return LLVMBuildFAdd(e->builder, a, b, "");
}

LLVMValueRef emit_fsub(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    return LLVMBuildFSub(e->builder, a, b, "");
}

LLVMValueRef emit_fmul(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    return LLVMBuildFMul(e->builder, a, b, "");
}

LLVMValueRef emit_fdiv(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    return LLVMBuildFDiv(e->builder, a, b, "");
}

/* llvm.fma without hardware behind it would become a call of fmaf. */
LLVMValueRef emit_fma(Emit *e, LLVMValueRef a, LLVMValueRef b, LLVMValueRef c) {
    if (!e->target->fma)
        return emit_fadd(e, emit_fmul(e, a, b), c);
    return emit_intrinsic(e, "llvm.fma", LLVMTypeOf(a), (LLVMValueRef[]){a, b, c}, 3);
}

LLVMValueRef emit_fmax(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef less = LLVMBuildFCmp(e->builder, LLVMRealOLT, a, b, "");
    return LLVMBuildSelect(e->builder, less, b, a, "");
}

LLVMValueRef emit_fmin(Emit *e, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef less = LLVMBuildFCmp(e->builder, LLVMRealOLT, b, a, "");
    return LLVMBuildSelect(e->builder, less, b, a, "");
}

LLVMValueRef emit_fold_lanes(Emit *e, LLVMValueRef v,
                             LLVMValueRef (*combine)(Emit *, LLVMValueRef, LLVMValueRef)) {
    for (int half = emit_lanes(v) / 2; half > 0; half /= 2)
        v = combine(e, take_lanes(e, v, 0, half), take_lanes(e, v, half, half));
    return v;
}

LLVMValueRef emit_sum_lanes(Emit *e, LLVMValueRef v) {
    return emit_fold_lanes(e, v, emit_fadd);
}

LLVMValueRef emit_max_lanes(Emit *e, LLVMValueRef v) {
    return emit_fold_lanes(e, v, emit_fmax);
}

LLVMValueRef emit_min_lanes(Emit *e, LLVMValueRef v) {
    return emit_fold_lanes(e, v, emit_fmin);
}
