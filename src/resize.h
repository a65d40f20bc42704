/* Resizing along one axis is a small weighted sum: which cells of the input, with which weights.
 * The interpreter and the code generator both read it from here. */
#ifndef RESIZE_H
#define RESIZE_H

#include "op.h"

/* Output cell i is the sum of weight[i * taps + k] * input[start[i] + k] for k < taps; all cells
 * read exist. */
typedef struct ResizeAxis {
    int taps;
    int64_t *start;
    float *weight;
} ResizeAxis;

ResizeAxis resize_axis(Arena *a, ResizeKind kind, int64_t in, int64_t out);

#endif
