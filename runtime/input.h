/* What the user named as input, as single files. SPDX-License-Identifier: 0BSD */
#ifndef INPUT_H
#define INPUT_H

#include "run_options.h"
#include "samples.h"

typedef struct Inputs {
    char **paths;
    size_t count;
} Inputs;

/* Folders are replaced by the pictures in them, sorted by name. */
bool inputs_list(Inputs *in, const RunOptions *o, Problem *p);
void inputs_release(Inputs *in);

typedef enum InputKind { INPUT_UNKNOWN, INPUT_NPY, INPUT_CSV, INPUT_RAW, INPUT_PICTURE } InputKind;

/* By what the user said, else by the first bytes, else by the name. INPUT_UNKNOWN: a problem. */
InputKind input_kind(const Bytes *file, const RunOptions *o, Problem *p);

/* Any kind but a picture. */
bool input_samples(InputKind kind, const Bytes *file, const km_shape *shape, Samples *s,
                   Problem *p);

#endif
