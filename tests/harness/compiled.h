/* A graph of ops, planned, compiled and loaded: what `kmodel run` does to a model. */
#ifndef COMPILED_H
#define COMPILED_H

#include "codegen/codegen.h"

typedef struct Compiled Compiled;

/* Ends the process with the diagnostics if a stage refuses. */
Compiled *compiled_new(const Ops *g, const Target *target, MathMode math, int opt_level);
void compiled_free(Compiled *c);

/* All steps over one sample, thread after thread. Each buffer ends where readable memory does, and
 * the process ends if anything before or behind what may be written was. */
void compiled_run(const Compiled *c, const float *in, float *out, int threads);

/* Seconds of the fastest of n runs with one thread. */
double compiled_time(const Compiled *c, int n);

#endif
