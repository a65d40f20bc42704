/* What diag.c collects and text.c, json.c print. */
#ifndef DIAG_INTERNAL_H
#define DIAG_INTERNAL_H

#include "diag.h"

typedef struct DiagNote {
    const Source *source; /* NULL: no place */
    Span span;
    const char *text;
} DiagNote;

typedef struct Diagnostic {
    DiagCode code;
    bool is_error;
    const Source *source; /* NULL: only a path, or nothing */
    const char *path;     /* of a file that is not the source; else NULL */
    const char *what;     /* in that file: "layer 'dense'"; NULL */
    Span span;
    const char *message;
    const char *label; /* beside the carets; NULL */
    Vec(DiagNote) notes;
    Vec(const char *) helps;
} Diagnostic;

void diag_print_text(const Diagnostic *g, bool color, FILE *out);
void diag_print_json(const Diagnostic *g, FILE *out);

#endif
