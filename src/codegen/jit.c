/* The object that codegen() returned, loaded into this process by LLVM's ORC. It sees two symbols
 * of ours, memcpy and memset: code that called anything else would not load. */
#include "machine.h"

#include <llvm-c/Core.h>
#include <llvm-c/LLJIT.h>

#include <stdlib.h>
#include <string.h>

struct Jit {
    LLVMOrcLLJITRef engine;
    const struct km_model *model;
};

static LLVMOrcCSymbolMapPair symbol(LLVMOrcLLJITRef engine, const char *name, uintptr_t address) {
    return (LLVMOrcCSymbolMapPair){
        .Name = LLVMOrcLLJITMangleAndIntern(engine, name),
        .Sym = {.Address = address, .Flags = {LLVMJITSymbolGenericFlagsExported, 0}},
    };
}

static LLVMErrorRef define_libc(LLVMOrcLLJITRef engine) {
    LLVMOrcCSymbolMapPair pairs[] = {
        symbol(engine, "memcpy", (uintptr_t)memcpy),
        symbol(engine, "memset", (uintptr_t)memset),
    };
    return LLVMOrcJITDylibDefine(LLVMOrcLLJITGetMainJITDylib(engine),
                                 LLVMOrcAbsoluteSymbols(pairs, COUNT_OF(pairs)));
}

static LLVMErrorRef load(Jit *j, const CodegenResult *object, const char *name) {
    LLVMErrorRef error = LLVMOrcCreateLLJIT(&j->engine, NULL);
    if (error || (error = define_libc(j->engine)))
        return error;
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(object->bytes, object->size, name);
    error = LLVMOrcLLJITAddObjectFile(j->engine, LLVMOrcLLJITGetMainJITDylib(j->engine), buffer);
    if (error)
        return error;
    LLVMOrcExecutorAddress address = 0;
    error = LLVMOrcLLJITLookup(j->engine, &address, name);
    j->model = (const struct km_model *)(uintptr_t)address;
    return error;
}

Jit *jit_load(const CodegenResult *object, const char *symbol_prefix, Diag *d) {
    machine_register_targets();
    Jit *j = calloc(1, sizeof *j);
    char *name = NULL;
    if (!j || asprintf(&name, "%s_model", symbol_prefix) < 0)
        abort(); /* out of memory, as the arena does */
    LLVMErrorRef error = load(j, object, name);
    free(name);
    if (!error)
        return j;
    char *message = LLVMGetErrorMessage(error);
    diag_error(d, DIAG_jit_failed, SPAN_NONE, "the compiled model could not be loaded: %s",
               message);
    LLVMDisposeErrorMessage(message);
    jit_free(j);
    return NULL;
}

const struct km_model *jit_model(const Jit *j) {
    return j->model;
}

void jit_free(Jit *j) {
    if (!j)
        return;
    if (j->engine)
        LLVMConsumeError(LLVMOrcDisposeLLJIT(j->engine));
    free(j);
}
