/* kmodel verify FILE: compiled code against the reference interpreter, and against outputs that
 * Keras has recorded. */
#include "code_options.h"

#include "lower.h"

#include "input.h"
#include "km.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_SAMPLES = 4 };

typedef struct Verify {
    Compile *c;
    const char *input, *expected, *against; /* files; "interp" */
    double tolerance;
    int threads;
    Loaded loaded;
    const float *in;
    float *out;
    int64_t count; /* samples */
} Verify;

static bool take_tolerance(void *user, const char *value) {
    char *end;
    *(double *)user = strtod(value, &end);
    return end > value && !*end && *(double *)user >= 0;
}

/* Samples of a file, copied to the arena. NULL after a diagnostic. */
static const float *read_samples(Verify *v, const char *path, const km_shape *shape,
                                 int64_t *count) {
    Bytes file;
    Samples samples;
    Problem p;
    RunOptions by_content = {0};
    float *copy = NULL;
    if (!bytes_open(&file, path, &p)) {
        diag_error(v->c->diag, DIAG_unreadable_samples, SPAN_NONE, "%s", p.text);
        return NULL;
    }
    InputKind kind = input_kind(&file, &by_content, &p);
    if (kind == INPUT_PICTURE)
        problem(&p, "%s: pictures are not compared; expected .npy, .csv or .f32", path);
    if (kind != INPUT_UNKNOWN && kind != INPUT_PICTURE &&
        input_samples(kind, &file, shape, &samples, &p)) {
        size_t n = (size_t)(samples.count * shape_count(shape));
        copy = arena_array(v->c->arena, n + 1, sizeof *copy);
        memcpy(copy, samples.values, n * sizeof *copy);
        *count = samples.count;
        samples_release(&samples);
    }
    bytes_close(&file);
    if (!copy)
        diag_error(v->c->diag, DIAG_unreadable_samples, SPAN_NONE, "%s", p.text);
    return copy;
}

/* Numbers from -1 to 1, the same every time. */
static const float *random_samples(Verify *v, int64_t numel) {
    float *at = arena_array(v->c->arena, (size_t)(numel * RANDOM_SAMPLES), sizeof *at);
    uint32_t state = 1;
    for (int64_t i = 0; i < numel * RANDOM_SAMPLES; i++) {
        state = state * 1664525 + 1013904223;
        at[i] = (float)(state >> 8) * 0x1p-23f - 1;
    }
    v->count = RANDOM_SAMPLES;
    return at;
}

static bool run_compiled(Verify *v) {
    const km_model *m = v->loaded.model;
    int64_t out = shape_count(&m->output);
    v->out = arena_array(v->c->arena, (size_t)(v->count * out) + 1, sizeof *v->out);
    size_t bytes = km_workspace_bytes(m, v->threads);
    void *workspace = aligned_alloc(64, bytes);
    km_pool *pool = v->threads > 1 ? km_pool_new(v->threads) : NULL;
    if (workspace)
        km_run(m, v->loaded.weights, v->in, v->out, (size_t)v->count, workspace, pool, NULL);
    else
        diag_error(v->c->diag, DIAG_unreadable_samples, SPAN_NONE,
                   "there is not enough memory for %zu bytes of workspace", bytes);
    km_pool_free(pool);
    free(workspace);
    return workspace != NULL;
}

/* Compares and prints one line. Errors count in the scale of the outputs: of the largest one that
 * is expected. */
static void compare(Verify *v, const char *with, const float *expected) {
    int64_t numel = shape_count(&v->loaded.model->output), n = v->count * numel, worst = 0;
    double scale = 0, error = 0;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(expected[i]))
            scale = fmax(scale, fabs((double)expected[i]));
    for (int64_t i = 0; i < n; i++) {
        bool same = v->out[i] == expected[i] || (isnan(v->out[i]) && isnan(expected[i]));
        double e = same ? 0 : fabs((double)v->out[i] - expected[i]) / (scale > 0 ? scale : 1);
        if (!(e <= error)) { /* NaN where none is expected counts, too */
            error = isnan(e) ? INFINITY : e;
            worst = i;
        }
    }
    printf("%-12s %lld samples, max error %.2e of the outputs' scale %.4g\n", with,
           (long long)v->count, error, scale);
    if (error <= v->tolerance)
        return;
    diag_error(v->c->diag, DIAG_outputs_differ, SPAN_NONE,
               "the compiled code's outputs differ from those of %s by %.2e, more than %.2e", with,
               error, v->tolerance);
    diag_note(v->c->diag, SPAN_NONE, "sample %lld, element %lld: expected %.9g, found %.9g",
              (long long)(worst / numel), (long long)(worst % numel), (double)expected[worst],
              (double)v->out[worst]);
}

static bool against_file(Verify *v) {
    int64_t count = 0;
    const float *expected = read_samples(v, v->expected, &v->loaded.model->output, &count);
    if (!expected)
        return false;
    if (count != v->count)
        return diag_error(v->c->diag, DIAG_unreadable_samples, SPAN_NONE,
                          "%s: expected outputs of %lld samples, found %lld", v->expected,
                          (long long)v->count, (long long)count);
    compare(v, v->expected, expected);
    return true;
}

/* Of the ops as lowered: folding and fusing are what is to be verified. */
static bool against_interpreter(Verify *v) {
    const km_model *m = v->loaded.model;
    int64_t in = shape_count(&m->input), out = shape_count(&m->output);
    const Ops *ops = lower(v->c->arena, v->c->model, v->c->diag);
    if (!ops)
        return false;
    float *expected = arena_array(v->c->arena, (size_t)(v->count * out) + 1, sizeof *expected);
    for (int64_t i = 0; i < v->count; i++)
        interp_run(ops, v->in + i * in, expected + i * out);
    compare(v, "interpreter", expected);
    return true;
}

static bool verify(Verify *v, const char *path) {
    if (!code_load(v->c, path, &v->loaded))
        return false;
    const km_shape *shape = &v->loaded.model->input;
    v->in = v->input ? read_samples(v, v->input, shape, &v->count)
                     : random_samples(v, shape_count(shape));
    return v->in && run_compiled(v) && (!v->expected || against_file(v)) &&
           ((v->expected && !v->against) || against_interpreter(v));
}

int command_verify(int argc, char **argv) {
    static const char *const references[] = {"interp", NULL};
    Verify v = {.tolerance = 1e-5, .threads = 1};
    CompileOptions options;
    CommonOptions common = {0};
    Option table[NCODE_OPTIONS + 5] = {
        {"--input", "FILE", "samples: .npy, .csv or .f32; random ones", .text = &v.input},
        {"--expected", "FILE", "what Keras gave for them", .text = &v.expected},
        {"--against", "interp", "compare with the reference interpreter; without --expected, too",
         .text = &v.against, .choices = references},
        {"--tolerance", "X", "the largest error that is fine; 1e-5", .take = take_tolerance,
         .user = &v.tolerance},
        {"--threads", "N", "threads to run on; 1", .number = &v.threads},
    };
    code_options(&options, table + 5);
    int code = options_parse(&argc, argv, table, COUNT_OF(table), 1, 1, &common);
    if (code != OPTIONS_FINE)
        return code;
    if (v.expected && !v.input)
        return usage_error(argv[0], "--expected needs --input");
    if (v.threads < 1 || v.threads > 1024)
        return usage_error(argv[0], "--threads is from 1 to 1024, not %d", v.threads);

    Compile c;
    compile_init(&c, &options);
    diag_set_format(c.diag, common.format, common.color);
    v.c = &c;
    verify(&v, argv[1]);
    code_unload(&v.loaded);
    return command_end(&c);
}
