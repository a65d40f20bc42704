/* Files that appear complete or not at all: written beside their name, then renamed. */
#ifndef ATOMIC_FILE_H
#define ATOMIC_FILE_H

#include "diag.h"

typedef struct AtomicFile {
    const char *path, *temporary;
    FILE *out;
} AtomicFile;

/* False after a diagnostic. */
bool atomic_open(AtomicFile *f, Arena *a, const char *path, Diag *d);

/* Gives the file its name; false after a diagnostic, and nothing is left behind. */
bool atomic_commit(AtomicFile *f, Diag *d);

/* Throws away what was written. */
void atomic_abort(AtomicFile *f);

/* Aborts with the error that `why` (an errno) stands for; false. */
bool atomic_fail(AtomicFile *f, int why, Diag *d);

#endif
