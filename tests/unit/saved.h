/* What the tests of formats/ share: one compilation's memory, and the files of tests/formats/. */
#ifndef SAVED_H
#define SAVED_H

#include "formats/bind.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

typedef struct Saved {
    Arena *arena;
    Diag *diag;
    Files *files;
    Namer *names;
} Saved;

static inline Saved saved_begin(void) {
    Arena *a = arena_new();
    return (Saved){a, diag_new(a), files_new(a), namer_new(a)};
}

static inline void saved_end(Saved *s) {
    files_close(s->files);
    arena_free(s->arena);
}

static inline View saved_map(Saved *s, const char *path) {
    View v;
    cr_assert(files_map(s->files, path, &v, s->diag), "%s is missing", path);
    return v;
}

/* The diagnostics as text. */
static inline char *saved_text(Saved *s) {
    char *text = NULL, *copy;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    diag_flush(s->diag, out);
    fclose(out);
    copy = arena_strdup(s->arena, text);
    free(text);
    return copy;
}

static inline void saved_expect(Saved *s, const char *part) {
    char *text = saved_text(s);
    cr_expect(strstr(text, part), "expected '%s' in:\n%s", part, text);
}

#endif
