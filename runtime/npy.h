/* NumPy's .npy files. SPDX-License-Identifier: 0BSD */
#ifndef NPY_H
#define NPY_H

#include "bytes.h"

#include <stdint.h>

enum { NPY_MAX_RANK = 32, NPY_HEADER_MAX = 512 };

typedef struct NpyArray {
    char kind; /* 'f', 'i', 'u', 'b' */
    int size;  /* bytes of an element */
    bool big_endian, fortran_order;
    int rank;
    int64_t dim[NPY_MAX_RANK];
    int64_t count;             /* elements */
    const unsigned char *data; /* count * size bytes, in the file */
} NpyArray;

bool npy_is(const Bytes *file); /* by its first bytes */

/* Versions 1 to 3. Points into the file. */
bool npy_parse(const Bytes *file, NpyArray *a, Problem *p);

/* All elements as float32 in C order. */
void npy_convert(const NpyArray *a, float *out);

/* True if the data are what npy_convert would give, so that they can be used in place. */
bool npy_is_plain(const NpyArray *a);

/* The header of a float32 array of version 1; its length depends on dim[1..] alone. Returns the
 * length. */
int npy_header(char buffer[NPY_HEADER_MAX], const int64_t *dim, int rank);

#endif
