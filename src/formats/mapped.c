/* Files mapped read-only, and the cursors that read them. */
#include "mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Mapping {
    void *at;
    size_t size;
} Mapping;

struct Files {
    Arena *arena;
    Vec(Mapping) mappings;
    Vec(void *) blocks;
};

Files *files_new(Arena *a) {
    Files *f = arena_alloc(a, sizeof *f);
    f->arena = a;
    return f;
}

void files_close(Files *f) {
    if (!f)
        return;
    for (size_t i = 0; i < f->mappings.count; i++)
        munmap(f->mappings.at[i].at, f->mappings.at[i].size);
    for (size_t i = 0; i < f->blocks.count; i++)
        free(f->blocks.at[i]);
    f->mappings.count = f->blocks.count = 0;
}

Arena *files_arena(const Files *f) {
    return f->arena;
}

void *files_alloc(Files *f, uint64_t size) {
    void *block = size > SIZE_MAX / 2 ? NULL : calloc(1, size ? (size_t)size : 1);
    if (block)
        vec_push(f->arena, &f->blocks, block);
    return block;
}

void files_release(Files *f, void *block) {
    for (size_t i = f->blocks.count; i-- > 0;)
        if (f->blocks.at[i] == block) {
            free(block);
            f->blocks.at[i] = f->blocks.at[--f->blocks.count];
            return;
        }
}

static bool cannot_read(const char *path, Diag *d) {
    return diag_file_error(d, DIAG_cannot_read_file, path, "cannot read this file: %s",
                           strerror(errno));
}

/* Pipes and devices: what is looked at from several sides cannot flow past. */
static bool not_regular(const char *path, Diag *d) {
    diag_file_error(d, DIAG_cannot_read_file, path,
                    "cannot read this file: it is a pipe or a device");
    diag_help(d, "save it as a file first; the text of a model can also be given as '-', standard "
                 "input");
    return false;
}

static bool map_descriptor(Files *f, int fd, const char *path, View *out, Diag *d) {
    struct stat st;
    if (fstat(fd, &st))
        return cannot_read(path, d);
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return cannot_read(path, d);
    }
    if (!S_ISREG(st.st_mode))
        return not_regular(path, d);
    *out = (View){(const unsigned char *)"", 0};
    if (!st.st_size)
        return true;
    void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return cannot_read(path, d);
    vec_push(f->arena, &f->mappings, (Mapping){at, (size_t)st.st_size});
    *out = (View){at, (size_t)st.st_size};
    return true;
}

bool files_map(Files *f, const char *path, View *out, Diag *d) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return cannot_read(path, d);
    bool ok = map_descriptor(f, fd, path, out, d);
    close(fd);
    return ok;
}

bool view_slice(View v, uint64_t offset, uint64_t size, View *out) {
    if (offset > v.size || size > v.size - offset)
        return false;
    *out = (View){v.at + offset, (size_t)size};
    return true;
}

bool view_starts_with(View v, const char *text, size_t len) {
    return v.size >= len && !memcmp(v.at, text, len);
}

Cursor cursor_at(View v, uint64_t offset) {
    bool inside = offset <= v.size;
    return (Cursor){inside ? v.at + offset : v.at, inside ? v.at + v.size : v.at, !inside};
}

size_t cursor_left(const Cursor *c) {
    return (size_t)(c->end - c->at);
}

static View fail(Cursor *c) {
    c->failed = true;
    c->at = c->end; /* loops over what is left end */
    return (View){c->end, 0};
}

View cursor_take(Cursor *c, uint64_t size) {
    if (c->failed || size > cursor_left(c))
        return fail(c);
    View v = {c->at, (size_t)size};
    c->at += size;
    return v;
}

void cursor_skip(Cursor *c, uint64_t size) {
    cursor_take(c, size);
}

uint64_t cursor_uint(Cursor *c, int bytes) {
    View v = cursor_take(c, (uint64_t)bytes);
    uint64_t value = 0;
    for (size_t i = v.size; i-- > 0;)
        value = value << 8 | v.at[i];
    return value;
}

bool cursor_expect(Cursor *c, const char *text, size_t len) {
    View v = cursor_take(c, len);
    if (!view_starts_with(v, text, len))
        fail(c);
    return !c->failed;
}
