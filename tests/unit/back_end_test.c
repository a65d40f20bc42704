/* What the back end refuses though no command line of this machine asks for it: targets that LLVM
 * does not have or the linker is not for, and code that cannot be loaded. */
#include "harness/compiled.h"
#include "link.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

typedef struct Case {
    const char *code;
    const char *triple; /* NULL: this machine's */
    bool (*reaches)(Arena *a, const Plan *p, Diag *d);
} Case;

static bool to_object(Arena *a, const Plan *p, CodegenResult *object, Diag *d) {
    return codegen(a, p, &(CodegenOptions){.opt_level = 1, .symbol = "x"}, object, d);
}

static bool to_executable(Arena *a, const Plan *p, Diag *d) {
    const LinkOptions options = {.kind = LINK_EXE, .symbol = "x", .path = "no/such/folder/x"};
    CodegenResult object;
    return to_object(a, p, &object, d) && link_output(a, p, &object, &options, d);
}

/* Without the model's descriptor: what ORC gives back is an error, whatever its reason. */
static bool to_memory(Arena *a, const Plan *p, Diag *d) {
    CodegenResult object;
    Jit *j = to_object(a, p, &object, d) ? jit_load(&object, "no_such", d) : NULL;
    jit_free(j);
    return j != NULL;
}

#if defined __aarch64__
static const char foreign[] = "x86_64-pc-linux-gnu", foreign_cpu[] = "x86-64";
#else
static const char foreign[] = "aarch64-unknown-linux-gnu", foreign_cpu[] = "generic";
#endif

static const Case cases[] = {
    {"KM0505", foreign, to_executable},
    {"KM0551", "pdp11-dec-unix", to_executable},
    {"KM0552", NULL, to_memory},
};

static const Plan *plan_for(Arena *a, const char *triple, Diag *d) {
    Ops *g = ops_new(a);
    const Elt *relu = elt_2(a, ELT_MAX, elt_input(a, 0), elt_number(a, 0));
    g->output = op_map1(g, relu, op_input(g, shape_of(5)));
    Target *target = arena_alloc(a, sizeof *target);
    *target = *target_find(a, "native", d);
    if (triple) {
        target->triple = triple;
        target->cpu = foreign_cpu;
        target->features = "";
        target->tune = NULL;
    }
    static const Model model = {.name = "small"};
    return plan(a, g, &model, &(PlanOptions){.target = target}, d);
}

Test(back_end, refuses_with_a_diagnostic) {
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Arena *a = arena_new();
        Diag *d = diag_new(a);
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        cr_expect_not(cases[i].reaches(a, plan_for(a, cases[i].triple, d), d));
        cr_expect_eq(diag_errors(d), 1);
        diag_flush(d, out);
        fclose(out);
        cr_expect(strstr(text, cases[i].code), "expected %s, found %s", cases[i].code, text);
        free(text);
        arena_free(a);
    }
}
