/* The largest error of every elementary function, in units of the last place, against libm in
 * double precision: `make ulp` sweeps the floats (all of them with --all) and prints the table of
 * docs/numerics.md. */
#include "harness/native.h"

#include "codegen/elementary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef LLVMValueRef Emitter(LLVMBuilderRef b, LLVMValueRef x);

typedef struct Function1 {
    const char *name;
    Emitter *emit;
    double (*exact)(double);
} Function1;

static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
}

static const Function1 functions[] = {
    {"exp", math_exp, exp},       {"expm1", math_expm1, expm1}, {"log", math_log, log},
    {"log1p", math_log1p, log1p}, {"tanh", math_tanh, tanh},    {"sigmoid", math_sigmoid, sigmoid},
    {"erf", math_erf, erf},       {"erfc", math_erfc, erfc},    {"floor", math_floor, floor},
};

/* pow with one argument fixed. */
static const float powers[] = {-3, -2, -1, -0.5F, 0.1F, 0.5F, 1.7F, 2, 3, 10.5F, 101};

enum { BLOCK = 1 << 12 };

static float from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The distance of two neighbouring floats at y. */
static double ulp_at(double y) {
    int e;
    frexp(y, &e);
    return ldexp(1, e - 24 < -149 ? -149 : e - 24);
}

/* Infinite when one is NaN, or infinite where the other is not. */
static double error_in_ulp(float got, double exact) {
    float rounded = (float)exact;
    if (isnan(got) || isnan(exact))
        return isnan(got) && isnan(exact) ? 0 : INFINITY;
    if (got == rounded)
        return isfinite(got) ? fabs(got - exact) / ulp_at(exact) : 0;
    if (!isfinite(got)) /* one step too far at the end of the range is one step */
        return isfinite(exact) && fabs(exact) > 0x1.fffffcp127 ? 1 : INFINITY;
    return fabs(got - fmin(fmax(exact, -0x1p128), 0x1p128)) / ulp_at(exact);
}

typedef struct Worst {
    double error;
    float at;
    bool wrong_sign_of_zero;
} Worst;

static Worst measure(NativeMap *f, double (*exact)(double, double), double second,
                     uint32_t stride) {
    static float in[BLOCK], out[BLOCK];
    Worst w = {0};
    for (uint64_t bits = 0; bits < UINT64_C(1) << 32;) {
        int n = 0;
        for (; n < BLOCK; n++, bits += stride)
            in[n] = from_bits((uint32_t)bits);
        f(in, out, BLOCK);
        for (int i = 0; i < n; i++) {
            double y = exact(in[i], second);
            double error = error_in_ulp(out[i], y);
            if (error > w.error)
                w = (Worst){error, in[i], w.wrong_sign_of_zero};
            if (out[i] == 0 && y == 0 && !signbit(out[i]) != !signbit(y))
                w.wrong_sign_of_zero = true;
        }
    }
    return w;
}

static void emit_map(Emit *e, const char *name, Emitter *emit, float power) {
    LLVMTypeRef params[] = {e->ptr, e->ptr, e->i64};
    Function f;
    emit_function_begin(e, &f, name, params, 3);
    LLVMSetLinkage(f.value, LLVMExternalLinkage);
    Loop l = emit_loop_begin(e, emit_int(e, 0), emit_param(e, 2), e->target->vector, NULL, 0);
    LLVMValueRef x = emit_load(e, emit_at(e, emit_param(e, 0), l.index), e->target->vector);
    LLVMValueRef y = emit ? emit(e->builder, x)
                          : math_pow(e->builder, x, emit_number(e, e->target->vector, power));
    emit_store(e, y, emit_at(e, emit_param(e, 1), l.index));
    emit_loop_end(e, &l, NULL);
    emit_function_end(e, &f);
}

/* measure() wants two arguments. */
static double (*one_argument)(double);
static double call_one(double x, double unused) {
    (void)unused;
    return one_argument(x);
}

static void report(const char *name, Worst w) {
    printf("  %-12s %6.3f ulp at %-14.9g%s\n", name, w.error, w.at,
           w.wrong_sign_of_zero ? "  sign of zero differs" : "");
    fflush(stdout);
}

static void measure_target(Arena *a, const Target *t, uint32_t stride, const char *only) {
    enum { NF = COUNT_OF(functions), NP = COUNT_OF(powers) };
    Emit e;
    emit_init(&e, a, t, "ulp");
    const char *names[NF + NP];
    for (size_t i = 0; i < NF + NP; i++) {
        names[i] = i < NF ? functions[i].name : arena_printf(a, "pow %g", powers[i - NF]);
        emit_map(&e, names[i], i < NF ? functions[i].emit : NULL, i < NF ? 0 : powers[i - NF]);
    }
    Native *native = native_compile(&e, names, NF + NP, 2);
    printf("%s\n", t->name);
    for (size_t i = 0; i < NF + NP; i++) {
        if (only && strncmp(names[i], only, strlen(only)))
            continue;
        NativeMap *f = (NativeMap *)(uintptr_t)native_function(native, (int)i);
        one_argument = i < NF ? functions[i].exact : NULL;
        report(names[i], measure(f, i < NF ? call_one : pow, i < NF ? 0 : powers[i - NF], stride));
    }
    native_free(native);
    emit_release(&e);
}

int main(int argc, char **argv) {
    uint32_t stride = 1021;
    const char *only = NULL;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--all"))
            stride = 1;
        else
            only = argv[i];
    }
    Arena *a = arena_new();
    Diag *d = diag_new(a);
    static const char *const targets[] = {"native", "x86-64-v3", "x86-64-v2"};
    for (size_t i = 0; i < COUNT_OF(targets); i++)
        measure_target(a, target_find(a, targets[i], d), stride, only);
    arena_free(a);
}
