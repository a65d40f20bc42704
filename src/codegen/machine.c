/* LLVM's side of a target: the machine, the passes, object code and texts; what LLVM complains of
 * becomes a diagnostic. */
#include "machine.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <pthread.h>
#include <string.h>

/* LLVM's registry of targets is the process's; filling it twice at a time is a race. */
static void register_targets(void) {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
}

void machine_register_targets(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_targets);
}

static const char *take_message(Arena *a, char *message) {
    const char *copy = arena_strdup(a, message ? message : "");
    LLVMDisposeMessage(message);
    return copy;
}

HostCpu codegen_host_cpu(Arena *a) {
    return (HostCpu){
        .triple = take_message(a, LLVMGetDefaultTargetTriple()),
        .cpu = take_message(a, LLVMGetHostCPUName()),
        .features = take_message(a, LLVMGetHostCPUFeatures()),
    };
}

/* LLVM's message, which is freed, as a diagnostic. */
static bool llvm_error(Diag *d, const char *what, char *message) {
    diag_error(d, DIAG_llvm_failed, SPAN_NONE, "%s: %s", what,
               message ? message : "no reason given");
    LLVMDisposeMessage(message);
    return false;
}

LLVMTargetMachineRef machine_new(const Target *t, int opt_level, Diag *d) {
    machine_register_targets();
    LLVMTargetRef target;
    char *message = NULL;
    if (LLVMGetTargetFromTriple(t->triple, &target, &message)) {
        llvm_error(d, t->triple, message);
        return NULL;
    }
    LLVMCodeGenOptLevel level = opt_level == 0   ? LLVMCodeGenLevelNone
                                : opt_level == 1 ? LLVMCodeGenLevelLess
                                                 : LLVMCodeGenLevelDefault;
    return LLVMCreateTargetMachine(target, t->triple, t->cpu, t->features, level, LLVMRelocPIC,
                                   LLVMCodeModelDefault);
}

void machine_prepare(LLVMTargetMachineRef machine, LLVMModuleRef module, const Target *t) {
    LLVMSetTarget(module, t->triple);
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetModuleDataLayout(module, layout);
    LLVMDisposeTargetData(layout);
}

/* Kernels are emitted as they are to run: LLVM's loop passes would cost time and spill registers.
 */
static bool optimize(LLVMTargetMachineRef machine, LLVMModuleRef module, int opt_level, Diag *d) {
    if (opt_level == 0)
        return true;
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error =
        LLVMRunPasses(module, "function(mem2reg,instsimplify,early-cse)", machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error)
        return true;
    char *message = LLVMGetErrorMessage(error);
    diag_error(d, DIAG_llvm_failed, SPAN_NONE, "passes: %s", message);
    LLVMDisposeErrorMessage(message);
    return false;
}

static void verify(LLVMModuleRef module) {
    char *message = NULL;
    if (LLVMVerifyModule(module, LLVMReturnStatusAction, &message))
        BUG("LLVM refuses the module:\n%s", message);
    LLVMDisposeMessage(message);
}

static CodegenResult copy_bytes(Arena *a, const char *bytes, size_t size) {
    char *copy = arena_alloc(a, size + 1);
    memcpy(copy, bytes, size);
    return (CodegenResult){.bytes = copy, .size = size};
}

bool machine_write(Arena *a, LLVMTargetMachineRef machine, LLVMModuleRef module,
                   const CodegenOptions *options, CodegenResult *result, Diag *d) {
    verify(module);
    if (!optimize(machine, module, options->opt_level, d))
        return false;
    if (options->output == CODEGEN_LLVM_IR) {
        char *text = LLVMPrintModuleToString(module);
        *result = copy_bytes(a, text, strlen(text));
        LLVMDisposeMessage(text);
        return true;
    }
    LLVMCodeGenFileType type =
        options->output == CODEGEN_ASSEMBLY ? LLVMAssemblyFile : LLVMObjectFile;
    char *message = NULL;
    LLVMMemoryBufferRef buffer;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, module, type, &message, &buffer))
        return llvm_error(d, "code generation", message);
    *result = copy_bytes(a, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return true;
}
