/* Plan -> module: each distinct kernel as a function of pointers (emit.h), and for each step of the
 * plan a small function that finds this layer's buffers and this thread's share and calls it:
 *
 *     step_7(call): kernel_3(call->workspace + 4096, call->output, call->weights + 64, ...,
 *                            thread * tasks / threads, (thread + 1) * tasks / threads) */
#include "codegen.h"
#include "descriptor.h"
#include "emit.h"
#include "machine.h"
#include "same.h"

#include "km.h"

#include <stddef.h>

enum { PARAMS_MAX = 64 };

/* What the kernel's function gets, in order; made twice: as parameters and as arguments. */
typedef struct Buffers {
    Ref ref[PARAMS_MAX];
    int count;
} Buffers;

static void add_buffer(Buffers *b, Ref ref) {
    if (ref.place == PLACE_NONE)
        return;
    if (b->count == PARAMS_MAX)
        BUG("a kernel of more than %d buffers", PARAMS_MAX);
    b->ref[b->count++] = ref;
}

/* Their order is that of take_parameters(). */
static Buffers kernel_buffers(const Kernel *k) {
    Buffers b = {0};
    for (int i = 0; i < k->nin; i++)
        add_buffer(&b, k->in[i]);
    add_buffer(&b, k->out);
    add_buffer(&b, k->weights);
    add_buffer(&b, k->bias);
    for (int i = 0; i < k->epilogue.noperands; i++)
        add_buffer(&b, k->epilogue.operands[i].ref);
    return b;
}

static LLVMValueRef take_parameter(Emit *e, int *next, Ref ref) {
    return ref.place == PLACE_NONE ? NULL : emit_param(e, (*next)++);
}

static void take_parameters(Emit *e, const Kernel *k) {
    int next = 0;
    e->in = arena_array(e->arena, (size_t)k->nin, sizeof *e->in);
    for (int i = 0; i < k->nin; i++)
        e->in[i] = take_parameter(e, &next, k->in[i]);
    e->out = take_parameter(e, &next, k->out);
    e->weights = take_parameter(e, &next, k->weights);
    e->bias = take_parameter(e, &next, k->bias);
    e->operand = arena_array(e->arena, (size_t)k->epilogue.noperands, sizeof *e->operand);
    for (int i = 0; i < k->epilogue.noperands; i++)
        e->operand[i] = take_parameter(e, &next, k->epilogue.operands[i].ref);
    e->scratch = emit_param(e, next++);
    e->begin = emit_param(e, next++);
    e->end = emit_param(e, next++);
}

static void emit_kernel(Emit *e, const Kernel *k) {
    switch (k->kind) {
#define KERNEL(name, suffix)                                                                       \
    case KERNEL_##name:                                                                            \
        emit_kernel_##suffix(e, k);                                                                \
        break;
        KERNEL_KINDS(KERNEL)
#undef KERNEL
    }
}

static Function emit_kernel_function(Emit *e, const Kernel *k, int number) {
    Buffers b = kernel_buffers(k);
    LLVMTypeRef params[PARAMS_MAX + 3];
    for (int i = 0; i < b.count; i++)
        params[i] = e->ptr;
    params[b.count] = e->ptr; /* scratch */
    params[b.count + 1] = params[b.count + 2] = e->i64;
    Function f;
    e->kernel_name = arena_printf(e->arena, "kernel_%d", number);
    emit_function_begin(e, &f, e->kernel_name, params, b.count + 3);
    take_parameters(e, k);
    emit_kernel(e, k);
    emit_function_end(e, &f);
    return f;
}

static LLVMValueRef call_field(Emit *e, size_t offset, LLVMTypeRef type) {
    LLVMValueRef index = emit_int(e, (int64_t)offset);
    LLVMValueRef at = LLVMBuildInBoundsGEP2(e->builder, e->i8, emit_param(e, 0), &index, 1, "");
    return LLVMBuildLoad2(e->builder, type, at, "");
}

static LLVMValueRef buffer_address(Emit *e, Ref ref) {
    static const size_t fields[] = {
        [PLACE_INPUT] = offsetof(km_call, input),
        [PLACE_OUTPUT] = offsetof(km_call, output),
        [PLACE_WORKSPACE] = offsetof(km_call, workspace),
        [PLACE_WEIGHTS] = offsetof(km_call, weights),
    };
    LLVMValueRef base = call_field(e, fields[ref.place], e->ptr), offset = emit_int(e, ref.offset);
    return LLVMBuildInBoundsGEP2(e->builder, e->i8, base, &offset, 1, "");
}

static LLVMValueRef share_begin(Emit *e, LLVMValueRef thread, LLVMValueRef threads, int64_t tasks) {
    return LLVMBuildUDiv(e->builder, emit_imul(e, thread, tasks), threads, "");
}

/* The km_step_fn of kernel k, whose code is `kernel`. */
static LLVMValueRef emit_step(Emit *e, const Kernel *k, const Function *kernel, int number) {
    Function f;
    emit_function_begin(e, &f, arena_printf(e->arena, "step_%d", number), &e->ptr, 1);
    Buffers b = kernel_buffers(k);
    LLVMValueRef args[PARAMS_MAX + 3];
    for (int i = 0; i < b.count; i++)
        args[i] = buffer_address(e, b.ref[i]);
    LLVMValueRef thread = call_field(e, offsetof(km_call, thread), e->i64);
    LLVMValueRef threads = call_field(e, offsetof(km_call, threads), e->i64);
    args[b.count] = call_field(e, offsetof(km_call, scratch), e->ptr);
    args[b.count + 1] = share_begin(e, thread, threads, k->tasks);
    args[b.count + 2] = share_begin(e, emit_iadd(e, thread, emit_int(e, 1)), threads, k->tasks);
    emit_call(e, kernel, args, b.count + 3);
    emit_function_end(e, &f);
    return f.value;
}

/* The earliest kernel of the plan that is the same code as kernel `number`: itself, if none. */
static int find_same(const Plan *p, int number) {
    for (int i = 0; i < number; i++)
        if (kernel_same(&p->kernels[i], &p->kernels[number]))
            return i;
    return number;
}

static void emit_plan(Emit *e, const Plan *p, const CodegenOptions *options) {
    size_t n = (size_t)p->nkernels;
    Function *kernels = arena_array(e->arena, n, sizeof *kernels);
    LLVMValueRef *runs = arena_array(e->arena, n, sizeof *runs);
    for (int i = 0; i < p->nkernels; i++) {
        int same = find_same(p, i);
        kernels[i] = same < i ? kernels[same] : emit_kernel_function(e, &p->kernels[i], i);
        runs[i] = emit_step(e, &p->kernels[i], &kernels[i], i);
    }
    LLVMValueRef model = descriptor_emit(e, p, runs, options);
    if (options->library)
        descriptor_emit_library(e, model, p->target->required, options->symbol);
}

bool codegen(Arena *a, const Plan *p, const CodegenOptions *options, CodegenResult *result,
             Diag *d) {
    LLVMTargetMachineRef machine = machine_new(p->target, options->opt_level, d);
    if (!machine)
        return false;
    Emit e;
    emit_init(&e, a, p->target, p->model_name);
    machine_prepare(machine, e.module, p->target);
    emit_plan(&e, p, options);
    bool ok = machine_write(a, machine, e.module, options, result, d);
    emit_release(&e);
    LLVMDisposeTargetMachine(machine);
    return ok;
}
