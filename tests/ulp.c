/* `make ulp` sweeps the floats through every elementary function and activation and prints the
 * tables of docs/numerics.md. ULP="--every 1 exp" looks at all floats, for names that begin with
 * exp. */
#include "harness/accuracy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_row(const char *name, Accuracy w) {
    printf("| %s | %.2f | %.9g | %.2f |\n", name, w.normal.error, w.normal.at, w.subnormal.error);
    fflush(stdout);
}

static void measure_target(Arena *a, const char *cpu, const Subjects *s, uint32_t stride,
                           const char *only) {
    const Target *t = target_find(a, cpu, diag_new(a));
    Native *native = subjects_compile(a, s, t, 2);
    printf("\n| %s | ulp | at x = | subnormal results |\n|---|---|---|---|\n", t->name);
    for (size_t i = 0; i < s->count; i++) {
        NativeMap *f = (NativeMap *)(uintptr_t)native_function(native, (int)i);
        if (!strncmp(s->at[i].name, only, strlen(only)))
            print_row(s->at[i].name, subject_measure(f, s->at[i].tree, stride));
    }
    native_free(native);
}

int main(int argc, char **argv) {
    uint32_t stride = 1021;
    const char *only = "";
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--every") && i + 1 < argc)
            stride = (uint32_t)strtoul(argv[++i], NULL, 10);
        else
            only = argv[i];
    }
    Arena *a = arena_new();
    Subjects subjects = {0};
    subjects_add_functions(a, &subjects);
    subjects_add_activations(a, &subjects);
    measure_target(a, "native", &subjects, stride, only);
    measure_target(a, "x86-64-v2", &subjects, stride, only);
    arena_free(a);
}
