/* The options of every command that makes code: build, run, verify. */
#ifndef CODE_OPTIONS_H
#define CODE_OPTIONS_H

#include "options.h"

enum { NCODE_OPTIONS = 5 };

/* Sets *o to its defaults and fills the rows that change it. */
void code_options(CompileOptions *o, Option rows[NCODE_OPTIONS]);

/* Compiles into this process. */
typedef struct Loaded {
    Jit *jit;
    const struct km_model *model;
    char *weights; /* packed */
    size_t weights_bytes;
} Loaded;
bool code_load(Compile *c, const char *path, Loaded *l);
void code_unload(Loaded *l);

/* The text of model.summary(), for the binary's --summary. */
const char *code_summary(Compile *c);

#endif
