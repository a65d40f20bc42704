/* Targets as rows: what the planner and the code generator need to know of a CPU. No LLVM in here:
 * codegen/machine.c makes LLVM's objects out of it. */
#ifndef TARGET_H
#define TARGET_H

#include "diag.h"

typedef struct Target {
    const char *name;   /* as given to --cpu: "x86-64-v3", "native" */
    const char *triple; /* "x86_64-pc-linux-gnu" */
    const char *cpu;    /* LLVM's names */
    const char *features;
    const char *tune; /* whose scheduling to use; NULL: cpu's */
    int vector;       /* floats in a vector register: 4, 8, 16 */
    int registers;    /* vector registers: 16, 32 */
    bool fma;         /* fused multiply-add in hardware */
    int64_t l1, l2;   /* bytes of data cache of one core */
    /* What a binary asks the running CPU for before it starts: names that runtime/cpu.c knows,
     * space-separated. The features are exactly these. */
    const char *required;
} Target;

/* NULL after a diagnostic that lists the names; a NULL name means native, which is resolved to this
 * machine's features. */
const Target *target_find(Arena *a, const char *cpu, Diag *d);
void target_list(FILE *out); /* kmodel targets */

#endif
