/* Elementary functions: within 2 ulp everywhere, with and without FMA, and right at the edges. */
#include "harness/accuracy.h"

#include <criterion/criterion.h>
#include <math.h>

static void check_accuracy(const char *cpu, int opt_level) {
    Arena *a = arena_new();
    Subjects s = {0};
    subjects_add_functions(a, &s);
    Native *native = subjects_compile(a, &s, target_find(a, cpu, diag_new(a)), opt_level);
    for (size_t i = 0; i < s.count; i++) {
        NativeMap *f = (NativeMap *)(uintptr_t)native_function(native, (int)i);
        Accuracy w = subject_measure(f, s.at[i].tree, 100003);
        cr_assert(w.normal.error < 2, "%s on %s: %g ulp at %.9g", s.at[i].name, cpu, w.normal.error,
                  w.normal.at);
        cr_assert(w.subnormal.error <= 1, "%s on %s: %g ulp at %.9g", s.at[i].name, cpu,
                  w.subnormal.error, w.subnormal.at);
    }
    native_free(native);
    arena_free(a);
}

Test(math, is_within_two_ulp_with_fma) {
    check_accuracy("native", 2);
    check_accuracy("x86-64-v3", 2);
}

Test(math, is_within_two_ulp_without_fma) {
    check_accuracy("x86-64-v2", 2);
    check_accuracy("generic", 0);
}

/* Equal but for the last place; the sign of zero counts. */
static bool is_same(float y, float want) {
    if (isnan(want) || isinf(want) || want == 0)
        return isnan(want) ? isnan(y) : y == want && !signbit(y) == !signbit(want);
    return fabsf(y - want) <= fmaxf(2.5e-7F * fabsf(want), 0x1p-149F);
}

static const float edges[] = {
    0,
    -0.0F,
    1,
    -1,
    0x1p-149F,
    -0x1p-149F,
    0x1p-126F,
    -0x1p-126F,
    0x1p-24F,
    -0x1p-24F,
    88.72283F,
    88.72284F,
    88.8F,
    -87.3F,
    -103.9F,
    -104.1F,
    10.05F,
    -10.05F,
    0x1.fffffep127F,
    -0x1.fffffep127F,
    INFINITY,
    -INFINITY,
    NAN,
    0.5F,
    0.999999F,
    -0.999999F,
    8388608.5F,
    -8388607.5F,
    3,
    -3,
    4,
    0.625F,
};

Test(math, is_right_at_the_edges) {
    Arena *a = arena_new();
    Subjects s = {0};
    subjects_add_functions(a, &s);
    static const char *const targets[] = {"native", "x86-64-v2"};
    for (size_t t = 0; t < COUNT_OF(targets); t++) {
        Native *native = subjects_compile(a, &s, target_find(a, targets[t], diag_new(a)), 2);
        for (size_t i = 0; i < s.count; i++) {
            float y[COUNT_OF(edges)];
            NativeMap *f = (NativeMap *)(uintptr_t)native_function(native, (int)i);
            f(edges, y, COUNT_OF(edges));
            for (size_t n = 0; n < COUNT_OF(edges); n++) {
                float want = (float)subject_exact(s.at[i].tree, edges[n]);
                cr_assert(is_same(y[n], want), "%s(%.9g) on %s is %.9g, not %.9g", s.at[i].name,
                          edges[n], targets[t], y[n], want);
            }
        }
        native_free(native);
    }
    arena_free(a);
}

/* pow has the most rules; here are C's, two arguments at a time. */
Test(math, pow_knows_its_special_cases) {
    static const float numbers[] = {0,        -0.0F,     1,       -1,      2,
                                    -2,       0.5F,      -0.5F,   3,       -3,
                                    INFINITY, -INFINITY, NAN,     0x1p24F, 0x1.000002p24F,
                                    16777215, 1e-40F,    -1e-40F, 1e38F,   7.5F};
    Arena *a = arena_new();
    Subjects s = {0};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        const Elt *power = elt_number(a, (double)numbers[i]);
        vec_push(a, &s, (Subject){"pow", elt_2(a, ELT_POW, elt_input(a, 0), power)});
    }
    Native *native = subjects_compile(a, &s, target_find(a, "native", diag_new(a)), 2);
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        float x[32] = {0}, y[32];
        for (size_t n = 0; n < COUNT_OF(numbers); n++)
            x[n] = numbers[n];
        ((NativeMap *)(uintptr_t)native_function(native, (int)i))(x, y, 32);
        for (size_t n = 0; n < COUNT_OF(numbers); n++) {
            float want = (float)pow((double)x[n], (double)numbers[i]);
            cr_assert(is_same(y[n], want), "pow(%g, %g) is %.9g, not %.9g", x[n], numbers[i], y[n],
                      want);
        }
    }
    native_free(native);
    arena_free(a);
}
