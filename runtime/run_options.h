/* The command line of a built binary. SPDX-License-Identifier: 0BSD */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include "problem.h"

#include <stdio.h>

typedef struct RunOptions {
    const char **inputs; /* files, folders, "-" */
    int ninputs;
    const char *input_format; /* NULL: told by content and name */
    const char *output;       /* NULL: text on standard output */
    const char *output_format;
    const char *labels;
    int threads; /* 0: as many as there are cores */
    int top;     /* 0: not asked for */
    int batch;   /* of --bench */
    int runs;    /* of --bench; 0: about a second */
    double scale, offset;
    bool bench, profile, time, summary, help, version;
} RunOptions;

/* inputs is the caller's, with room for argc pointers. False: misuse of the command line. */
bool run_options_parse(RunOptions *o, const char **inputs, int threads, int argc, char **argv,
                       Problem *p);
void run_options_help(const char *program, FILE *out);

#endif
