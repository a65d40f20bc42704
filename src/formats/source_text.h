/* Values as the Python text that makes them: what source_write.c builds its calls of. */
#ifndef SOURCE_TEXT_H
#define SOURCE_TEXT_H

#include "layer.h"

/* One argument of a call as text; name NULL: positional. */
typedef struct SourceArg {
    const char *name, *text;
} SourceArg;

typedef struct SourceCall {
    const char *class;
    Vec(SourceArg) args;
} SourceCall;
typedef Vec(SourceCall) SourceCalls;

/* Which modules of keras the text needs: "initializers", "regularizers"; and which layers. */
typedef Vec(const char *) SourceNames;
typedef struct SourceUses {
    SourceNames modules, layers;
} SourceUses;

void source_use(Arena *a, SourceNames *names, const char *name);

/* The text of one argument's value. */
char *source_value(Arena *a, const ArgDef *arg, Value v, SourceUses *uses);

/* The arguments of an object or layer that differ from Keras's defaults; not name and dtype. */
SourceCall source_call(Arena *a, const Object *o, SourceUses *uses);

/* "Conv2D(32, (3, 3), activation='relu')"; broken into lines after 99 columns, the next ones below
 * the bracket, where `indent` columns stand before it. */
char *source_call_text(Arena *a, const SourceCall *call, int indent);

#endif
