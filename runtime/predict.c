/* Inputs to results. Arrays are run as they are; pictures are gathered, so that threads have whole
 * samples to take. SPDX-License-Identifier: 0BSD */
#include "input.h"
#include "results.h"
#include "session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 16 << 20, CHUNK_MOST = 256, NAME_MOST = 32 };

typedef struct Predict {
    Session *session;
    Results results;
    bool opened; /* results are */
    int64_t chunk;
    float *in, *out; /* of a chunk; in: pictures, or numbers that had to be scaled */
    char **names;    /* of a chunk */
    int64_t pending; /* pictures in `in` */
} Predict;

/* Samples that run at a time: enough for all threads, and a few megabytes. */
static int64_t chunk_size(const Session *s) {
    int64_t bytes = (s->in + s->out) * (int64_t)sizeof(float) + 1, n = CHUNK_BYTES / bytes;
    int64_t least = 2 * (int64_t)s->threads;
    return n < least ? least : n > CHUNK_MOST + least ? CHUNK_MOST + least : n;
}

static bool predict_open(Predict *q, Session *s, Problem *p) {
    *q = (Predict){.session = s, .chunk = chunk_size(s)};
    q->in = session_floats(q->chunk, s->in, p);
    q->out = session_floats(q->chunk, s->out, p);
    q->names = calloc((size_t)q->chunk, sizeof *q->names);
    return q->in && q->out && (q->names || problem(p, "not enough memory"));
}

static void predict_close(Predict *q) {
    if (q->opened)
        results_abandon(&q->results);
    for (int64_t i = 0; q->names && i < q->chunk; i++)
        free(q->names[i]);
    free(q->names);
    free(q->in);
    free(q->out);
}

/* "digits.npy[3]"; pictures have their file's name. */
static bool set_name(char **name, const char *file, int64_t index, Problem *p) {
    size_t size = strlen(file) + NAME_MOST;
    free(*name);
    *name = malloc(size);
    if (!*name)
        return problem(p, "not enough memory");
    if (index < 0)
        snprintf(*name, size, "%s", file);
    else
        snprintf(*name, size, "%s[%" PRId64 "]", file, index);
    return true;
}

/* The first input decides how text output looks. */
static bool open_results(Predict *q, bool pictures, Problem *p) {
    Session *s = q->session;
    if (q->opened)
        return true;
    q->opened = true;
    return results_open(&q->results, &s->model->output, s->options, pictures, p);
}

/* At most a chunk, named already. */
static bool run_chunk(Predict *q, const float *in, int64_t count, Problem *p) {
    const RunOptions *o = q->session->options;
    if (o->scale != 1 || o->offset != 0) {
        for (int64_t i = 0; i < count * q->session->in; i++)
            q->in[i] = (float)(in[i] * o->scale + o->offset);
        in = q->in;
    }
    session_run(q->session, in, q->out, count);
    return results_add(&q->results, q->out, count, q->names, p);
}

static bool flush_pictures(Predict *q, Problem *p) {
    int64_t count = q->pending;
    q->pending = 0;
    return !count || run_chunk(q, q->in, count, p);
}

static bool add_picture(Predict *q, const Bytes *file, Problem *p) {
    Session *s = q->session;
    if (!picture_sample(file, &s->model->input, q->in + q->pending * s->in, p) ||
        !set_name(&q->names[q->pending], file->name, -1, p))
        return false;
    q->pending++;
    return q->pending < q->chunk || flush_pictures(q, p);
}

static bool run_samples(Predict *q, const Bytes *file, const Samples *samples, Problem *p) {
    for (int64_t first = 0; first < samples->count; first += q->chunk) {
        int64_t left = samples->count - first, n = left < q->chunk ? left : q->chunk;
        for (int64_t i = 0; i < n && q->results.kind == RESULTS_TOP; i++)
            if (!set_name(&q->names[i], file->name, first + i, p))
                return false;
        if (!run_chunk(q, samples->values + first * q->session->in, n, p))
            return false;
    }
    return true;
}

static bool add_file(Predict *q, const Bytes *file, Problem *p) {
    InputKind kind = input_kind(file, q->session->options, p);
    if (kind == INPUT_UNKNOWN || !open_results(q, kind == INPUT_PICTURE, p))
        return false;
    if (kind == INPUT_PICTURE)
        return add_picture(q, file, p);
    Samples samples;
    if (!flush_pictures(q, p) || !input_samples(kind, file, &q->session->model->input, &samples, p))
        return false;
    bool ok = run_samples(q, file, &samples, p);
    samples_release(&samples);
    return ok;
}

static bool add_path(Predict *q, const char *path, Problem *p) {
    Bytes file;
    if (!bytes_open(&file, path, p))
        return false;
    bool ok = add_file(q, &file, p);
    bytes_close(&file);
    return ok;
}

static bool predict_all(Predict *q, const Inputs *inputs, Problem *p) {
    for (size_t i = 0; i < inputs->count; i++)
        if (!add_path(q, inputs->paths[i], p))
            return false;
    if (!flush_pictures(q, p))
        return false;
    q->opened = false;
    return results_finish(&q->results, p);
}

bool predict(Session *s, Problem *p) {
    Predict q = {0};
    Inputs inputs;
    bool ok = inputs_list(&inputs, s->options, p) && predict_open(&q, s, p) &&
              predict_all(&q, &inputs, p);
    predict_close(&q);
    inputs_release(&inputs);
    return ok;
}
