/* The checker: evaluates a file while compiling. Ast -> Model: every layer built, every shape
 * known, every assert proved or refuted. */
#ifndef CHECK_H
#define CHECK_H

#include "ast.h"
#include "model.h"

/* What a file means. */
typedef struct Program {
    Model *model; /* the one that is compiled: `model`, else the only one, else the last made */
    const char *weights_path; /* of the last load_weights, as written; NULL */
    Span weights_span;
    int asserts_proved;
} Program;

typedef struct CheckOptions {
    FILE *out;              /* where print() and model.summary() go; NULL: nowhere */
    SummaryOptions summary; /* for model.summary() in the file */
} CheckOptions;

/* NULL only if there is no model to speak of; the verdict is diag_errors(d). */
Program *check(Arena *a, const Ast *ast, const CheckOptions *options, Namer *names, Diag *d);

#endif
