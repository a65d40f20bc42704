/* The km_model of runtime/km.h as constant data, and the two functions of a library. */
#include "descriptor.h"

#include "km.h"

#include <string.h>

/* A NUL-terminated text as a private constant. */
static LLVMValueRef text(Emit *e, const char *s) {
    LLVMValueRef value = LLVMConstStringInContext2(e->context, s, strlen(s), false);
    LLVMValueRef global = LLVMAddGlobal(e->module, LLVMTypeOf(value), "text");
    LLVMSetInitializer(global, value);
    LLVMSetGlobalConstant(global, true);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    LLVMSetUnnamedAddress(global, LLVMGlobalUnnamedAddr);
    return global;
}

static LLVMValueRef constant_global(Emit *e, const char *name, LLVMValueRef value) {
    LLVMValueRef global = LLVMAddGlobal(e->module, LLVMTypeOf(value), name);
    LLVMSetInitializer(global, value);
    LLVMSetGlobalConstant(global, true);
    return global;
}

static LLVMValueRef structure(Emit *e, LLVMValueRef *fields, size_t nfields) {
    return LLVMConstStructInContext(e->context, fields, (unsigned)nfields, false);
}

/* km_shape */
static LLVMValueRef shape(Emit *e, Shape s) {
    LLVMValueRef dims[KM_MAX_RANK];
    for (int i = 0; i < KM_MAX_RANK; i++)
        dims[i] = emit_int(e, i < s.rank ? s.dim[i] : 0);
    LLVMValueRef fields[] = {LLVMConstInt(e->i32, (unsigned)s.rank, false),
                             LLVMConstArray2(e->i64, dims, KM_MAX_RANK)};
    return structure(e, fields, COUNT_OF(fields));
}

/* km_step */
static LLVMValueRef step(Emit *e, const Kernel *k, LLVMValueRef run) {
    static const char *const kinds[] = {
#define KERNEL(name, suffix) #suffix,
        KERNEL_KINDS(KERNEL)
#undef KERNEL
    };
    LLVMTypeRef f64 = LLVMDoubleTypeInContext(e->context);
    LLVMValueRef fields[] = {run, text(e, k->name), text(e, kinds[k->kind]),
                             LLVMConstReal(f64, k->flops)};
    return structure(e, fields, COUNT_OF(fields));
}

static LLVMValueRef steps(Emit *e, const Plan *p, const LLVMValueRef *runs) {
    LLVMValueRef *rows = arena_array(e->arena, (size_t)p->nkernels, sizeof *rows);
    for (int i = 0; i < p->nkernels; i++)
        rows[i] = step(e, &p->kernels[i], runs[i]);
    LLVMTypeRef row = p->nkernels ? LLVMTypeOf(rows[0]) : e->ptr;
    LLVMValueRef table =
        constant_global(e, "steps", LLVMConstArray2(row, rows, (uint64_t)p->nkernels));
    LLVMSetLinkage(table, LLVMPrivateLinkage);
    return table;
}

static LLVMValueRef weights(Emit *e, const CodegenOptions *options) {
    if (!options->weights_symbol)
        return LLVMConstNull(e->ptr);
    const char *name = arena_printf(e->arena, "%s_weights", options->symbol);
    return LLVMAddGlobal(e->module, LLVMArrayType2(e->i8, 0), name);
}

LLVMValueRef descriptor_emit(Emit *e, const Plan *p, const LLVMValueRef *runs,
                             const CodegenOptions *options) {
    LLVMValueRef fields[] = {
        LLVMConstInt(e->i32, KM_ABI, false),
        LLVMConstInt(e->i32, (unsigned)p->nkernels, false),
        text(e, p->model_name),
        text(e, options->summary ? options->summary : ""),
        text(e, p->target->required),
        steps(e, p, runs),
        weights(e, options),
        emit_int(e, p->weights_bytes),
        emit_int(e, p->workspace_bytes),
        emit_int(e, p->scratch_bytes),
        shape(e, p->input),
        shape(e, p->output),
    };
    return constant_global(e, arena_printf(e->arena, "%s_model", options->symbol),
                           structure(e, fields, COUNT_OF(fields)));
}

static LLVMValueRef begin_public(Emit *e, const char *name, LLVMTypeRef type) {
    LLVMValueRef function = LLVMAddFunction(e->module, name, type);
    emit_function_attributes(e, function);
    LLVMPositionBuilderAtEnd(e->builder,
                             LLVMAppendBasicBlockInContext(e->context, function, "entry"));
    return function;
}

static LLVMValueRef call_runtime(Emit *e, const char *name, LLVMTypeRef type, LLVMValueRef *args,
                                 unsigned nargs) {
    return LLVMBuildCall2(e->builder, type, LLVMAddFunction(e->module, name, type), args, nargs,
                          "");
}

/* size_t SYMBOL_workspace_size(size_t batch): one thread's, whatever the batch. */
static void emit_workspace_size(Emit *e, LLVMValueRef model, const char *symbol) {
    begin_public(e, arena_printf(e->arena, "%s_workspace_size", symbol),
                 LLVMFunctionType(e->i64, (LLVMTypeRef[]){e->i64}, 1, false));
    LLVMTypeRef type = LLVMFunctionType(e->i64, (LLVMTypeRef[]){e->ptr, e->i32}, 2, false);
    LLVMValueRef args[] = {model, LLVMConstInt(e->i32, 1, false)};
    LLVMBuildRet(e->builder, call_runtime(e, "km_workspace_bytes", type, args, 2));
}

/* int SYMBOL_predict(const float *input, float *output, size_t batch, void *workspace) */
static void emit_predict(Emit *e, LLVMValueRef model, const char *symbol) {
    LLVMTypeRef params[] = {e->ptr, e->ptr, e->i64, e->ptr};
    LLVMValueRef function = begin_public(e, arena_printf(e->arena, "%s_predict", symbol),
                                         LLVMFunctionType(e->i32, params, 4, false));
    LLVMTypeRef run[] = {e->ptr, e->ptr, e->ptr, e->ptr, e->i64, e->ptr, e->ptr, e->ptr};
    LLVMValueRef weights = LLVMBuildLoad2(
        e->builder, e->ptr,
        LLVMConstInBoundsGEP2(
            e->i8, model, (LLVMValueRef[]){emit_int(e, (int64_t)offsetof(km_model, weights))}, 1),
        "");
    LLVMValueRef null = LLVMConstNull(e->ptr);
    LLVMValueRef args[] = {model,
                           weights,
                           LLVMGetParam(function, 0),
                           LLVMGetParam(function, 1),
                           LLVMGetParam(function, 2),
                           LLVMGetParam(function, 3),
                           null,
                           null};
    call_runtime(e, "km_run", LLVMFunctionType(e->void_type, run, 8, false), args, 8);
    LLVMBuildRet(e->builder, LLVMConstInt(e->i32, 0, false));
}

void descriptor_emit_library(Emit *e, LLVMValueRef model, const char *symbol) {
    emit_workspace_size(e, model, symbol);
    emit_predict(e, model, symbol);
}
