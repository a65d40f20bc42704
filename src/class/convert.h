/* One argument: from the value that was written to the form it is bound to. For class.c alone. */
#ifndef CLASS_CONVERT_H
#define CLASS_CONVERT_H

#include "class.h"

typedef struct Conversion {
    const ClassDef *class;
    const ArgDef *arg;
    Span span; /* of the value */
    Arena *arena;
    Diag *diag;
} Conversion;

/* False after a diagnostic, or, quietly, if v is unknown. */
bool convert_argument(const Conversion *c, Value v, Value *out);

/* Whether a bound value is within what this version supports (ArgDef.only_default); else a
 * diagnostic. */
bool argument_supported(const Conversion *c, Value bound);

/* ARG_INITIALIZER, ARG_REGULARIZER, ARG_CONSTRAINT, ARG_ACTIVATION, ARG_DTYPE (config.c) */
bool convert_config(const Conversion *c, const char *module, const char *noun, Value v, Value *out);
bool convert_activation(const Conversion *c, Value v, Value *out);
bool convert_dtype(const Conversion *c, Value v, Value *out);
bool convert_schedule(const Conversion *c, Value v, Value *out);

/* "'units' of Dense should be an int, but is 'x'" */
bool convert_error(const Conversion *c, Value v, const char *expected);

#endif
