/* Names as Keras gives them: conv2d, conv2d_1, ... one counter for each snake-case name. */
#include "model.h"

#include <ctype.h>
#include <string.h>

struct Namer {
    Arena *arena;
    Vec(struct Counter {
        const char *name;
        int next;
    }) counters;
};

Namer *namer_new(Arena *a) {
    Namer *n = arena_alloc(a, sizeof *n);
    n->arena = a;
    return n;
}

/* Keras's first substitution, (.)([A-Z][a-z]+) -> \1_\2: LeakyReLU -> Leaky_ReLU. */
static size_t part_words(const char *name, char *out) {
    size_t n = 0, len = strlen(name);
    for (size_t i = 0; i < len; i++) {
        out[n++] = name[i];
        if (i + 2 >= len || !isupper((unsigned char)name[i + 1]) ||
            !islower((unsigned char)name[i + 2]))
            continue;
        out[n++] = '_';
        out[n++] = name[++i];
        while (islower((unsigned char)name[i + 1]))
            out[n++] = name[++i];
    }
    return n;
}

/* The second, ([a-z])([A-Z]) -> \1_\2, lowered: Leaky_ReLU -> leaky_re_lu. */
static void part_capitals(const char *name, size_t len, char *out) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && islower((unsigned char)name[i - 1]) && isupper((unsigned char)name[i]))
            out[n++] = '_';
        out[n++] = (char)tolower((unsigned char)name[i]);
    }
}

char *snake_case(Arena *a, const char *class_name) {
    size_t size = 2 * strlen(class_name) + 1;
    char *words = arena_alloc(a, size), *snake = arena_alloc(a, 2 * size);
    part_capitals(words, part_words(class_name, words), snake);
    return snake;
}

const char *namer_next(Namer *n, const char *class_name) {
    char *name = snake_case(n->arena, class_name);
    for (size_t i = 0; i < n->counters.count; i++)
        if (strcmp(n->counters.at[i].name, name) == 0)
            return arena_printf(n->arena, "%s_%d", name, n->counters.at[i].next++);
    vec_push(n->arena, &n->counters, (struct Counter){name, 1});
    return name;
}

void namer_reset(Namer *n) {
    n->counters.count = 0;
}
