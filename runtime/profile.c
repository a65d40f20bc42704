/* --profile: where the time goes. SPDX-License-Identifier: 0BSD */
#include "session.h"

#include <string.h>

static size_t widest(const km_model *m, size_t least) {
    for (uint32_t i = 0; i < m->nsteps; i++)
        if (strlen(m->steps[i].name) > least)
            least = strlen(m->steps[i].name);
    return least;
}

static void print_row(int width, const char *name, const char *kind, double us, double share,
                      double gflops, FILE *out) {
    fprintf(out, "%-*s  %-10s %12.3f %6.1f%%", width, name, kind, us, 100 * share);
    if (gflops > 0)
        fprintf(out, " %9.1f", gflops);
    putc('\n', out);
}

void profile_print(const Session *s, FILE *out) {
    const km_model *m = s->model;
    int width = (int)widest(m, strlen("layer"));
    double total = 0, flops = 0, samples = s->samples ? (double)s->samples : 1;
    for (uint32_t i = 0; i < m->nsteps; i++) {
        total += s->step_seconds[i];
        flops += m->steps[i].flops;
    }
    fprintf(out, "%-*s  %-10s %12s %7s %9s\n", width, "layer", "kernel", "us/sample", "share",
            "GFLOP/s");
    for (uint32_t i = 0; i < m->nsteps; i++) {
        double seconds = s->step_seconds[i];
        print_row(width, m->steps[i].name, m->steps[i].kind, seconds / samples * 1e6,
                  total > 0 ? seconds / total : 0,
                  seconds > 0 ? m->steps[i].flops * samples / seconds * 1e-9 : 0, out);
    }
    print_row(width, "total", "", total / samples * 1e6, 1,
              total > 0 ? flops * samples / total * 1e-9 : 0, out);
}
