/* What the two styles of model.summary() share. Private to this folder. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "model.h"

enum { SUMMARY_COLUMNS_MAX = 5 };

typedef struct Summary {
    Arena *arena; /* for the text of one summary */
    const Model *model;
    const SummaryOptions *options;
    FILE *out;
    bool linear;        /* every layer reads the one before: no "Connected to" */
    size_t first, last; /* model->layers[first .. last) are shown */
} Summary;

char *summary_grouped(Arena *a, int64_t n); /* "94,538" */

/* "conv2d[0][0]" for every tensor that the layer reads. */
typedef Vec(const char *) Connections;
Connections summary_connections(const Summary *s, const Layer *l);

bool summary_keras2(Summary *s, const char **error); /* plain.c */
bool summary_keras3(Summary *s, const char **error); /* rich.c */

#endif
