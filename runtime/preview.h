/* A large array for a reader at a terminal. SPDX-License-Identifier: 0BSD */
#ifndef PREVIEW_H
#define PREVIEW_H

#include "km.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* More numbers than anybody reads, as NumPy counts: over a thousand. */
bool preview_wanted(int64_t numel);

/* The first and last three of every axis that is longer than six, in NumPy's brackets. */
void preview_print(const km_shape *shape, const float *values, FILE *out);

#endif
