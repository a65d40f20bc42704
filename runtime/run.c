/* Runs a model over a batch. With few samples all threads share each sample's steps, a barrier
 * between two steps; with at least two samples for each thread, every thread takes whole samples
 * and none waits. SPDX-License-Identifier: 0BSD */
#include "km.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

typedef struct Run {
    const km_model *model;
    km_pool *pool;
    const char *weights;
    const float *input;
    float *output;
    size_t batch, input_numel, output_numel;
    char *workspace;
    int threads;
    double *seconds;
    _Atomic size_t next; /* run_apart: the first sample that nobody has taken */
} Run;

static size_t align64(uint64_t bytes) {
    return (bytes + 63) / 64 * 64;
}

/* Each thread has a workspace and, right after it, its scratch. */
static size_t thread_bytes(const km_model *model) {
    return align64(model->workspace_bytes) + align64(model->scratch_bytes);
}

size_t km_workspace_bytes(const km_model *model, int threads) {
    size_t bytes = thread_bytes(model) * (size_t)threads;
    return bytes ? bytes : 64;
}

static size_t shape_size(const km_shape *s) {
    size_t n = 1;
    for (int i = 0; i < s->rank; i++)
        n *= (size_t)s->dim[i];
    return n;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static km_call call_for(const Run *r, size_t sample, int owner, int thread) {
    char *scratch = r->workspace + thread_bytes(r->model) * (size_t)thread;
    return (km_call){
        .input = r->input + sample * r->input_numel,
        .output = r->output + sample * r->output_numel,
        .workspace = r->workspace + thread_bytes(r->model) * (size_t)owner,
        .weights = r->weights,
        .scratch = scratch + align64(r->model->workspace_bytes),
        .threads = 1,
    };
}

/* All steps of one sample. Thread 0 measures, for all. */
static void run_steps(Run *r, const km_call *call, int thread) {
    for (uint32_t i = 0; i < r->model->nsteps; i++) {
        double start = r->seconds && thread == 0 ? now() : 0;
        r->model->steps[i].run(call);
        if (call->threads > 1)
            r->pool->barrier(r->pool);
        if (r->seconds && thread == 0)
            r->seconds[i] += now() - start;
    }
}

static void run_together(void *context, int thread) {
    Run *r = context;
    for (size_t sample = 0; sample < r->batch; sample++) {
        km_call call = call_for(r, sample, 0, thread);
        call.thread = thread;
        call.threads = r->threads;
        run_steps(r, &call, thread);
    }
}

static void run_apart(void *context, int thread) {
    Run *r = context;
    for (size_t sample; (sample = atomic_fetch_add(&r->next, 1)) < r->batch;) {
        km_call call = call_for(r, sample, thread, thread);
        run_steps(r, &call, thread);
    }
}

void km_run(const km_model *model, const char *weights, const float *input, float *output,
            size_t batch, void *workspace, km_pool *pool, double *seconds) {
    Run r = {
        .model = model,
        .pool = pool,
        .weights = weights ? weights : model->weights,
        .input = input,
        .output = output,
        .batch = batch,
        .input_numel = shape_size(&model->input),
        .output_numel = shape_size(&model->output),
        .workspace = workspace,
        .threads = pool ? pool->threads : 1,
        .seconds = seconds,
    };
    bool apart = batch >= 2 * (size_t)r.threads;
    if (r.threads > 1)
        pool->run(pool, apart ? run_apart : run_together, &r);
    else
        run_together(&r, 0);
}
