/* A private folder for the files of one link, beside what is made so that results can be renamed
 * into place. */
#ifndef WORKDIR_H
#define WORKDIR_H

#include "diag.h"

#include <signal.h>

typedef struct WorkDir {
    const char *path;
    sigset_t blocked; /* the signal mask before */
} WorkDir;

/* Interrupts wait until workdir_close, so that the folder is removed even then; tools that are run
 * meanwhile do get them. False after a diagnostic. */
bool workdir_open(Arena *a, WorkDir *w, const char *output, Diag *d);
void workdir_close(Arena *a, WorkDir *w);

/* Does an interrupt wait, so that there is no use in going on? */
bool workdir_interrupted(void);

const char *workdir_file(Arena *a, const WorkDir *w, const char *name);

/* Renames the folder's file `name` to path. */
bool workdir_publish(Arena *a, const WorkDir *w, const char *name, const char *path, Diag *d);

#endif
