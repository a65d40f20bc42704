/* Elementwise trees as vector code. */
#include "emit.h"

#include "elementary.h"

/* Values of the nodes emitted so far. */
typedef struct Done {
    const Elt *node;
    LLVMValueRef value;
} Done;

typedef struct Walk {
    Emit *e;
    const LLVMValueRef *in;
    int lanes;
    Vec(Done) done;
} Walk;

static LLVMValueRef value_of(Walk *w, const Elt *node);

static bool is_comparison(const Elt *node) {
    return node->kind == ELT_LT || node->kind == ELT_LE || node->kind == ELT_EQ;
}

static LLVMValueRef compare(Walk *w, const Elt *node) {
    LLVMRealPredicate predicate = node->kind == ELT_LT   ? LLVMRealOLT
                                  : node->kind == ELT_LE ? LLVMRealOLE
                                                         : LLVMRealOEQ;
    LLVMValueRef a = value_of(w, node->arg[0]), b = value_of(w, node->arg[1]);
    return LLVMBuildFCmp(w->e->builder, predicate, a, b, "");
}

/* node != 0, true for NaN; a comparison goes without its detour through 1.0 and 0.0. */
static LLVMValueRef condition(Walk *w, const Elt *node) {
    if (is_comparison(node))
        return compare(w, node);
    LLVMValueRef zero = emit_number(w->e, w->lanes, 0);
    return LLVMBuildFCmp(w->e->builder, LLVMRealUNE, value_of(w, node), zero, "");
}

/* A product's sum is one operation where the hardware has it. */
static LLVMValueRef contracted(LLVMValueRef v) {
    if (LLVMIsAInstruction(v))
        LLVMSetFastMathFlags(v, LLVMFastMathAllowContract);
    return v;
}

static LLVMValueRef operation(Walk *w, const Elt *node) {
    Emit *e = w->e;
    LLVMBuilderRef b = e->builder;
    if (is_comparison(node))
        return LLVMBuildUIToFP(b, compare(w, node), emit_vec(e, w->lanes), "");
    if (node->kind == ELT_SELECT) {
        LLVMValueRef test = condition(w, node->arg[0]);
        LLVMValueRef yes = value_of(w, node->arg[1]), no = value_of(w, node->arg[2]);
        return LLVMBuildSelect(b, test, yes, no, "");
    }
    LLVMValueRef x = value_of(w, node->arg[0]);
    LLVMValueRef y = elt_arity(node->kind) > 1 ? value_of(w, node->arg[1]) : NULL;
    switch (node->kind) {
    case ELT_ADD:
        return contracted(emit_fadd(e, x, y));
    case ELT_SUB:
        return contracted(emit_fsub(e, x, y));
    case ELT_MUL:
        return contracted(emit_fmul(e, x, y));
    case ELT_DIV:
        return emit_fdiv(e, x, y);
    case ELT_MAX:
        return emit_fmax(e, x, y);
    case ELT_MIN:
        return emit_fmin(e, x, y);
    case ELT_POW:
        return math_pow(b, x, y);
    case ELT_NEG:
        return LLVMBuildFNeg(b, x, "");
    case ELT_ABS:
        return math_abs(b, x);
    case ELT_SQRT:
        return emit_intrinsic(e, "llvm.sqrt", LLVMTypeOf(x), &x, 1);
    case ELT_EXP:
        return math_exp(b, x);
    case ELT_EXPM1:
        return math_expm1(b, x);
    case ELT_LOG:
        return math_log(b, x);
    case ELT_LOG1P:
        return math_log1p(b, x);
    case ELT_TANH:
        return math_tanh(b, x);
    case ELT_SIGMOID:
        return math_sigmoid(b, x);
    case ELT_ERF:
        return math_erf(b, x);
    case ELT_ERFC:
        return math_erfc(b, x);
    case ELT_FLOOR:
        return math_floor(b, x);
    default:
        BUG("no code for elementwise operation %d", node->kind);
    }
}

static LLVMValueRef value_of(Walk *w, const Elt *node) {
    if (node->kind == ELT_INPUT)
        return w->in[node->input];
    if (node->kind == ELT_NUMBER)
        return emit_number(w->e, w->lanes, node->number);
    for (size_t i = 0; i < w->done.count; i++)
        if (w->done.at[i].node == node)
            return w->done.at[i].value;
    LLVMValueRef value = operation(w, node);
    vec_push(w->e->arena, &w->done, (Done){node, value});
    return value;
}

/* An input that the tree reads tells how wide it is. */
static const Elt *find_input(const Elt *node) {
    if (node->kind == ELT_INPUT)
        return node;
    const Elt *found = NULL;
    for (int i = 0; i < elt_arity(node->kind) && !found; i++)
        found = find_input(node->arg[i]);
    return found;
}

LLVMValueRef emit_elt(Emit *e, const Elt *tree, const LLVMValueRef *in) {
    const Elt *input = find_input(tree);
    Walk w = {.e = e, .in = in, .lanes = emit_lanes(in[input ? input->input : 0])};
    return value_of(&w, tree);
}
