/* The module being filled, its types and its functions. */
#include "emit.h"

#include <string.h>

void emit_init(Emit *e, Arena *a, const Target *target, const char *module_name) {
    LLVMContextRef context = LLVMContextCreate();
    *e = (Emit){
        .arena = a,
        .target = target,
        .context = context,
        .module = LLVMModuleCreateWithNameInContext(module_name, context),
        .builder = LLVMCreateBuilderInContext(context),
        .void_type = LLVMVoidTypeInContext(context),
        .i1 = LLVMInt1TypeInContext(context),
        .i8 = LLVMInt8TypeInContext(context),
        .i32 = LLVMInt32TypeInContext(context),
        .i64 = LLVMInt64TypeInContext(context),
        .f32 = LLVMFloatTypeInContext(context),
        .ptr = LLVMPointerTypeInContext(context, 0),
    };
}

void emit_release(Emit *e) {
    LLVMDisposeBuilder(e->builder);
    if (e->module)
        LLVMDisposeModule(e->module);
    LLVMContextDispose(e->context);
}

static void add_enum_attribute(Emit *e, LLVMValueRef function, const char *name) {
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(e->context, kind, 0));
}

static void add_string_attribute(Emit *e, LLVMValueRef function, const char *name,
                                 const char *value) {
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            LLVMCreateStringAttribute(e->context, name, (unsigned)strlen(name),
                                                      value, (unsigned)strlen(value)));
}

void emit_function_attributes(Emit *e, LLVMValueRef function) {
    const Target *t = e->target;
    add_enum_attribute(e, function, "nounwind");
    add_string_attribute(e, function, "target-cpu", t->cpu);
    add_string_attribute(e, function, "target-features", t->features);
    if (t->tune)
        add_string_attribute(e, function, "tune-cpu", t->tune);
    if (t->vector == 16) {
        /* LLVM prefers 256 bits on most CPUs that have 512. */
        add_string_attribute(e, function, "prefer-vector-width", "512");
        add_string_attribute(e, function, "min-legal-vector-width", "512");
    }
}

bool emit_function_begin(Emit *e, Function *f, const char *name, LLVMTypeRef *params, int nparams) {
    f->type = LLVMFunctionType(e->void_type, params, (unsigned)nparams, false);
    f->value = LLVMGetNamedFunction(e->module, name);
    if (f->value)
        return false;
    f->value = LLVMAddFunction(e->module, name, f->type);
    LLVMSetLinkage(f->value, LLVMInternalLinkage);
    emit_function_attributes(e, f->value);
    add_enum_attribute(e, f->value, "noinline");
    f->caller = e->function;
    f->block = LLVMGetInsertBlock(e->builder);
    e->function = f->value;
    LLVMPositionBuilderAtEnd(e->builder,
                             LLVMAppendBasicBlockInContext(e->context, f->value, "entry"));
    return true;
}

void emit_function_end(Emit *e, Function *f) {
    LLVMBuildRetVoid(e->builder);
    e->function = f->caller;
    if (f->block)
        LLVMPositionBuilderAtEnd(e->builder, f->block);
}

void emit_call(Emit *e, const Function *f, LLVMValueRef *args, int nargs) {
    LLVMBuildCall2(e->builder, f->type, f->value, args, (unsigned)nargs, "");
}

LLVMValueRef emit_param(Emit *e, int i) {
    return LLVMGetParam(e->function, (unsigned)i);
}

LLVMValueRef emit_intrinsic(Emit *e, const char *name, LLVMTypeRef type, LLVMValueRef *args,
                            int nargs) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(e->module, id, &type, 1);
    return LLVMBuildCall2(e->builder, LLVMIntrinsicGetType(e->context, id, &type, 1), function,
                          args, (unsigned)nargs, "");
}
