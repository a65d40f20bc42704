/* The arena: a list of blocks, each twice as large as the one before it. */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 << 10, LARGEST_BLOCK = 4 << 20, ALIGNMENT = alignof(max_align_t) };

typedef struct Block {
    struct Block *next;
    size_t used, size;
    alignas(ALIGNMENT) char bytes[];
} Block;

struct Arena {
    Block *blocks; /* the newest first: only it has room */
};

_Noreturn void arena_out_of_memory(void) {
    fputs("kmodel: out of memory\n", stderr);
    exit(3);
}

Arena *arena_new(void) {
    Arena *a = calloc(1, sizeof *a);
    if (!a)
        arena_out_of_memory();
    return a;
}

void arena_free(Arena *a) {
    if (!a)
        return;
    for (Block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static void add_block(Arena *a, size_t needed) {
    size_t size = a->blocks ? a->blocks->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < needed)
        size = needed;
    if (size > SIZE_MAX - sizeof(Block))
        arena_out_of_memory();
    Block *b = calloc(1, sizeof *b + size);
    if (!b)
        arena_out_of_memory();
    b->size = size;
    b->next = a->blocks;
    a->blocks = b;
}

void *arena_alloc(Arena *a, size_t size) {
    if (size > SIZE_MAX - ALIGNMENT)
        arena_out_of_memory();
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!a->blocks || a->blocks->size - a->blocks->used < size)
        add_block(a, size);
    void *p = a->blocks->bytes + a->blocks->used;
    a->blocks->used += size;
    return p;
}

void *arena_array(Arena *a, size_t n, size_t size) {
    if (size && n > SIZE_MAX / size)
        arena_out_of_memory();
    return arena_alloc(a, n * size);
}

char *arena_strndup(Arena *a, const char *text, size_t len) {
    char *copy = arena_alloc(a, len + 1);
    memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(Arena *a, const char *text) {
    return arena_strndup(a, text, strlen(text));
}

char *arena_vprintf(Arena *a, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(a, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(Arena *a, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}

void *arena_grow(Arena *a, void *old, size_t *capacity, size_t size) {
    size_t grown = *capacity ? *capacity * 2 : 8;
    void *p = arena_array(a, grown, size);
    if (old)
        memcpy(p, old, *capacity * size);
    *capacity = grown;
    return p;
}
