/* Where results go: a file, or lines of text on standard output. SPDX-License-Identifier: 0BSD */
#ifndef RESULTS_H
#define RESULTS_H

#include "labels.h"
#include "run_options.h"
#include "samples.h"

typedef enum ResultsKind {
    RESULTS_TOP,
    RESULTS_PREVIEW, /* numbers for a terminal, the most of them left out */
    RESULTS_CSV,
    RESULTS_RAW,
    RESULTS_NPY,
} ResultsKind;

typedef struct Results {
    const km_shape *shape;
    int64_t numel, count;
    ResultsKind kind;
    int top;
    Labels labels;
    const char *name; /* for messages */
    FILE *out;        /* what results_add writes to */
    FILE *final;      /* a pipe that `buffer` is copied to in the end; or NULL */
    char *buffer;
    size_t buffered;
    char *temporary; /* to be renamed to `name`; or NULL */
} Results;

/* pictures: the input is pictures, so that the best class of each is what one wants to see. */
bool results_open(Results *r, const km_shape *shape, const RunOptions *o, bool pictures,
                  Problem *p);

/* The next samples' outputs; names[i] is what line i of text calls its sample. */
bool results_add(Results *r, const float *values, int64_t count, char *const *names, Problem *p);

/* Completes the output, or removes what there is of it. */
bool results_finish(Results *r, Problem *p);
void results_abandon(Results *r);

#endif
