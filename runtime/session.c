/* Threads and memory for a model, and its clock. SPDX-License-Identifier: 0BSD */
#include "session.h"

#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static int cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}

double session_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Aligned to cache lines, which the generated code does not need and likes. */
float *session_floats(int64_t n, int64_t each, Problem *p) {
    int64_t bytes;
    float *at = NULL;
    if (!__builtin_mul_overflow(n, each * (int64_t)sizeof(float), &bytes) && bytes < INT64_MAX - 64)
        at = aligned_alloc(64, ((size_t)bytes + 64) / 64 * 64);
    if (!at)
        problem(p, "not enough memory for %" PRId64 " samples of %" PRId64 " numbers", n, each);
    return at;
}

/* Large ones on huge pages, worth 3 % in large convolutions. */
static void *workspace_new(size_t bytes) {
    enum { HUGE_PAGE = 2 << 20 };
    if (bytes < HUGE_PAGE)
        return aligned_alloc(64, bytes);
    void *at = aligned_alloc(HUGE_PAGE, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
    if (at)
        madvise(at, bytes, MADV_HUGEPAGE);
    return at;
}

bool session_open(Session *s, const km_model *model, const km_launch *launch, const RunOptions *o,
                  Problem *p) {
    *s = (Session){
        .model = model,
        .launch = launch,
        .options = o,
        .threads = o->threads ? o->threads : cores(),
        .in = shape_count(&model->input),
        .out = shape_count(&model->output),
    };
    size_t bytes = km_workspace_bytes(model, s->threads);
    s->workspace = workspace_new(bytes);
    if (!s->workspace)
        return problem(p, "not enough memory: %d threads need %zu bytes", s->threads, bytes);
    if (o->profile && !(s->step_seconds = calloc(model->nsteps + 1, sizeof *s->step_seconds)))
        return problem(p, "not enough memory");
    if (s->threads > 1 && !(s->pool = km_pool_new(s->threads)))
        return problem(p, "cannot start %d threads", s->threads);
    return true;
}

void session_close(Session *s) {
    km_pool_free(s->pool);
    free(s->workspace);
    free(s->step_seconds);
}

void session_run(Session *s, const float *in, float *out, int64_t count) {
    double start = session_clock();
    km_run(s->model, s->launch->weights, in, out, (size_t)count, s->workspace, s->pool,
           s->step_seconds);
    s->seconds += session_clock() - start;
    s->samples += count;
}
