/* What went wrong, as one line for the user. SPDX-License-Identifier: 0BSD */
#ifndef PROBLEM_H
#define PROBLEM_H

#include <stdbool.h>

typedef struct Problem {
    char text[512];
} Problem;

/* Sets the line and returns false, so that a reader can `return problem(p, ...)`. */
bool problem(Problem *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
