/* What the kinds of output share while one is made. */
#ifndef LINKING_H
#define LINKING_H

#include "elf_object.h"
#include "link.h"
#include "workdir.h"

typedef struct Link {
    Arena *arena;
    const Plan *plan;
    const CodegenResult *object;
    const LinkOptions *options;
    Diag *diag;
    WorkDir dir;  /* beside the output */
    WorkDir side; /* beside --weights-file, which may be on another file system */
    ElfMachine machine;
    const char *runtime; /* libkmruntime.a */
    uint64_t weights_id;
} Link;

bool linking_cannot_write(const Link *l, const char *path); /* errno says why; false */

/* Writes a file of the private folder by `write`, whose failure is errno's. path is what messages
 * are about. */
typedef bool LinkWriter(Link *l, FILE *out);
bool linking_make_file(Link *l, const WorkDir *dir, const char *name, LinkWriter *write,
                       const char *path);

bool linking_write_bytes(FILE *out, const void *bytes, size_t size);

/* The section and the symbol for the weights. */
ElfRoom linking_weights(const Link *l, const char *section);

/* A LinkWriter: the object with the weights, for those who link without kmodel. */
bool linking_write_weights(Link *l, FILE *out);
#define LINKING_SECTION ".rodata.km_weights"

/* Can weights of this size stand amid other read-only data, whose code reaches 2 GiB? False after
 * a diagnostic. */
bool linking_weights_fit(const Link *l);

bool library_make(Link *l); /* library.c: a static library */
bool driver_make(Link *l);  /* driver.c: all else */

#endif
