/* The JIT loads what codegen() made and refuses what it did not; several live side by side. */
#include "harness/compiled.h"
#include "random_ops.h"

#include "km.h"

#include <criterion/criterion.h>
#include <pthread.h>

static Ops *relu_graph(Arena *a) {
    Ops *g = ops_new(a);
    const Elt *relu = elt_2(a, ELT_MAX, elt_input(a, 0), elt_number(a, 0));
    g->output = op_map1(g, relu, op_input(g, shape_of(5)));
    return g;
}

Test(jit, gives_the_descriptor) {
    Arena *a = arena_new();
    Diag *d = diag_new(a);
    Model model = {.name = "small"};
    PlanOptions options = {.target = target_find(a, NULL, d)};
    const Plan *p = plan(a, relu_graph(a), &model, &options, d);
    CodegenResult object;
    cr_assert(codegen(a, p, &(CodegenOptions){.opt_level = 2, .symbol = "small"}, &object, d));
    Jit *j = jit_load(&object, "small", d);
    cr_assert(j);
    const km_model *m = jit_model(j);
    cr_assert_eq(m->abi, KM_ABI);
    cr_assert_str_eq(m->name, "small");
    cr_assert_eq(m->nsteps, 1);
    cr_assert_eq(m->output.dim[0], 5);
    jit_free(j);
    cr_assert_null(jit_load(&object, "other", d));
    cr_assert_eq(diag_errors(d), 1);
    arena_free(a);
}

Test(jit, refuses_what_is_no_object) {
    Arena *a = arena_new();
    Diag *d = diag_new(a);
    static const char text[] = "this is not an object file";
    cr_assert_null(jit_load(&(CodegenResult){text, sizeof text}, "x", d));
    cr_assert_eq(diag_errors(d), 1);
    arena_free(a);
}

static void *compile_and_run(void *failed) {
    for (int round = 0; round < 5; round++) {
        Arena *a = arena_new();
        const float in[5] = {-1, 2, -3, 4, -5};
        float out[5];
        Compiled *c = compiled_new(relu_graph(a), target_find(a, NULL, diag_new(a)), MATH_FAST, 2);
        compiled_run(c, in, out, 1);
        for (int i = 0; i < 5; i++)
            *(bool *)failed |= out[i] != (in[i] > 0 ? in[i] : 0);
        compiled_free(c);
        arena_free(a);
    }
    return NULL;
}

Test(jit, works_in_several_threads) {
    enum { THREADS = 4 };
    pthread_t thread[THREADS];
    bool failed[THREADS] = {false};
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&thread[i], NULL, compile_and_run, &failed[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        cr_assert_not(failed[i]);
    }
}
