/* A model ready to run: threads, memory, what has been measured. SPDX-License-Identifier: 0BSD */
#ifndef SESSION_H
#define SESSION_H

#include "km.h"
#include "run_options.h"
#include "samples.h"

typedef struct Session {
    const km_model *model;
    const km_launch *launch;
    const RunOptions *options;
    int threads;
    km_pool *pool;
    void *workspace;
    int64_t in, out;      /* numbers of one sample */
    double seconds;       /* in the model, so far */
    int64_t samples;      /* that it has run */
    double *step_seconds; /* of every step; NULL without --profile */
} Session;

bool session_open(Session *s, const km_model *model, const km_launch *launch, const RunOptions *o,
                  Problem *p);
void session_close(Session *s);

/* The model on count samples, counted and timed. */
void session_run(Session *s, const float *in, float *out, int64_t count);

/* Floats for n samples of `each`; NULL after a problem. */
float *session_floats(int64_t n, int64_t each, Problem *p);

double session_clock(void); /* seconds */

/* predict.c: all inputs, results written. */
bool predict(Session *s, Problem *p);

/* bench.c: the same samples again and again; prints to standard output. */
bool bench(Session *s, Problem *p);

/* profile.c: time of every layer so far. */
void profile_print(const Session *s, FILE *out);

#endif
