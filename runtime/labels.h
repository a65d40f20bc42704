/* Names for the model's outputs. SPDX-License-Identifier: 0BSD */
#ifndef LABELS_H
#define LABELS_H

#include "bytes.h"

#include <stdint.h>
#include <stdio.h>

typedef struct Labels {
    char *text;   /* NULL: no names, numbers are printed */
    char **lines; /* in text */
} Labels;

/* path may be NULL. The file has one name on a line, `count` in all. */
bool labels_read(Labels *l, const char *path, int64_t count, Problem *p);
void labels_release(Labels *l);

/* "\tLABEL\tVALUE" for each of the k greatest values, the greatest first; the first of equals. */
void labels_print_top(const Labels *l, const float *values, int64_t count, int k, FILE *out);

#endif
