/* The km_model of runtime/km.h as constant data, and the functions of a library. */
#include "descriptor.h"

#include "km.h"

#include <assert.h>
#include <stddef.h>
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

static LLVMValueRef model_weights(Emit *e, LLVMValueRef model) {
    LLVMValueRef offset = emit_int(e, (int64_t)offsetof(km_model, weights));
    return LLVMBuildLoad2(e->builder, e->ptr, LLVMConstInBoundsGEP2(e->i8, model, &offset, 1), "");
}

/* Opens a function of the library: SYMBOL_`name`. */
static LLVMValueRef begin_wrapper(Emit *e, const char *symbol, const char *name, LLVMTypeRef result,
                                  LLVMTypeRef *params, unsigned nparams) {
    LLVMValueRef function =
        LLVMAddFunction(e->module, arena_printf(e->arena, "%s_%s", symbol, name),
                        LLVMFunctionType(result, params, nparams, false));
    emit_function_attributes(e, function);
    LLVMPositionBuilderAtEnd(e->builder,
                             LLVMAppendBasicBlockInContext(e->context, function, "entry"));
    return function;
}

static LLVMValueRef call_runtime(Emit *e, const char *name, LLVMTypeRef result, LLVMValueRef *args,
                                 unsigned nargs) {
    LLVMTypeRef types[8];
    assert(nargs <= COUNT_OF(types));
    for (unsigned i = 0; i < nargs; i++)
        types[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef type = LLVMFunctionType(result, types, nargs, false);
    LLVMValueRef callee = LLVMGetNamedFunction(e->module, name);
    if (!callee)
        callee = LLVMAddFunction(e->module, name, type);
    return LLVMBuildCall2(e->builder, type, callee, args, nargs, "");
}

/* size_t SYMBOL_workspace_size(size_t batch): one thread's, whatever the batch.
 * size_t SYMBOL_pool_workspace_size(int threads) */
static void emit_workspace_size(Emit *e, LLVMValueRef model, const char *symbol, bool pool) {
    LLVMTypeRef param = pool ? e->i32 : e->i64;
    LLVMValueRef function = begin_wrapper(
        e, symbol, pool ? "pool_workspace_size" : "workspace_size", e->i64, &param, 1);
    LLVMValueRef threads = pool ? LLVMGetParam(function, 0) : LLVMConstInt(e->i32, 1, false);
    LLVMValueRef args[] = {model, threads};
    LLVMBuildRet(e->builder, call_runtime(e, "km_workspace_bytes", e->i64, args, 2));
}

/* int SYMBOL_predict(const float *input, float *output, size_t batch, void *workspace)
 * int SYMBOL_pool_predict(the same, struct km_pool *pool) */
static void emit_predict(Emit *e, LLVMValueRef model, const char *symbol, bool pool) {
    LLVMTypeRef params[] = {e->ptr, e->ptr, e->i64, e->ptr, e->ptr};
    LLVMValueRef f =
        begin_wrapper(e, symbol, pool ? "pool_predict" : "predict", e->i32, params, pool ? 5 : 4);
    LLVMValueRef null = LLVMConstNull(e->ptr);
    LLVMValueRef args[] = {
        model,
        model_weights(e, model),
        LLVMGetParam(f, 0),
        LLVMGetParam(f, 1),
        LLVMGetParam(f, 2),
        LLVMGetParam(f, 3),
        pool ? LLVMGetParam(f, 4) : null,
        null,
    };
    call_runtime(e, "km_run", e->void_type, args, COUNT_OF(args));
    LLVMBuildRet(e->builder, LLVMConstInt(e->i32, 0, false));
}

/* km_pool *SYMBOL_pool_new(int threads), void SYMBOL_pool_free(km_pool *pool) */
static void emit_pool(Emit *e, const char *symbol) {
    LLVMValueRef f = begin_wrapper(e, symbol, "pool_new", e->ptr, &e->i32, 1);
    LLVMValueRef argument = LLVMGetParam(f, 0);
    LLVMBuildRet(e->builder, call_runtime(e, "km_pool_new", e->ptr, &argument, 1));

    f = begin_wrapper(e, symbol, "pool_free", e->void_type, &e->ptr, 1);
    argument = LLVMGetParam(f, 0);
    call_runtime(e, "km_pool_free", e->void_type, &argument, 1);
    LLVMBuildRetVoid(e->builder);
}

/* const char *SYMBOL_cpu_missing(void) */
static void emit_cpu_missing(Emit *e, const char *required, const char *symbol) {
    begin_wrapper(e, symbol, "cpu_missing", e->ptr, NULL, 0);
    LLVMValueRef argument = text(e, required);
    LLVMBuildRet(e->builder, call_runtime(e, "km_cpu_missing", e->ptr, &argument, 1));
}

void descriptor_emit_library(Emit *e, LLVMValueRef model, const char *required,
                             const char *symbol) {
    emit_workspace_size(e, model, symbol, false);
    emit_workspace_size(e, model, symbol, true);
    emit_predict(e, model, symbol, false);
    emit_predict(e, model, symbol, true);
    emit_pool(e, symbol);
    emit_cpu_missing(e, required, symbol);
}
