/* What the outside world sees of generated code. */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include "codegen.h"
#include "emit.h"

/* SYMBOL_model; runs[i] is kernel i's km_step_fn. */
LLVMValueRef descriptor_emit(Emit *e, const Plan *p, const LLVMValueRef *runs,
                             const CodegenOptions *options);

/* The functions of a library: header.c writes their declarations. */
void descriptor_emit_library(Emit *e, LLVMValueRef model, const char *required, const char *symbol);

#endif
