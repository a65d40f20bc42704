/* Object code + weights + runtime -> executable, library or a single object. */
#ifndef LINK_H
#define LINK_H

#include "codegen/codegen.h"

typedef enum LinkKind { LINK_EXE, LINK_STATIC, LINK_SHARED, LINK_OBJECT } LinkKind;

typedef struct LinkOptions {
    LinkKind kind;
    const char *symbol;       /* as the object was made with */
    const char *path;         /* what to write */
    const char *header;       /* all but executables: the C header to write; NULL: none */
    const char *weights_file; /* executables: weights go there instead; NULL: into the binary */
    int threads;              /* executables: default of --threads */
} LinkOptions;

/* Writes everything atomically. The weights are streamed, page-aligned and read-only. False after a
 * diagnostic. */
bool link_output(Arena *a, const Plan *p, const CodegenResult *object, const LinkOptions *options,
                 Diag *d);

/* header.c: the C header of a library. */
void header_write(const Plan *p, const char *symbol, FILE *out);

/* A C identifier made of a file's name: "out/my-net.v2" -> "my_net". */
const char *link_symbol(Arena *a, const char *path);

#endif
