/* What kernel families write their code with: one LLVM module being filled, the kernel at hand, and
 * short spellings for addresses, vectors, loops and inner functions.
 *
 * A kernel becomes one internal function of pointers,
 *
 *     kernel(in 0, in 1, ..., out, weights, bias, operand 0, ..., scratch, begin, end)
 *
 * that does tasks [begin, end) of Kernel.tasks; module.c makes it, positions the builder inside and
 * calls emit_kernel_<family>, which leaves the builder where the function may return. As no offset
 * of a buffer is baked in, layers of equal shape share it. Emitters therefore read shapes and
 * parameters from the Kernel, addresses from the Emit, and never constants' data. `out` may be the
 * same buffer as an operand where the family allows it (MAP); nothing is marked noalias but the
 * weights. */
#ifndef EMIT_H
#define EMIT_H

#include "plan.h"

#include <llvm-c/Core.h>

typedef struct Emit {
    Arena *arena;
    const Target *target;
    LLVMContextRef context;
    LLVMModuleRef module;
    LLVMBuilderRef builder;
    LLVMTypeRef void_type, i1, i8, i32, i64, f32, ptr;
    LLVMValueRef function; /* being emitted */

    /* The kernel being emitted. Inside inner functions (below) these must not be used: pass what is
     * needed. */
    LLVMValueRef *in;        /* addresses of its operands, one for each of op->in; NULL for those
                                that are packed (Kernel.in[i].place is PLACE_NONE) */
    LLVMValueRef *operand;   /* of the epilogue's operands */
    LLVMValueRef out;        /* of its result */
    LLVMValueRef weights;    /* packed; NULL if it has none */
    LLVMValueRef bias;       /* NULL if it has none */
    LLVMValueRef scratch;    /* 64-byte aligned, Kernel.scratch_bytes of it */
    LLVMValueRef begin, end; /* i64: the tasks to do; begin == end is possible */
    const char *kernel_name; /* prefix for names of inner functions, unique in the module */
} Emit;

/* Every family of plan.h's KERNEL_KINDS: emit_kernel_conv(), ... */
#define KERNEL(name, suffix) void emit_kernel_##suffix(Emit *e, const Kernel *k);
KERNEL_KINDS(KERNEL)
#undef KERNEL

/* ---- emit.c: the module and its functions ---- */

void emit_init(Emit *e, Arena *a, const Target *target, const char *module_name);
void emit_release(Emit *e); /* the module too, unless it was taken and set to NULL */

/* A function of our own beside the kernel, e.g. the microkernel of one tile shape. It is internal
 * and never inlined: small functions get good registers. begin positions the builder in its body
 * and end returns void and goes back to where the caller was. */
typedef struct Function {
    LLVMValueRef value;
    LLVMTypeRef type;
    LLVMValueRef caller;
    LLVMBasicBlockRef block;
} Function;

/* True if it must be emitted now: between here and emit_function_end. False if a function of that
 * name is there already: just call it. Parameters' types come from `params`. */
bool emit_function_begin(Emit *e, Function *f, const char *name, LLVMTypeRef *params, int nparams);
void emit_function_end(Emit *e, Function *f);
void emit_call(Emit *e, const Function *f, LLVMValueRef *args, int nargs);
LLVMValueRef emit_param(Emit *e, int i); /* of the function being emitted */

/* Attributes every function needs: the target's features, nounwind. */
void emit_function_attributes(Emit *e, LLVMValueRef function);

/* Calls an LLVM intrinsic overloaded on `type` ("llvm.fabs" on <16 x float>). */
LLVMValueRef emit_intrinsic(Emit *e, const char *name, LLVMTypeRef type, LLVMValueRef *args,
                            int nargs);

/* ---- flow.c: integers, loops, branches ---- */

LLVMValueRef emit_int(Emit *e, int64_t value); /* i64 */
LLVMValueRef emit_iadd(Emit *e, LLVMValueRef a, LLVMValueRef b);
LLVMValueRef emit_isub(Emit *e, LLVMValueRef a, LLVMValueRef b);
LLVMValueRef emit_imul(Emit *e, LLVMValueRef a, int64_t factor);
LLVMValueRef emit_idiv(Emit *e, LLVMValueRef a, int64_t divisor); /* of a >= 0 */
LLVMValueRef emit_irem(Emit *e, LLVMValueRef a, int64_t divisor);
LLVMValueRef emit_imin(Emit *e, LLVMValueRef a, LLVMValueRef b); /* signed */
LLVMValueRef emit_imax(Emit *e, LLVMValueRef a, LLVMValueRef b);

/* for (index = from; index < to; index += step) with values carried around: carried[] goes in with
 * their initial values, is replaced by the body's, and holds the final ones after loop_end. The
 * body is entered at least once only if from < to, which is not tested when both are constants that
 * show it. No pass unrolls or vectorises these loops: emitters decide. */
typedef struct Loop {
    LLVMValueRef index;
    LLVMBasicBlockRef body, exit;
    LLVMValueRef to;
    int64_t step;
    int ncarried;
    LLVMValueRef *phis;
    LLVMBasicBlockRef before; /* where an empty loop comes from; NULL if it cannot be empty */
    LLVMValueRef *initial;
} Loop;
Loop emit_loop_begin(Emit *e, LLVMValueRef from, LLVMValueRef to, int64_t step,
                     LLVMValueRef *carried, int ncarried);
