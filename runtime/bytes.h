/* The whole contents of a file or a pipe. SPDX-License-Identifier: 0BSD */
#ifndef BYTES_H
#define BYTES_H

#include "problem.h"

#include <stddef.h>

typedef struct Bytes {
    const char *name; /* for messages */
    const char *at;
    size_t size;
    bool mapped;
} Bytes;

/* Maps a regular file, reads anything else to its end. "-" is standard input. */
bool bytes_open(Bytes *b, const char *path, Problem *p);
void bytes_close(Bytes *b);

#endif
