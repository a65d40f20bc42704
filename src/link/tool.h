/* The system's compiler driver, which knows how to link. */
#ifndef TOOL_H
#define TOOL_H

#include "workdir.h"

typedef Vec(const char *) Words;

/* $CC, which may hold options, or cc. */
void tool_cc(Arena *a, Words *command);

/* Is there a program of this name in $PATH? */
bool tool_exists(Arena *a, const char *name);

/* Runs the command with its messages gathered in w. False after a diagnostic, which shows them. */
bool tool_run(Arena *a, const WorkDir *w, const Words *command, Diag *d);

#endif