void emit_loop_end(Emit *e, Loop *l, LLVMValueRef *carried);

/* for (index = 0; index < count; index++) without carried values. */
Loop emit_count_begin(Emit *e, int64_t count);
void emit_count_end(Emit *e, Loop *l);

/* for (task = begin; task < end; task++): this thread's share. */
Loop emit_tasks_begin(Emit *e);
void emit_tasks_end(Emit *e, Loop *l);

/* if (condition) { ... } without values. */
typedef struct If {
    LLVMBasicBlockRef join;
} If;
If emit_if_begin(Emit *e, LLVMValueRef condition);
If emit_if_between(Emit *e, LLVMValueRef index, int64_t from, int64_t to); /* from <= index < to */
void emit_if_end(Emit *e, If *i);

/* ---- vector.c: floats and vectors of them ---- */

/* <lanes x float>; float itself for one lane. */
LLVMTypeRef emit_vec(Emit *e, int lanes);
int emit_lanes(LLVMValueRef v);
LLVMValueRef emit_number(Emit *e, int lanes, double value); /* in every lane */
LLVMValueRef emit_splat(Emit *e, LLVMValueRef scalar, int lanes);

/* Address of float number `index` (i64) from base. */
LLVMValueRef emit_at(Emit *e, LLVMValueRef base, LLVMValueRef index);
LLVMValueRef emit_at_const(Emit *e, LLVMValueRef base, int64_t index);

/* Unaligned (4 bytes) loads and stores; _aligned: the address is a multiple of the vector's size.
 * The first `count` lanes only, 0 < count <= lanes: memory beyond is not touched, lanes beyond are
 * 0. */
LLVMValueRef emit_load(Emit *e, LLVMValueRef at, int lanes);
LLVMValueRef emit_load_aligned(Emit *e, LLVMValueRef at, int lanes);
LLVMValueRef emit_load_part(Emit *e, LLVMValueRef at, int lanes, int count);
void emit_store(Emit *e, LLVMValueRef value, LLVMValueRef at);
void emit_store_aligned(Emit *e, LLVMValueRef value, LLVMValueRef at);
void emit_store_part(Emit *e, LLVMValueRef value, LLVMValueRef at, int count);

LLVMValueRef emit_fadd(Emit *e, LLVMValueRef a, LLVMValueRef b);
LLVMValueRef emit_fsub(Emit *e, LLVMValueRef a, LLVMValueRef b);
LLVMValueRef emit_fmul(Emit *e, LLVMValueRef a, LLVMValueRef b);
LLVMValueRef emit_fdiv(Emit *e, LLVMValueRef a, LLVMValueRef b);
/* a * b + c: fused where the target has it in hardware, else two operations. */
LLVMValueRef emit_fma(Emit *e, LLVMValueRef a, LLVMValueRef b, LLVMValueRef c);
/* a < b ? b : a and b < a ? b : a: a NaN in a survives, as ELT_MAX and ELT_MIN say. */
LLVMValueRef emit_fmax(Emit *e, LLVMValueRef a, LLVMValueRef b);
LLVMValueRef emit_fmin(Emit *e, LLVMValueRef a, LLVMValueRef b);
/* All lanes into one float, in a tree: halves are combined until one lane is left. */
LLVMValueRef emit_fold_lanes(Emit *e, LLVMValueRef v,
                             LLVMValueRef (*combine)(Emit *, LLVMValueRef, LLVMValueRef));
LLVMValueRef emit_sum_lanes(Emit *e, LLVMValueRef v);
LLVMValueRef emit_max_lanes(Emit *e, LLVMValueRef v);
LLVMValueRef emit_min_lanes(Emit *e, LLVMValueRef v);

/* ---- elt.c: elementwise trees ---- */

/* y = tree(in[0], in[1], ...), all of one type: float or a vector. Shared nodes are emitted once.
 */
LLVMValueRef emit_elt(Emit *e, const Elt *tree, const LLVMValueRef *in);

/* ---- epilogue.c: Kernel.epilogue but its pooling ---- */

/* The addresses of the epilogue's operands: e->operand in a kernel, parameters in a microkernel.
 * The operands that do not depend on the pixel, for the channels from `channel` on, are loaded once
 * for many accumulators; count channels of the vector exist. */
enum { EPILOGUE_OPERANDS_MAX = 16 };
typedef struct EpilogueValues {
    LLVMValueRef value[1 + EPILOGUE_OPERANDS_MAX]; /* NULL where it is a FULL operand's */
} EpilogueValues;
EpilogueValues emit_epilogue_channels(Emit *e, const Epilogue *epilogue, LLVMValueRef *operands,
                                      LLVMValueRef channel, int lanes, int count);

/* tree(acc, operands), or the softmax of that: FULL operands are read at float number `index` (of
 * the result before pooling). */
LLVMValueRef emit_epilogue(Emit *e, const Epilogue *epilogue, LLVMValueRef *operands,
                           const EpilogueValues *channels, LLVMValueRef acc, LLVMValueRef index,
                           int count);

/* What the epilogue's pooling makes of the n values of a window: they themselves if it has none. */
LLVMValueRef emit_epilogue_pool(Emit *e, const Epilogue *epilogue, LLVMValueRef *values, int n);

#endif
