/* What the fuzz targets share: an arena, diagnostics and files for one input. */
#ifndef FUZZ_H
#define FUZZ_H

#include "formats/bind.h"

#include <stdlib.h>

typedef struct Fuzz {
    Arena *arena;
    Diag *diag;
    Files *files;
} Fuzz;

static inline Fuzz fuzz_begin(void) {
    Arena *a = arena_new();
    return (Fuzz){a, diag_new(a), files_new(a)};
}

static inline void fuzz_end(Fuzz *f) {
    files_close(f->files);
    arena_free(f->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
