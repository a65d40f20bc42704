/* --bench: the same samples again and again. SPDX-License-Identifier: 0BSD */
#include "input.h"
#include "session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MOST = 100000, RUNS_LEAST = 10 };

/* Numbers from 0 to 1, the same every time. */
static void fill_random(float *at, int64_t n) {
    uint32_t state = 1;
    for (int64_t i = 0; i < n; i++) {
        state = state * 1664525 + 1013904223;
        at[i] = (float)(state >> 8) * 0x1p-24f;
    }
}

static bool read_samples(Session *s, const Bytes *file, float *in, Problem *p) {
    InputKind kind = input_kind(file, s->options, p);
    Samples samples;
    if (kind == INPUT_UNKNOWN)
        return false;
    if (kind == INPUT_PICTURE)
        return picture_sample(file, &s->model->input, in, p);
    if (!input_samples(kind, file, &s->model->input, &samples, p))
        return false;
    bool ok = samples.count >= s->options->batch;
    if (ok)
        memcpy(in, samples.values, (size_t)(s->options->batch * s->in) * sizeof *in);
    else
        problem(p, "%s: expected at least --batch %d samples, found %" PRId64, file->name,
                s->options->batch, samples.count);
    samples_release(&samples);
    return ok;
}

static bool fill_from_file(Session *s, float *in, Problem *p) {
    Bytes file;
    if (!bytes_open(&file, s->options->inputs[0], p))
        return false;
    bool ok = read_samples(s, &file, in, p);
    bytes_close(&file);
    return ok;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Fills times; returns how many runs there were. */
static int measure(Session *s, const float *in, float *out, double *times) {
    int n = 0, wanted = s->options->runs;
    double begin = session_clock(), now = begin;
    do {
        double before = now;
        session_run(s, in, out, s->options->batch);
        now = session_clock();
        times[n++] = now - before;
    } while (n < RUNS_MOST && (wanted ? n < wanted : n < RUNS_LEAST || now - begin < 1));
    return n;
}

static void report(const Session *s, double *times, int n) {
    qsort(times, (size_t)n, sizeof *times, ascending);
    double median = (times[(n - 1) / 2] + times[n / 2]) / 2, flops = 0;
    int batch = s->options->batch;
    for (uint32_t i = 0; i < s->model->nsteps; i++)
        flops += s->model->steps[i].flops * batch;
    printf("model       %s\n", s->model->name);
    printf("batch       %d\n", batch);
    printf("threads     %d\n", s->threads);
    printf("runs        %d\n", n);
    printf("median      %.3f us\n", median * 1e6);
    printf("minimum     %.3f us\n", times[0] * 1e6);
    printf("per sample  %.3f us\n", median * 1e6 / batch);
    printf("speed       %.1f GFLOP/s\n", flops / median * 1e-9);
}

/* One run first to bring weights and code into memory; it is not counted. */
static void warm_up(Session *s, const float *in, float *out) {
    double *steps = s->step_seconds;
    s->step_seconds = NULL;
    session_run(s, in, out, s->options->batch);
    s->step_seconds = steps;
    s->seconds = 0;
    s->samples = 0;
}

bool bench(Session *s, Problem *p) {
    float *in = session_floats(s->options->batch, s->in, p);
    float *out = session_floats(s->options->batch, s->out, p);
    double *times = malloc(RUNS_MOST * sizeof *times);
    bool ok = in && out && (times || problem(p, "not enough memory"));
    if (ok)
        fill_random(in, s->options->batch * s->in);
    if (ok && s->options->ninputs)
        ok = fill_from_file(s, in, p);
    if (ok) {
        warm_up(s, in, out);
        report(s, times, measure(s, in, out, times));
    }
    free(in);
    free(out);
    free(times);
    return ok;
}
