/* The line that says what went wrong. SPDX-License-Identifier: 0BSD */
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>

bool problem(Problem *p, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(p->text, sizeof p->text, format, args);
    va_end(args);
    for (char *c = p->text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) /* out of a hostile file or name */
            *c = '?';
    return false;
}
