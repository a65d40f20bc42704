/* The system's compiler driver, which knows how to link. */
#ifndef TOOL_H
#define TOOL_H

#include "workdir.h"

typedef Vec(const char *) Words;

/* $CC, which may hold options, or cc. */
void tool_cc(Arena *a, Words *command);

/* Runs the command with its messages gathered in w. False after a diagnostic, which shows them;
 * d NULL: nobody wants to know. */
bool tool_run(Arena *a, const WorkDir *w, const Words *command, Diag *d);

#endif
