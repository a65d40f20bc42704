/* The back end's door: Plan -> object code. The only folder that includes <llvm-c/...>. */
#ifndef CODEGEN_H
#define CODEGEN_H

#include "plan.h"

typedef enum CodegenOutput { CODEGEN_OBJECT, CODEGEN_ASSEMBLY, CODEGEN_LLVM_IR } CodegenOutput;

typedef struct CodegenOptions {
    CodegenOutput output;
    int opt_level;       /* -O 0..3; 2 by default */
    const char *symbol;  /* C identifier: symbols are SYMBOL_predict, ..., the descriptor is
                            SYMBOL_model (runtime/km.h) */
    const char *summary; /* text of model.summary(), for the descriptor; NULL: none */
    bool weights_symbol; /* the descriptor points at SYMBOL_weights; false: its weights are NULL
                            (JIT, --weights-file) */
    bool library;        /* with SYMBOL_workspace_size(), SYMBOL_predict(), ..., which call
                            km_workspace_bytes(), km_run(), ... of the runtime library */
} CodegenOptions;

/* Bytes of the object file, assembly or IR text; owned by the arena. False after a diagnostic. */
typedef struct CodegenResult {
    const char *bytes;
    size_t size;
} CodegenResult;
bool codegen(Arena *a, const Plan *p, const CodegenOptions *options, CodegenResult *result,
             Diag *d);

/* machine.c: what LLVM knows of the CPU it runs on. Strings are owned by the arena. */
typedef struct HostCpu {
    const char *triple, *cpu;
    const char *features; /* "+sse2,-avx512fp16,..." */
} HostCpu;
HostCpu codegen_host_cpu(Arena *a);

/* jit.c: the same object, loaded into this process. */
typedef struct Jit Jit;
Jit *jit_load(const CodegenResult *object, const char *symbol, Diag *d);
const struct km_model *jit_model(const Jit *j); /* the descriptor */
void jit_free(Jit *j);

#endif
