/* An arena: memory that lives as long as one compilation and is freed all at once. */
#ifndef ARENA_H
#define ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *a);

/* Zeroed memory, aligned for any object. Never NULL: running out of memory ends the process. */
void *arena_alloc(Arena *a, size_t size);

/* Zeroed array of n elements; a product that overflows counts as running out of memory. */
void *arena_array(Arena *a, size_t n, size_t size);

/* A copy of text[0..len), NUL-terminated. */
char *arena_strndup(Arena *a, const char *text, size_t len);
char *arena_strdup(Arena *a, const char *text);

/* Says so and ends the process: the one place besides main.c that does, as there is nothing left to
 * report with. Also for the few who allocate beside arenas. */
_Noreturn void arena_out_of_memory(void);

/* printf into the arena. */
char *arena_printf(Arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *a, const char *format, va_list args);

/* A growable array of T whose storage belongs to an arena:
 *     Vec(int) v = {0};  vec_push(a, &v, 7);  v.at[0], v.count
 * A function that takes one names the type first: typedef Vec(Span) Spans; */
#define Vec(T)                                                                                     \
    struct {                                                                                       \
        T *at;                                                                                     \
        size_t count, capacity;                                                                    \
    }

#define vec_push(a, v, ...)                                                                        \
    ((v)->count == (v)->capacity                                                                   \
         ? (void)((v)->at = arena_grow((a), (v)->at, &(v)->capacity, sizeof *(v)->at))             \
         : (void)0,                                                                                \
     (void)((v)->at[(v)->count++] = (__VA_ARGS__)))

/* Doubles the storage of a Vec; for vec_push alone. */
void *arena_grow(Arena *a, void *old, size_t *capacity, size_t size);

/* sizeof of a whole constant table. */
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

#endif
