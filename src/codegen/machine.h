/* LLVM's side of a target: module -> bytes. */
#ifndef MACHINE_H
#define MACHINE_H

#include "codegen.h"

#include <llvm-c/TargetMachine.h>

/* Tells LLVM of all targets, before anything else is asked of it. Any thread, any number of times.
 */
void machine_register_targets(void);

/* NULL after a diagnostic. Freed by LLVMDisposeTargetMachine. */
LLVMTargetMachineRef machine_new(const Target *t, int opt_level, Diag *d);

/* Gives the module the target's triple and data layout: before anything is emitted into it. */
void machine_prepare(LLVMTargetMachineRef machine, LLVMModuleRef module, const Target *t);

/* Optimises the module and writes it as options->output says. False after a diagnostic. */
bool machine_write(Arena *a, LLVMTargetMachineRef machine, LLVMModuleRef module,
                   const CodegenOptions *options, CodegenResult *result, Diag *d);

#endif
