#include "accuracy.h"

#include "layer.h"

#include <string.h>
#include <tgmath.h>

/* ---- the reference ---- */

/* With tgmath.h, the meanings in elt.h's table are long double like their arguments. */
long double subject_exact(const Elt *t, float x) {
    long double a = 0, b = 0, c = 0;
    if (t->kind == ELT_INPUT)
        return x;
    if (t->kind == ELT_NUMBER)
        return (float)t->number; /* a constant is a float in the code, too */
    int arity = elt_arity(t->kind);
    a = subject_exact(t->arg[0], x);
    b = arity > 1 ? subject_exact(t->arg[1], x) : 0;
    c = arity > 2 ? subject_exact(t->arg[2], x) : 0;
    switch (t->kind) {
#define ELT(name, arity, meaning)                                                                  \
    case ELT_##name:                                                                               \
        return meaning;
        ELT_OPERATIONS(ELT)
#undef ELT
    default:
        BUG("no value for %d", t->kind);
    }
}

/* ---- errors ---- */

/* The distance of two neighbouring floats at y. */
static long double ulp_at(long double y) {
    int e;
    (void)frexp(y, &e);
    return ldexp(1.0L, e - 24 < -149 ? -149 : e - 24);
}

static double error_in_ulp(float got, long double want) {
    float rounded = (float)want;
    if (isnan(got) || isnan(want))
        return isnan(got) && isnan(want) ? 0 : INFINITY;
    if (isinf(got) || isinf(rounded)) /* one step too far at the end of the range is one step */
        return got == rounded ? 0 : fabs(want) > 0x1.fffffcp127L && !isinf(want) ? 1 : INFINITY;
    return (double)(fabs(got - want) / ulp_at(want));
}

enum { BLOCK = 1 << 12 };

Accuracy subject_measure(NativeMap *f, const Elt *tree, uint32_t stride) {
    float in[BLOCK], out[BLOCK];
    Accuracy worst = {0};
    for (uint64_t bits = 0; bits < UINT64_C(1) << 32;) {
        for (int i = 0; i < BLOCK; i++, bits += stride)
            memcpy(&in[i], &(uint32_t){(uint32_t)bits}, sizeof in[i]);
        f(in, out, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            long double want = subject_exact(tree, in[i]);
            Worst *w = fabs(want) < 0x1p-126L ? &worst.subnormal : &worst.normal;
            double error = error_in_ulp(out[i], want);
            if (error > w->error)
                *w = (Worst){error, in[i]};
        }
    }
    return worst;
}

void subjects_add_functions(Arena *a, Subjects *s) {
    static const double powers[] = {-3, -0.5, 0.1, 1.7, 2, 10.5, 101};
    const Elt *x = elt_input(a, 0);
    static const struct {
        const char *name;
        EltKind kind;
    } functions[] = {{"exp", ELT_EXP},     {"expm1", ELT_EXPM1}, {"log", ELT_LOG},
                     {"log1p", ELT_LOG1P}, {"tanh", ELT_TANH},   {"sigmoid", ELT_SIGMOID},
                     {"erf", ELT_ERF},     {"erfc", ELT_ERFC},   {"floor", ELT_FLOOR},
                     {"sqrt", ELT_SQRT}};
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        vec_push(a, s, (Subject){functions[i].name, elt_1(a, functions[i].kind, x)});
    for (size_t i = 0; i < COUNT_OF(powers); i++)
        vec_push(a, s,
                 (Subject){arena_printf(a, "pow %g", powers[i]),
                           elt_2(a, ELT_POW, x, elt_number(a, powers[i]))});
}

void subjects_add_activations(Arena *a, Subjects *s) {
    Lower lw = {.ops = ops_new(a), .arena = a};
    Op *x = op_input(lw.ops, shape_of(2));
    for (size_t i = 0; i < activation_nnames; i++) {
        const char *name = activation_names[i];
        if (!strcmp(name, "linear") || !strcmp(name, "threshold") || !strcmp(name, "swish") ||
            !strcmp(name, "hard_swish"))
            continue;
        const Op *y = lower_activation_named(&lw, name, x);
        if (y->kind == OP_MAP && y->nin == 1)
            vec_push(a, s, (Subject){name, y->u.map});
    }
}

static void emit_subject(Emit *e, const char *name, const Elt *tree) {
    LLVMTypeRef params[] = {e->ptr, e->ptr, e->i64};
    Function f;
    emit_function_begin(e, &f, name, params, 3);
    LLVMSetLinkage(f.value, LLVMExternalLinkage);
    Loop l = emit_loop_begin(e, emit_int(e, 0), emit_param(e, 2), e->target->vector, NULL, 0);
    LLVMValueRef x = emit_load(e, emit_at(e, emit_param(e, 0), l.index), e->target->vector);
    emit_store(e, emit_elt(e, tree, &x), emit_at(e, emit_param(e, 1), l.index));
    emit_loop_end(e, &l, NULL);
    emit_function_end(e, &f);
}

Native *subjects_compile(Arena *a, const Subjects *s, const Target *t, int opt_level) {
    const char **names = arena_array(a, s->count, sizeof *names);
    Emit e;
    emit_init(&e, a, t, "accuracy");
    for (size_t i = 0; i < s->count; i++) {
        names[i] = arena_printf(a, "subject_%d", (int)i);
        emit_subject(&e, names[i], s->at[i].tree);
    }
    Native *native = native_compile(&e, names, (int)s->count, opt_level);
    emit_release(&e);
    return native;
}
