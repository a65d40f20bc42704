#include "native.h"

#include "codegen/machine.h"

#include <stdlib.h>

struct Native {
    Arena *arena;
    Jit *jit;
};

static void die(const char *message) {
    fprintf(stderr, "%s\n", message);
    abort();
}

/* jit_load() looks for the symbol test_model: here a table of functions. */
static void add_table(Emit *e, const char *const *names, int n) {
    LLVMValueRef *functions = arena_array(e->arena, (size_t)n, sizeof *functions);
    for (int i = 0; i < n; i++)
        functions[i] = LLVMGetNamedFunction(e->module, names[i]);
    LLVMValueRef table =
        LLVMAddGlobal(e->module, LLVMArrayType2(e->ptr, (uint64_t)n), "test_model");
    LLVMSetInitializer(table, LLVMConstArray2(e->ptr, functions, (uint64_t)n));
    LLVMSetGlobalConstant(table, true);
}

Native *native_compile(Emit *e, const char *const *names, int n, int opt_level) {
    Native *native = calloc(1, sizeof *native);
    if (!native)
        die("out of memory");
    native->arena = arena_new();
    add_table(e, names, n);
    Diag *d = diag_new(native->arena);
    LLVMTargetMachineRef machine = machine_new(e->target, opt_level, d);
    CodegenOptions options = {.output = CODEGEN_OBJECT, .opt_level = opt_level};
    CodegenResult object;
    bool ok = machine && machine_write(native->arena, machine, e->module, &options, &object, d);
    native->jit = ok ? jit_load(&object, "test", d) : NULL;
    diag_flush(d, stderr);
    if (!native->jit)
        die("the code did not load");
    LLVMDisposeTargetMachine(machine);
    LLVMDisposeModule(e->module);
    e->module = NULL;
    return native;
}

void *native_function(const Native *n, int i) {
    return ((void *const *)(const void *)jit_model(n->jit))[i];
}

void native_free(Native *n) {
    jit_free(n->jit);
    arena_free(n->arena);
    free(n);
}
