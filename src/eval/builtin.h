/* Functions that the language brings along: len, range, list.append, keras.activations.relu. */
#ifndef BUILTIN_H
#define BUILTIN_H

#include "class.h"

typedef struct Eval Eval; /* eval.h */

typedef struct Expr Expr; /* ast.h */

typedef struct Call {
    CallArgs args;
    Span callee;       /* the name that is called */
    Span span;         /* the whole call */
    const Expr *first; /* the first argument as it is written; NULL: there is none in the source */
} Call;

typedef struct Builtin {
    const char *name; /* "len", "append" */
    Value self;       /* what a method is bound to; unknown for functions */
    Value (*call)(Eval *e, const struct Builtin *b, const Call *call); /* NULL: not yet supported */
    const char *activation; /* the activation that it is, or NULL */
    bool takes_unknown;     /* else a call with an unknown argument is unknown */
} Builtin;

#endif
